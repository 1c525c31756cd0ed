"""How the parties of a case are learned and told what becomes of it."""

from common.contracts.applications import ApplicationAccepted
from common.contracts.registry import BrandEvent, BrandRegistered
from common.contracts.review import ReviewCompleted
from common.messaging.parking import Waiting
from common.storage.work import Work
from notifications_service.messages.reactions import tell, tell_applicant
from notifications_service.parties.model import Parties
from notifications_service.parties.storage import parties, parties_awaited


async def learn_parties_when_accepted(work: Work, event: ApplicationAccepted) -> None:
    """Keep who takes part, and tell the applicant."""
    work.add(Parties.of(event))
    await work.release(parties_awaited(event.application_id))
    await tell_applicant(work, event)


async def tell_parties_when_completed(work: Work, event: ReviewCompleted) -> None:
    """Tell applicant and recommenders how the review ended."""
    await tell(work, event, [event.applicant, *event.recommenders])


async def tell_parties_when_registered(work: Work, event: BrandRegistered) -> Waiting | None:
    """Bind the brand to its case and tell everybody who took part."""
    found = await work.find(parties, Parties.id == event.application_id)
    if not found:
        return Waiting(parties_awaited(event.application_id))
    found[0].bind(event.brand_id)
    await tell(work, event, found[0].everyone)
    return None


async def tell_parties_when_brand_changes(work: Work, event: BrandEvent) -> None:
    """Tell the holder and those who recommended him; the binding came with the brand's own first event."""
    found = await work.find(parties, Parties.brand_id == event.brand_id)
    await tell(work, event, found[0].everyone if found else [event.uscc])
