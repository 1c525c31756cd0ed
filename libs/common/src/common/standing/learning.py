"""How a service learns the titles: one group of consumers follows every event of the registry from the first on.

The caller has found that the event agrees with the case that won the title; here it must agree with the title itself.
"""

from sqlalchemy import select

from common.contracts.registry.brands import BrandEvent, BrandRegistered
from common.messaging.grounds import Contradiction, agree
from common.programme import AppliedItem
from common.standing.storage import Holdings
from common.storage.work import Work


def agree_in_item(event: BrandRegistered, applied: AppliedItem) -> None:
    """Raise Contradiction unless a title is for the item for which its application applied."""
    agree("application", event, applied, "category", "scope", "trademark", "models")


async def learn_title(work: Work, holdings: Holdings, event: BrandRegistered) -> None:
    """Store a title at its registration; what is known already is not stored again."""
    model = holdings.model
    known = await work.one(select(model.__table__).where(model.id == event.brand_id))
    if known is not None:
        agree("holding", event, known, "number", "honour", "applicant_id", "uscc", "application_id", "scope")
        return
    work.add(model.learned(event))


async def follow_title(work: Work, holdings: Holdings, event: BrandEvent) -> None:
    """Take over a change of a title. Its registration has the same key, so it cannot arrive later: Contradiction."""
    found = await work.find(holdings, holdings.model.id == event.brand_id)
    if not found:
        raise Contradiction("holding", "brand_id")
    agree("holding", event, found[0], "number", "honour", "applicant_id", "uscc", "application_id")
    found[0].follow(event)
