"""How the register follows the reviews: no brand without a decision."""

from common.contracts.review import Outcome, ReviewCompleted
from common.messaging.parking import Waiting
from common.rules.model import awaited
from common.storage.work import Work
from registry_service.brands.commands import register_brand
from registry_service.rules.storage import knows_rules


async def register_when_recognised(work: Work, event: ReviewCompleted) -> Waiting | None:
    """Register the title once the rules it was granted under are here."""
    if event.outcome is not Outcome.RECOGNISED or event.registration is None:
        return None
    if not await knows_rules(work, event.registration.programme_digest):
        return Waiting(awaited(event.registration.programme_digest))
    await register_brand(work, event)
    return None
