"""The parts of the applications service."""

from datetime import timedelta

from applications_service.intake.acceptances import routes as rounds
from applications_service.intake.applicants.refusals import ApplicantAlreadyRegistered
from applications_service.intake.applications import reactions
from applications_service.intake.changes import routes as applicants
from applications_service.intake.deadlines import routes as deadlines
from applications_service.intake.exceptions import routes as exceptions
from applications_service.intake.exceptions.refusals import UsccExceptionExists
from applications_service.intake.recommendations import routes as recommendations
from applications_service.intake.recusals import reactions as recusing
from applications_service.intake.reminders.commands import (
    end_drafts_of_closed_rounds,
    follow_terms,
    move_up_after_window,
)
from applications_service.rules.agencies import routes as agencies
from applications_service.rules.agencies.refusals import AgencyCodeTaken
from applications_service.rules.divisions import routes as divisions
from applications_service.rules.programmes import routes as programmes
from applications_service.rules.programmes.refusals import ProgrammeUnchanged
from applications_service.rules.rounds.commands import close_when_due
from applications_service.rules.rounds.refusals import RoundExists
from applications_service.tables import METADATA, RECORDS
from common.contracts.registry.brands import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandTookEffect,
    BrandWarned,
)
from common.contracts.review.notices import NoticePublished
from common.contracts.review.rankings import ShortlistChanged, ShortlistProposed
from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from common.contracts.review.reviews import (
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    ReviewCompleted,
    ReviewOpened,
    WithdrawalSettled,
)
from common.service import Job, Service, in_one_transaction
from common.web import me

_EVERY = timedelta(seconds=5)

SERVICE = Service(
    name="applications",
    package="applications_service",
    metadata=METADATA,
    records=RECORDS,
    routers=(
        agencies.router,
        divisions.router,
        deadlines.calendars,
        programmes.router,
        rounds.router,
        exceptions.router,
        applicants.router,
        deadlines.applications,
        recommendations.router,
        me.router,
    ),
    consumes={
        ReviewOpened: reactions.advance_when_review_opens,
        PanelDrawn: reactions.open_to_panel_when_drawn,
        PanelChanged: reactions.open_to_panel_when_drawn,
        PanelDissolved: reactions.close_to_panel_when_dissolved,
        ShortlistProposed: reactions.advance_when_shortlisted,
        ShortlistChanged: reactions.advance_when_shortlist_changes,
        NoticePublished: reactions.advance_when_on_notice,
        ReviewCompleted: reactions.advance_when_review_completes,
        WithdrawalSettled: reactions.settle_withdrawal_when_answered,
        RecusalDeclared: recusing.bind_when_declared,
        RecusalLifted: recusing.release_when_lifted,
        BrandRegistered: reactions.advance_when_registered,
        BrandTookEffect: reactions.advance_when_brand_changes,
        BrandWarned: reactions.advance_when_brand_changes,
        BrandSuspended: reactions.advance_when_brand_changes,
        BrandReinstated: reactions.advance_when_brand_changes,
        BrandRevoked: reactions.advance_when_brand_changes,
        BrandCancelled: reactions.advance_when_brand_changes,
        BrandExpired: reactions.advance_when_brand_changes,
    },
    projects={
        "standing": {
            BrandRegistered: reactions.learn_title_when_registered,
            BrandTookEffect: reactions.follow_title_when_brand_changes,
            BrandWarned: reactions.follow_title_when_brand_changes,
            BrandSuspended: reactions.follow_title_when_brand_changes,
            BrandReinstated: reactions.follow_title_when_brand_changes,
            BrandRevoked: reactions.follow_title_when_brand_changes,
            BrandCancelled: reactions.follow_title_when_brand_changes,
            BrandExpired: reactions.follow_title_when_brand_changes,
        },
    },
    jobs=(
        Job(name="closing", every=_EVERY, run=in_one_transaction(close_when_due)),
        Job(name="drafts", every=_EVERY, run=in_one_transaction(end_drafts_of_closed_rounds)),
        Job(name="window", every=_EVERY, run=in_one_transaction(move_up_after_window)),
        Job(name="terms", every=_EVERY, run=in_one_transaction(follow_terms)),
    ),
    named_errors={
        "pk_agencies": AgencyCodeTaken,
        "uq_agencies_code_key": AgencyCodeTaken,
        "uq_applicants_org_key": ApplicantAlreadyRegistered,
        "uq_programmes_digest": ProgrammeUnchanged,
        "uq_rounds_honour_year": RoundExists,
        "pk_uscc_exceptions": UsccExceptionExists,
    },
)
