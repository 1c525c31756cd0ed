"""The commands on an expert that concern no sheet; leaving the pool empties seats: see the noun `seats`."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.storage.work import Work
from review_service.panel.codes.storage import check_codes
from review_service.panel.experts.model import Expert
from review_service.panel.experts.storage import experts

Content = Mapping[str, Any]
"""The fields of an expert that are entered and edited together, as the route's schema has them."""


async def enter_expert(work: Work, *, sub: str, conflicts: Sequence[dict[str, Any]], content: Content) -> Expert:
    """Add a person to the pool."""
    await check_codes(work, organisations("organisations", content["organisations"]))
    await check_codes(work, organisations("conflicts", conflicts))
    declared = {"declared_by": work.actor.sub, "declared_at": work.now.isoformat()}
    expert = Expert(id=work.new_id(Expert), sub=sub, conflicts=[{**each, **declared} for each in conflicts], **content)
    expert.enter()
    return work.add(expert)


async def edit_expert(work: Work, expert_id: str, *, version: int | None, content: Content) -> Expert:
    """Replace what is known of a person."""
    expert = await work.get(experts, expert_id, version=version)
    await check_codes(work, organisations("organisations", content["organisations"]))
    expert.edit(**content)
    return expert


async def pause_expert(work: Work, expert_id: str, *, version: int | None, reason: str) -> Expert:
    """Keep a person from being drawn."""
    expert = await work.get(experts, expert_id, version=version)
    expert.pause(reason=reason)
    return expert


async def resume_expert(work: Work, expert_id: str, *, version: int | None) -> Expert:
    """Let a person be drawn again."""
    expert = await work.get(experts, expert_id, version=version)
    expert.resume()
    return expert


def organisations(name: str, ties: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the codes of these ties by their JSON pointers."""
    return {f"/{name}/{place}/organisation": tie["organisation"] for place, tie in enumerate(ties)}
