"""What each service must know before it believes each event that it consumes: the table that the tests walk.

`LEADING` are the events of a service's world in order; of each, `free` names the members that have no ground: they
establish a fact of their own, or the service does not use them. Every other member must agree with what is known.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from applications_service.service import SERVICE as APPLICATIONS
from common.contracts.applications.applicants import ApplicantCorrected, ApplicantMerged, ApplicantRenamed
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationLapsed,
    ApplicationMoved,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DeadlineMoved,
    SupplementExtended,
    SupplementRequested,
    WithdrawalRequested,
)
from common.contracts.applications.calendars import CalendarPublished
from common.contracts.applications.contacts import ContactChanged
from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.applications.reminders import TermReminded
from common.contracts.applications.rounds import AcceptanceConcluded, RoundOpened
from common.contracts.applications.usccs import UsccExceptionAdmitted
from common.contracts.registry.brands import (
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandSuspended,
    BrandTookEffect,
)
from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.deliberations import ListConfirmed
from common.contracts.review.notices import NoticePublished
from common.contracts.review.objections import HearingMoved, HearingOpened
from common.contracts.review.rankings import ShortlistChanged, ShortlistProposed
from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from common.contracts.review.reminders import DeskReminded
from common.contracts.review.reviews import (
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    ReviewCompleted,
    ReviewOpened,
    WithdrawalSettled,
)
from common.kernel.event import Event
from common.service import Service
from notifications_service.service import SERVICE as NOTIFICATIONS
from registry_service.service import SERVICE as REGISTRY
from review_service.service import SERVICE as REVIEW
from support.casts.learned import CHANGES, of_applications, of_notifications, of_registry, of_review
from support.service.alone import Alone

BRAND_OWN: Final = (
    "year state recorded_at version_before version_after grounds reason document_number acting_body effective_on "
    "expired_on barred_until"
)
TITLE: Final = (
    "number year state recorded_at version_before version_after holder_name item granted_on effective_on valid_until "
    "document_number uscc_exception"
)
ITEM: Final = "programme_digest category scope trademark models"
"""Of a title, what is compared by those who know the content of its application."""


@dataclass(frozen=True)
class Believed:
    """One consumed event: the events before it, what becomes of it without each of them, and the free members.

    `without` maps each ground to `waits` or `aside`.
    """

    after: tuple[type[Event], ...] = ()
    without: Mapping[type[Event], str] = field(default_factory=dict)
    free: str = ""


@dataclass(frozen=True)
class World:
    """A service, its consumed events, and how to make them agree with one another in a running service."""

    service: Service
    events: Callable[[Alone], Awaitable[Mapping[type[Event], Event]]]
    believed: Mapping[type[Event], Believed]
    claims: frozenset[str] = frozenset()
    """Tables that hold what was said, not what is believed."""


RULES: Final = Believed(free="programme_id edition names.zh names.en")
ROUND: Final = Believed(
    after=(ProgrammePublished,),
    without={ProgrammePublished: "waits"},
    free="round_id year programme_id opens_at closes_at recommendation_closes_at acceptance_closes_at",
)
ACCEPTED: Final = Believed(
    after=(ProgrammePublished, RoundOpened),
    without={ProgrammePublished: "waits", RoundOpened: "waits"},
    free="accepted_at recommenders uscc_exception",
)
TURN: Final = Believed(
    after=(ApplicationSubmitted,),
    without={ApplicationSubmitted: "aside"},
    free="reason reasons chain_stage agency recommended_at due_on requested_at uscc_exception "
    "clock due_on_before due_on_after",
)
OF_BRAND: Final[tuple[type[Event], ...]] = (*CHANGES, BrandTookEffect, BrandExpired)

WORLDS: Final[dict[str, World]] = {
    "registry": World(
        REGISTRY,
        of_registry,
        {
            ProgrammePublished: RULES,
            RoundOpened: ROUND,
            ApplicationAccepted: ACCEPTED,
            ListConfirmed: Believed(
                after=(ProgrammePublished, RoundOpened),
                without={RoundOpened: "waits"},
                free="deliberation_id ranking_id",
            ),
            AnnouncementPublished: Believed(
                after=(ProgrammePublished, RoundOpened, ListConfirmed),
                without={RoundOpened: "waits", ListConfirmed: "waits"},
                free="announcement_id document_number effective_on items.applicant_name items.item",
            ),
            ReviewCompleted: Believed(
                after=(ProgrammePublished, RoundOpened, ApplicationAccepted, ListConfirmed, AnnouncementPublished),
                without=dict.fromkeys(
                    (ProgrammePublished, RoundOpened, ApplicationAccepted, ListConfirmed, AnnouncementPublished),
                    "waits",
                ),
                free="review_id reasons recommenders uscc_exception",
            ),
        },
        claims=frozenset({"registrations"}),
    ),
    "review": World(
        REVIEW,
        of_review,
        {
            ProgrammePublished: RULES,
            RoundOpened: ROUND,
            ApplicationAccepted: ACCEPTED,
            AcceptanceConcluded: Believed(
                after=(ProgrammePublished, RoundOpened),
                without={RoundOpened: "aside"},
                free="accepted_count accepted_digest concluded_at",
            ),
            CalendarPublished: Believed(
                free="calendar_id year edition document_number holidays.on holidays.zh holidays.en workdays"
            ),
            UsccExceptionAdmitted: Believed(free="uscc reason agency admitted_at"),
            ApplicantMerged: Believed(
                free="applicant_id applicant uscc division into_id into changed_on document agency recorded_at"
            ),
            WithdrawalRequested: Believed(
                after=(ProgrammePublished, RoundOpened, ApplicationAccepted),
                without={ApplicationAccepted: "aside"},
                free="reason requested_at uscc_exception",
            ),
            BrandRegistered: Believed(
                after=(ProgrammePublished, RoundOpened, ApplicationAccepted),
                without={ApplicationAccepted: "aside"},
                free=f"brand_id {TITLE}",
            ),
            **{
                kind: Believed(
                    after=(ProgrammePublished, RoundOpened, ApplicationAccepted, BrandRegistered, *before),
                    without={} if before else {BrandRegistered: "aside"},
                    free=BRAND_OWN,
                )
                for kind in OF_BRAND
                for before in [(BrandSuspended,) if kind in {BrandReinstated, BrandTookEffect} else ()]
            },
        },
    ),
    "applications": World(
        APPLICATIONS,
        of_applications,
        {
            ReviewOpened: Believed(free="review_id"),
            PanelDrawn: Believed(free="review_id draw_id size vacant due_on readers"),
            PanelChanged: Believed(free="review_id cause size vacant readers"),
            PanelDissolved: Believed(after=(PanelDrawn,), free="review_id reason"),
            WithdrawalSettled: Believed(free="review_id outcome concluded_as reason"),
            ShortlistProposed: Believed(free="ranking_id quota items.review_id items.rank items.admitted"),
            ShortlistChanged: Believed(free="ranking_id list_version change review_id rank ground veto_rule reason"),
            RecusalDeclared: Believed(free="recusal_id person applicant"),
            RecusalLifted: Believed(after=(RecusalDeclared,), without={RecusalDeclared: "aside"}, free="recusal_id"),
            NoticePublished: Believed(
                free="notice_id year opens_on closes_on estimated supplementary items.applicant_name items.item"
            ),
            ReviewCompleted: Believed(
                free="review_id outcome rank reasons announcement_id applicant_name recommenders registration "
                "uscc_exception"
            ),
            BrandRegistered: Believed(
                after=(ReviewCompleted,), without={ReviewCompleted: "waits"}, free=f"brand_id {TITLE}"
            ),
            **{
                kind: Believed(
                    after=(ReviewCompleted, BrandRegistered),
                    without={BrandRegistered: "aside", ReviewCompleted: "waits"},
                    free=f"brand_id {BRAND_OWN}",
                )
                for kind in OF_BRAND
            },
        },
    ),
    "notifications": World(
        NOTIFICATIONS,
        of_notifications,
        {
            ApplicationSubmitted: Believed(
                free="application_id round_id honour applicant_id applicant division digest receipt_number "
                "submitted_at snapshot contact.name contact.email contact.phone contact.named_at uscc_exception"
            ),
            ApplicantCorrected: Believed(
                free="applicant_id applicant uscc division name name_before division_before agency reason corrected_at"
            ),
            ApplicantRenamed: Believed(
                free="applicant_id applicant uscc division name name_before changed_on document agency recorded_at"
            ),
            ApplicantMerged: Believed(
                free="applicant_id applicant uscc division into_id into changed_on document agency recorded_at"
            ),
            ContactChanged: Believed(
                free="contact_id applicant contact.name contact.email contact.phone contact.named_at"
            ),
            **dict.fromkeys(
                (
                    ApplicationReturned,
                    ApplicationRecommended,
                    SupplementRequested,
                    SupplementExtended,
                    ApplicationRejected,
                    ApplicationLapsed,
                    DeadlineMoved,
                    ApplicationWithdrawn,
                    WithdrawalRequested,
                ),
                TURN,
            ),
            DeskReminded: Believed(free="reminder_id kind about_id clock due_on overdue recipients"),
            ApplicationMoved: Believed(
                after=(ApplicationSubmitted,),
                without={ApplicationSubmitted: "aside"},
                free="division agency digest reason moved_at uscc_exception",
            ),
            TermReminded: Believed(free="reminder_id application_id round_id honour clock due_on overdue recipients"),
            WithdrawalSettled: Believed(
                after=(ApplicationSubmitted, ApplicationAccepted),
                without={ApplicationAccepted: "waits"},
                free="review_id outcome concluded_as reason",
            ),
            ApplicationAccepted: Believed(
                after=(ApplicationSubmitted,),
                without={ApplicationSubmitted: "aside"},
                free="digest programme_digest edition accepted_at recommenders snapshot uscc_exception",
            ),
            HearingOpened: Believed(
                after=(ApplicationSubmitted, ApplicationAccepted),
                without={ApplicationAccepted: "waits"},
                free="objection_id notice_id review_id question due_on",
            ),
            HearingMoved: Believed(
                after=(ApplicationSubmitted, ApplicationAccepted),
                without={ApplicationAccepted: "waits"},
                free="objection_id notice_id review_id due_on_before due_on_after",
            ),
            ReviewCompleted: Believed(
                after=(ApplicationSubmitted, ApplicationAccepted),
                without={ApplicationAccepted: "waits"},
                free="review_id outcome rank reasons announcement_id applicant_name uscc registration uscc_exception",
            ),
            BrandRegistered: Believed(
                after=(ApplicationSubmitted, ApplicationAccepted, ReviewCompleted),
                without={ApplicationAccepted: "waits", ReviewCompleted: "waits"},
                free=f"brand_id uscc {TITLE} {ITEM}",
            ),
            **{
                kind: Believed(
                    after=(ApplicationSubmitted, ApplicationAccepted, ReviewCompleted, BrandRegistered),
                    without={ReviewCompleted: "waits", BrandRegistered: "aside"},
                    free=f"number uscc {BRAND_OWN}",
                )
                for kind in OF_BRAND
            },
        },
    ),
}
