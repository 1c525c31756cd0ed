"""The commands that propose and decide an act; an open act lapses when its brand no longer allows it."""

from datetime import date

from common.programme.definition.award import Act as ActKind
from common.storage.work import Work
from registry_service.register.brands.commands import follow_ruling, follow_the_calendar
from registry_service.register.brands.model import Brand
from registry_service.register.brands.storage import brands
from registry_service.register.editions.storage import programme
from registry_service.supervision.acts.lifecycle import State
from registry_service.supervision.acts.model import Act
from registry_service.supervision.acts.storage import acts


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
    brand = await work.get(brands, number, version=version)
    act = Act(
        id=work.new_id(Act),
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
    act.propose(brand=brand, programme=rules, today=work.today)
    return work.add(act)


async def approve_act(work: Work, act_id: str, *, version: int | None) -> Act:
    """Approve an act and carry it out on the brand, in one commit.

    Open proposals that this makes impossible end as lapsed. The brand's row is locked first, as a proposal locks it, so
    that two simultaneous approvals cannot deadlock.
    """
    brand = await work.get(brands, (await work.read(acts, act_id)).number)
    act = await work.get(acts, act_id, version=version)
    follow_ruling(work, brand, act.approve(by=work.actor, at=work.now))
    await _follow(work, brand)
    return act


async def refuse_act(work: Work, act_id: str, *, version: int | None, reason: str) -> Act:
    """Refuse an act; the brand stays as it is."""
    await work.consult(brands, (await work.read(acts, act_id)).number)  # the case: nobody decides about his own
    act = await work.get(acts, act_id, version=version)
    act.refuse(by=work.actor, reason=reason, at=work.now)
    return act


async def let_the_day_come(work: Work) -> int:
    """Make a batch of due titles take effect or expire, and end the proposals about them; returns how many titles."""
    moved = await follow_the_calendar(work)
    for brand in moved:
        await _follow(work, brand)
    return len(moved)


async def _follow(work: Work, brand: Brand) -> None:
    """Lapse the open proposals that the new state of the brand does not allow."""
    await work.flush()  # so that the query does not find the act that was just approved
    for act in await work.find(acts, Act.number_key == brand.number, Act.state == State.PROPOSED):
        act.follow(brand)
