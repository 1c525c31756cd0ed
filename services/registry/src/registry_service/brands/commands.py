"""What happens to a brand; each move leaves its line of history in the same commit."""

from datetime import date
from typing import Final

from common.actor import SYSTEM
from common.clock import SHANGHAI
from common.contracts.review import ReviewCompleted
from common.storage.work import Work
from registry_service.brands.lifecycle import LIVE, State
from registry_service.brands.model import Brand, Change, Ruling, Serial
from registry_service.brands.storage import brands, serials
from registry_service.rules.storage import programme

BATCH: Final = 50
"""Titles of each kind that one commit moves: a whole year's may come due on one day, and others want to write too."""


async def register_brand(work: Work, event: ReviewCompleted) -> Brand:
    """Register a recognised title under the next number of its honour and year."""
    if event.registration is None:
        raise ValueError("a recognised review names what is to be registered")
    counter = f"{event.honour}:{event.registration.year}"
    found = await work.find(serials, Serial.id == counter)
    serial = found[0] if found else work.add(Serial(id=counter))
    brand = Brand.registered(
        event,
        brand_id=work.new_id("brd"),
        title=(await programme(work, event.registration.programme_digest)).title,
        serial=serial.take(),
        today=work.now.astimezone(SHANGHAI).date(),
        at=work.now,
    )
    _write_history(work, brand, action="register", before=None, effective_on=brand.effective_on)
    return work.add(brand)


def follow_ruling(work: Work, brand: Brand, ruling: Ruling) -> None:
    """Do to a brand what two persons decided."""
    before = brand.state
    brand.follow(ruling)
    _write_history(work, brand, action=ruling.action, before=before, effective_on=ruling.effective_on, ruling=ruling)


async def follow_the_calendar(work: Work) -> list[Brand]:
    """Let the first titles whose day has come take effect or expire; returns those that did, none after the last."""
    today = work.now.astimezone(SHANGHAI).date()
    due = await work.find(brands, Brand.state == State.PENDING_EFFECT, Brand.effective_on <= today, limit=BATCH)
    for brand in due:
        brand.take_effect()
        _write_history(work, brand, action="take_effect", before=State.PENDING_EFFECT, effective_on=brand.effective_on)
    over = await work.find(brands, Brand.state.in_(LIVE), Brand.valid_until < today, limit=BATCH)
    for brand in over:
        before = brand.state
        _write_history(work, brand, action="expire", before=before, effective_on=brand.expire())
    return [*due, *over]


def _write_history(
    work: Work, brand: Brand, *, action: str, before: State | None, effective_on: date, ruling: Ruling | None = None
) -> None:
    change = Change(
        id=work.new_id("chg"),
        brand_id=brand.id,
        action=action,
        from_state=before,
        to_state=brand.state,
        effective_on=effective_on,
        recorded_at=work.now,
        document_number=ruling.document_number if ruling else brand.document_number,
        acting_body=ruling.acting_body if ruling else None,
        grounds=ruling.grounds if ruling else None,
        reason=ruling.reason if ruling else None,
        proposed_by=ruling.proposed_by if ruling else SYSTEM.sub,
        approved_by=ruling.approved_by if ruling else SYSTEM.sub,
    )
    work.add(change)
