"""How an act is proposed and decided, and how it lapses when its brand goes another way."""

from datetime import date

from common.clock import SHANGHAI
from common.programme.outcome import Act as ActKind
from common.storage.work import Work
from registry_service.acts.lifecycle import State
from registry_service.acts.model import Act
from registry_service.acts.storage import acts
from registry_service.brands.commands import follow_ruling, follow_the_calendar
from registry_service.brands.model import Brand
from registry_service.brands.storage import brands
from registry_service.rules.storage import programme


async def propose_act(
    work: Work,
    number: str,
    *,
    action: ActKind,
    version: int | None,
    grounds: str,
    reason: str,
    document_number: str,
    effective_on: date,
) -> Act:
    """Propose an act on a brand; the brand does not change before another person approves."""
    brand = await work.get(brands, number.upper(), version=version)
    act = Act(
        id=work.new_id("act"),
        number=brand.number,
        action=action,
        grounds=grounds,
        reason=reason,
        document_number=document_number,
        acting_body=work.actor.org,
        effective_on=effective_on,
        proposed_by=work.actor.sub,
        proposed_at=work.now,
    )
    rules = await programme(work, brand.programme_digest)
    act.propose(brand=brand, programme=rules, today=work.now.astimezone(SHANGHAI).date())
    return work.add(act)


async def approve_act(work: Work, act_id: str, *, version: int | None) -> Act:
    """Approve an act and do it to the brand, in one commit; other proposals about the brand follow.

    The brand's row is locked first, as a proposal locks it: two acts approved at once never wait for each other.
    """
    brand = await work.get(brands, (await work.read(acts, act_id)).number)
    act = await work.get(acts, act_id, version=version)
    follow_ruling(work, brand, act.approve(by=work.actor.sub, at=work.now))
    await _follow(work, brand)
    return act


async def refuse_act(work: Work, act_id: str, *, version: int | None, reason: str) -> Act:
    """Refuse an act; the brand stays as it is."""
    act = await work.get(acts, act_id, version=version)
    act.refuse(by=work.actor.sub, reason=reason, at=work.now)
    return act


async def let_the_day_come(work: Work) -> int:
    """Let the first titles whose day has come take effect or expire, proposals about them follow; returns how many."""
    moved = await follow_the_calendar(work)
    for brand in moved:
        await _follow(work, brand)
    return len(moved)


async def _follow(work: Work, brand: Brand) -> None:
    """Have every open proposal follow what has just become of its brand."""
    await work.flush()  # the act just approved is open no more
    for act in await work.find(acts, Act.number == brand.number, Act.state == State.PROPOSED):
        act.follow(brand)
