"""The events that each service learns from, about one case: they agree with one another in a running service."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from common.contracts.applications.applications import (
    ApplicationLapsed,
    ApplicationRecommended,
    ApplicationWithdrawn,
    ChainStage,
    DeadlineMoved,
    SupplementExtended,
    SupplementRequested,
    WithdrawalRequested,
)
from common.contracts.applications.calendars import CalendarPublished, Holiday
from common.contracts.applications.contacts import ContactChanged
from common.contracts.applications.reminders import TermReminded
from common.contracts.applications.usccs import UsccExceptionAdmitted
from common.contracts.registry.brands import (
    BrandActEvent,
    BrandCancelled,
    BrandReinstated,
    BrandRevoked,
    BrandState,
    BrandSuspended,
    BrandWarned,
)
from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from common.contracts.review.reminders import DeskReminded, Reminded
from common.contracts.review.reviews import (
    WithdrawalOutcome,
)
from common.kernel.event import Event
from support.casts import applying, casenews, registering, reviewing
from support.casts.actors import id_of
from support.casts.following import Following
from support.service.alone import START, Alone

CHANGES: Final[dict[type[BrandActEvent], BrandState]] = {
    BrandWarned: BrandState.WARNED,
    BrandSuspended: BrandState.SUSPENDED,
    BrandReinstated: BrandState.ACTIVE,
    BrandRevoked: BrandState.REVOKED,
    BrandCancelled: BrandState.CANCELLED,
}


async def of_registry(_service: Alone) -> Mapping[type[Event], Event]:
    """Return the grounds of a title and its recognition, as the registry learns them."""
    one = registering.case(application_id="app_1")
    events = (registering.programme_published(), *one.grounds, one.completed)
    return {type(event): event for event in events}


async def of_review(_service: Alone) -> Mapping[type[Event], Event]:
    """Return what the review learns of a round, its cases and their titles."""
    rules = reviewing.definition()
    of = Following("app_1", reviewing.ROUND, id_of(reviewing.uscc(1)), reviewing.uscc(1), honour=reviewing.HONOUR)
    events = (
        reviewing.published(rules),
        reviewing.opened(rules),
        reviewing.accepted(rules),
        reviewing.withdrawn(),
        CalendarPublished(
            calendar_id="2016",
            year=2016,
            edition=2,
            document_number="国办发明电〔2015〕18号",
            holidays=(Holiday(on=date(2016, 2, 8), zh="春节", en="Spring Festival"),),
            workdays=(date(2016, 2, 6),),
        ),
        of.registered(),
        of.in_force(),
        of.expired(),
        *(of.ruled(kind, state) for kind, state in CHANGES.items()),
        reviewing.concluded("app_1"),
        casenews.merged(),
        UsccExceptionAdmitted(
            uscc="91350203M0001QKT19", reason="发证机关证明。", agency="AG-370000-BODY", admitted_at=START
        ),
    )
    return {type(event): event for event in events}


async def of_applications(service: Alone) -> Mapping[type[Event], Event]:
    """Return what the applications service learns of an application of its own."""
    of = await Following.of(service, await applying.bring_to(service, "withdrawal_requested"))
    declared = RecusalDeclared(recusal_id="rcs_1", person="person-7", applicant=of.applicant)
    events = (
        of.opened(),
        of.drawn("expert-1"),
        of.panel_changed("expert-2"),
        of.panel_dissolved(),
        of.listed(),
        of.called_up(),
        declared,
        RecusalLifted(**declared.model_dump()),
        of.on_notice(),
        of.completed(),
        of.registered(),
        of.in_force(),
        of.expired(),
        of.settled(WithdrawalOutcome.TOO_LATE),
    )
    return {type(event): event for event in (*events, *(of.ruled(kind, state) for kind, state in CHANGES.items()))}


async def of_notifications(_service: Alone) -> Mapping[type[Event], Event]:
    """Return what is written about to the parties of a case."""
    about = casenews.APPLICATION
    of = Following("app_1", "rnd_1", id_of(casenews.FIRM), casenews.FIRM, honour="SERVICE_BRAND")
    events = (
        ContactChanged(contact_id="apl_1", applicant=casenews.FIRM, contact=casenews.contact()),
        casenews.corrected(),
        casenews.renamed(),
        casenews.merged(),
        casenews.submitted(),
        casenews.returned(),
        casenews.rejected(),
        ApplicationRecommended(**about, chain_stage=ChainStage.CITY, agency=casenews.CITY, recommended_at=START),
        SupplementRequested(**about, reason="缺检验报告。", due_on=date(2015, 10, 20)),
        SupplementExtended(**about, reason="检验机构延误。", due_on=date(2015, 10, 27)),
        ApplicationLapsed(**about, reason="逾期未修改并重新提交。"),
        casenews.moved(),
        TermReminded(
            reminder_id="rmd_1",
            application_id="app_1",
            round_id="rnd_1",
            honour="SERVICE_BRAND",
            clock="supplement",
            due_on=date(2015, 10, 20),
            overdue=False,
            recipients=(casenews.FIRM,),
        ),
        DeadlineMoved(**about, clock="supplement", due_on_before=date(2015, 10, 20), due_on_after=date(2015, 10, 21)),
        DeskReminded(
            reminder_id="drm_1",
            kind=Reminded.SHEET,
            about_id="sht_1",
            clock="scoring",
            due_on=date(2015, 10, 20),
            overdue=False,
            recipients=("expert:expert-1",),
        ),
        ApplicationWithdrawn(**about, reason="不再申报。"),
        WithdrawalRequested(**about, reason="不再申报。", requested_at=START),
        casenews.accepted(),
        of.settled(WithdrawalOutcome.TOO_LATE),
        casenews.hearing_opened(),
        casenews.hearing_moved(),
        casenews.completed(),
        of.registered(),
        of.in_force(),
        of.expired(),
    )
    return {type(event): event for event in (*events, *(of.ruled(kind, state) for kind, state in CHANGES.items()))}
