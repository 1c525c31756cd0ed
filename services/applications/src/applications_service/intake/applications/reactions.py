"""How an application's stage follows the events of review and registry, and how the titles of the register are learned.

An event is believed of an application that was accepted and agrees with it; an unknown one cannot arrive later, because
applications begin here.
"""

from collections.abc import Mapping

from applications_service.intake.applications.commands import programme_of
from applications_service.intake.applications.lifecycle import NEVER_ACCEPTED, State
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.storage import applications, outcome_awaited
from applications_service.standing.holdings.storage import holdings
from common.contracts.registry.brands import BrandEvent, BrandRegistered
from common.contracts.review.notices import NoticeItem, NoticePublished
from common.contracts.review.rankings import ListChange, RankedCase, ShortlistChanged, ShortlistProposed
from common.contracts.review.reviews import (
    Outcome,
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    ReviewCompleted,
    ReviewEvent,
    ReviewOpened,
    WithdrawalSettled,
)
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction, agree
from common.standing.learning import agree_in_item, follow_title, learn_title
from common.storage.work import Work


async def advance_when_review_opens(work: Work, event: ReviewOpened) -> None:
    """The application is under review."""
    (await _reviewed(work, event)).advance(stage="under_review")


async def open_to_panel_when_drawn(work: Work, event: PanelDrawn | PanelChanged) -> None:
    """The experts who sit on the panel now read the application's materials, and no other expert does."""
    (await _reviewed(work, event)).open_to(event.readers)


async def close_to_panel_when_dissolved(work: Work, event: PanelDissolved) -> None:
    """The panel has ended, so its experts read the materials no more."""
    (await _reviewed(work, event)).open_to(())


async def advance_when_shortlisted(work: Work, event: ShortlistProposed) -> None:
    """The list has been proposed: each application on it is on the shortlist or outside it."""
    admitted = {item.application_id: item.admitted for item in event.items}
    for application in await _listed(work, event, {item.application_id: item for item in event.items}):
        application.advance(stage="shortlisted" if admitted[application.id] else "outside_shortlist")


async def advance_when_shortlist_changes(work: Work, event: ShortlistChanged) -> None:
    """A case that is called up from the reserve is on the shortlist; one that leaves gets its outcome by its review."""
    application = await _accepted(work, event.application_id)
    agree("application", event, application, "round_id", "honour", "applicant_id", "applicant")
    if event.change is ListChange.CALLED_UP:
        application.advance(stage="shortlisted")


async def advance_when_on_notice(work: Work, event: NoticePublished) -> None:
    """The shortlist is shown to the public."""
    for application in await _listed(work, event, {item.application_id: item for item in event.items}):
        application.advance(stage="on_notice")


async def advance_when_review_completes(work: Work, event: ReviewCompleted) -> None:
    """The review has its outcome; the application cannot be withdrawn from now on."""
    application = await _reviewed(work, event)
    agree("application", event, application, "uscc")
    _has_not_ended(application)
    if application.outcome is not None and application.outcome != event.outcome:
        raise Contradiction("outcome", "outcome")
    application.advance(stage=str(event.outcome), outcome=str(event.outcome))
    await work.release(outcome_awaited(event.application_id))


async def settle_withdrawal_when_answered(work: Work, event: WithdrawalSettled) -> None:
    """The review has settled the request: the application ends as withdrawn, or it stays under the review's outcome."""
    (await _reviewed(work, event)).settle_withdrawal(outcome=event.outcome, note=event.reason, at=work.now)


async def advance_when_registered(work: Work, event: BrandRegistered) -> Waiting | None:
    """The brand is in the registry under its number; the recognition comes first."""
    application = await _recognised(work, event)
    if isinstance(application, Waiting):
        return application
    if application.brand_number is not None:
        agree("application", event, application, "number=brand_number")
    application.advance(stage="registered", brand_number=event.number)
    return None


async def advance_when_brand_changes(work: Work, event: BrandEvent) -> None:
    """The application that won the brand shows each change of the brand; its registration came before."""
    application = await _granted(work, event)
    agree("application", event, application, "number=brand_number")
    application.advance(stage=f"brand_{event.state}")


async def learn_title_when_registered(work: Work, event: BrandRegistered) -> Waiting | None:
    """The title is one of its holder's from now on."""
    application = await _recognised(work, event)
    if isinstance(application, Waiting):
        return application
    await learn_title(work, holdings, event)
    return None


async def follow_title_when_brand_changes(work: Work, event: BrandEvent) -> None:
    """The title has another state; a revocation may bar its holder."""
    await _granted(work, event)
    await follow_title(work, holdings, event)


async def _reviewed(work: Work, event: ReviewEvent) -> Application:
    application = await _accepted(work, event.application_id)
    agree("application", event, application, "round_id", "honour", "applicant_id", "applicant", "division")
    return application


async def _granted(work: Work, event: BrandEvent) -> Application:
    application = await _accepted(work, event.application_id)
    _has_not_ended(application)
    agree("application", event, application, "honour", "applicant_id", "uscc")
    return application


async def _recognised(work: Work, event: BrandRegistered) -> Application | Waiting:
    """Return the application of a registered title: it was recognised, for this item; waits for its outcome."""
    application = await _granted(work, event)
    agree("application", event, application, "division", "programme_digest")
    applied = (await programme_of(work, application)).item_of(application.submitted_answers)
    agree_in_item(event, applied)
    if application.outcome is None:
        return Waiting(outcome_awaited(event.application_id))
    if application.outcome != Outcome.RECOGNISED:
        raise Contradiction("outcome", "outcome")
    return application


def _has_not_ended(application: Application) -> None:
    """Refuse an outcome or a brand of a withdrawn application: its review has agreed to the withdrawal."""
    if application.state is State.WITHDRAWN:
        raise Contradiction("application", "state")


async def _accepted(work: Work, application_id: str) -> Application:
    found = await work.find(applications, applications.by == application_id)
    if not found:
        raise Contradiction("application", "application_id")
    if found[0].state in NEVER_ACCEPTED:
        raise Contradiction("application", "state")
    return found[0]


async def _listed(
    work: Work, event: ShortlistProposed | NoticePublished, items: Mapping[str, RankedCase | NoticeItem]
) -> list[Application]:
    """Return the applications of a list, all of which must be known and agree."""
    found = await work.find(applications, applications.by.in_(items))
    if len(found) != len(items):
        raise Contradiction("application", "items")
    for application in found:
        if application.state in NEVER_ACCEPTED:
            raise Contradiction("application", "state")
        agree("application", event, application, "round_id", "honour")
        agree("application", items[application.id], application, "applicant_id", "applicant")
    return found
