"""The reactions that store the parties of a case, and notify them of each turn, of its outcome and of the brand.

No organisation is written to about a case that is not known, or as a party that it does not have.
"""

from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationEvent,
    ApplicationMoved,
    ApplicationSubmitted,
)
from common.contracts.registry.brands import BrandEvent, BrandRegistered
from common.contracts.review.objections import HearingMoved, HearingOpened
from common.contracts.review.reviews import Outcome, ReviewCompleted, WithdrawalOutcome, WithdrawalSettled
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction, agree
from common.storage.work import Work
from notifications_service.letters.messages.reactions import confirm_when_submitted, notify, notify_applicant
from notifications_service.letters.parties.model import Parties
from notifications_service.letters.parties.storage import outcome_awaited, parties, parties_awaited

APPLICATION = ("round_id", "honour", "applicant_id", "applicant", "division")


async def learn_parties_when_submitted(work: Work, event: ApplicationSubmitted) -> None:
    """Store the applicant of the case, with his contact, or follow him to another division; confirm it."""
    known = await _known(work, event.application_id)
    if known is None:
        work.add(Parties.of(event))
    else:
        agree("parties", event, known, "round_id", "honour", "applicant_id", "applicant")
        known.move(event.division)
    await confirm_when_submitted(work, event)


async def write_to_applicant(work: Work, event: ApplicationEvent) -> None:
    """Notify the applicant of the next turn of his application."""
    await _submitted(work, event)
    await notify_applicant(work, event)


async def follow_desk_when_moved(work: Work, event: ApplicationMoved) -> None:
    """The case belongs to another division from now on; notify the applicant."""
    known = await _known(work, event.application_id)
    if known is None:
        raise Contradiction("parties", "application_id")
    agree("parties", event, known, "round_id", "honour", "applicant_id", "applicant", "division_before=division")
    known.move(event.division)
    await notify_applicant(work, event)


async def learn_recommenders_when_accepted(work: Work, event: ApplicationAccepted) -> None:
    """Store who recommended the case, and notify the applicant."""
    known = await _submitted(work, event)
    if known.recommenders is not None:
        agree("parties", event, known, "recommenders=named")
        return
    known.join(event.recommenders)
    await work.release(parties_awaited(event.application_id))
    await notify_applicant(work, event)


async def write_to_applicant_when_too_late(work: Work, event: WithdrawalSettled) -> Waiting | None:
    """Notify the applicant that his request came too late; ApplicationWithdrawn notifies him of a granted one."""
    known = await _known(work, event.application_id)
    if known is None or known.recommenders is None:
        return Waiting(parties_awaited(event.application_id))
    agree("parties", event, known, *APPLICATION)
    if event.outcome is WithdrawalOutcome.TOO_LATE:
        await notify(work, event, [event.applicant])
    return None


async def write_to_firm_about_hearing(work: Work, event: HearingOpened | HearingMoved) -> Waiting | None:
    """Ask the firm that is objected to for its position, or say until when it may now, once its acceptance is known."""
    known = await _known(work, event.application_id)
    if known is None or known.recommenders is None:
        return Waiting(parties_awaited(event.application_id))
    agree("parties", event, known, "applicant_id", "applicant", "division")
    await notify(work, event, [event.applicant])
    return None


async def write_to_parties_when_completed(work: Work, event: ReviewCompleted) -> Waiting | None:
    """Notify applicant and recommenders of the outcome of the review, once its acceptance is known."""
    known = await _known(work, event.application_id)
    if known is None or known.recommenders is None:
        return Waiting(parties_awaited(event.application_id))
    agree("parties", event, known, *APPLICATION, "recommenders=named")
    if known.outcome is not None:
        agree("outcome", event, known, "outcome")
        return None
    known.conclude(event.outcome)
    await work.release(outcome_awaited(event.application_id))
    await notify(work, event, known.everyone)
    return None


async def write_to_parties_when_registered(work: Work, event: BrandRegistered) -> Waiting | None:
    """Bind the brand to its case, once its recognition is known, and notify everybody who took part."""
    known = await _known(work, event.application_id)
    if known is not None:
        agree("parties", event, known, "honour", "applicant_id", "division")
    if known is None or known.outcome is None:
        return Waiting(outcome_awaited(event.application_id))
    if known.outcome is not Outcome.RECOGNISED:
        raise Contradiction("outcome", "outcome")
    if known.brand_id is not None:
        agree("parties", event, known, "brand_id")
        return None
    known.bind(event.brand_id)
    await notify(work, event, known.everyone)
    return None


async def write_to_parties_when_brand_changes(work: Work, event: BrandEvent) -> None:
    """Notify the holder and those who recommended him; `BrandRegistered` has bound the brand to its case."""
    known = await _known(work, event.application_id)
    if known is None:
        raise Contradiction("parties", "application_id")
    agree("parties", event, known, "honour", "applicant_id", "brand_id")
    await notify(work, event, known.everyone)


async def _submitted(work: Work, event: ApplicationEvent) -> Parties:
    """Return the parties of an application; its events are in order, so that an unknown one cannot arrive later."""
    known = await _known(work, event.application_id)
    if known is None:
        raise Contradiction("parties", "application_id")
    agree("parties", event, known, *APPLICATION)
    return known


async def _known(work: Work, application_id: str) -> Parties | None:
    found = await work.find(parties, Parties.id == application_id)
    return found[0] if found else None
