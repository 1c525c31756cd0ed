"""The versions of a list: the shortlist of the ranking is version 1, and each change makes the next one."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.contracts.review.rankings import ListChange
from common.programme.ranking.lists import Place
from review_service.decision.rankings.refusals import VersionUnknown


def shortlist_at(
    version: int, items: Sequence[Mapping[str, Any]], changes: Sequence[Mapping[str, Any]]
) -> list[tuple[str, int]]:
    """Return the cases of a version as (review id, rank), best first; raises VersionUnknown."""
    if not 1 <= version <= len(changes) + 1:
        raise VersionUnknown(key=version)
    listed = {item["id"]: item["rank"] for item in items if item["place"] == Place.ADMITTED}
    for change in changes[: version - 1]:
        if change["change"] == ListChange.LEFT:
            del listed[change["review_id"]]
        else:
            listed[change["review_id"]] = change["rank"]
    return sorted(listed.items(), key=lambda case: case[1])
