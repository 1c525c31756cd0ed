"""The reactions that learn the titles of the register, in a consumer group of their own.

A title is believed of a case under review that agrees; the case came first, so an unknown one cannot arrive later.
"""

from typing import Any

from sqlalchemy import Row, select

from common.contracts.registry.brands import BrandEvent, BrandRegistered
from common.editions.cases import SnapshotApplicant
from common.messaging.grounds import Contradiction, agree
from common.standing.learning import agree_in_item, follow_title, learn_title
from common.storage.work import Work
from review_service.cases.reviews.model import Review
from review_service.cases.rounds.storage import programme_of
from review_service.standing.holdings.storage import holdings


async def learn_title_when_registered(work: Work, event: BrandRegistered) -> None:
    """The title is one of its holder's from now on."""
    case = await _granted(work, event)
    agree("review", event, case, "division", "programme_digest")
    agree_in_item(event, (await programme_of(work, case.round_id)).item_of(case.snapshot["answers"]))
    await learn_title(work, holdings, event)


async def follow_title_when_brand_changes(work: Work, event: BrandEvent) -> None:
    """The title has another state; a revocation may bar its holder."""
    await _granted(work, event)
    await follow_title(work, holdings, event)


async def _granted(work: Work, event: BrandEvent) -> Row[Any]:
    case = await work.one(select(Review.__table__).where(Review.application_id == event.application_id))
    if case is None:
        raise Contradiction("review", "application_id")
    agree("review", event, case, "honour", "applicant_id")
    agree("snapshot", event, SnapshotApplicant.model_validate(case.snapshot["applicant"]), "uscc")
    return case
