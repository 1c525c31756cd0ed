"""The commands on a brand; the model adds a line of history to every move, so that no command can omit it."""

from typing import Final

from common.contracts.review.reviews import Registration, ReviewCompleted
from common.storage.work import Work
from registry_service.register.brands.lifecycle import LIVE, State
from registry_service.register.brands.model import Brand, Change, Entry, Ruling
from registry_service.register.brands.storage import brands
from registry_service.register.editions.storage import programme

BATCH: Final = 50
"""The number of titles of each kind that one commit moves. A whole year's titles may be due on one day, and other
commands must not wait for all of them."""


async def register_brand(work: Work, event: ReviewCompleted, granted: Registration) -> Brand:
    """Register a recognised title, whose grounds the caller has found, under the next number of its honour and year."""
    brand = Brand.registered(
        event,
        granted,
        brand_id=work.new_id(Brand),
        title=(await programme(work, granted.programme_digest)).title,
        serial=await work.next_number(f"brand:{event.honour}:{granted.year}"),
        today=work.today,
        entry=_entry(work),
    )
    return work.add(brand)


def follow_ruling(work: Work, brand: Brand, ruling: Ruling) -> None:
    """Carry out on a brand the ruling that two persons decided."""
    brand.follow(ruling, entry=_entry(work))


async def follow_the_calendar(work: Work) -> list[Brand]:
    """Make the next due titles take effect or expire; returns these titles, an empty list when none is due."""
    today = work.today
    due = await work.find(brands, Brand.state == State.PENDING_EFFECT, Brand.effective_on <= today, limit=BATCH)
    for brand in due:
        brand.take_effect(entry=_entry(work))
    over = await work.find(brands, Brand.state.in_(LIVE), Brand.valid_until < today, limit=BATCH)
    for brand in over:
        brand.expire(entry=_entry(work))
    return [*due, *over]


def _entry(work: Work) -> Entry:
    return Entry(work.new_id(Change), work.now)
