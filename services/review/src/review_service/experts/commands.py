"""What can be done with an expert."""

from collections.abc import Sequence

from common.storage.work import Work
from review_service.experts.model import Expert


async def enter_expert(
    work: Work,
    *,
    sub: str,
    name: str,
    employer: str,
    division: str,
    specialities: Sequence[str],
    conflicts: Sequence[str],
) -> Expert:
    """Take a person into the pool."""
    expert = Expert(
        id=work.new_id("exp"),
        sub=sub,
        name=name,
        employer=employer,
        division=division,
        specialities=list(specialities),
        conflicts=list(conflicts),
    )
    expert.enter()
    return work.add(expert)
