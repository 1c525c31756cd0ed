"""The proofs of the leaves whose rule is in a command, each in a scene of `playing.py`."""

from collections.abc import Mapping
from typing import Any, Final

from support.casts.programmes import definition
from support.leaves.edition import Change, fullest, put
from support.leaves.proof import InService


def numbered() -> dict[str, Any]:
    """Return the next edition of an honour that has been published."""
    given = fullest()
    given["quota"]["total"] = 299
    return given


def reviewed() -> dict[str, Any]:
    """Return the definition of the round that is reviewed, with guidance where a mark is put."""
    given = definition("SERVICE_BRAND")
    given["review"]["indicators"]["tree"][0]["guidance"] = {"zh": "另行说明。", "en": "As said elsewhere."}
    return given


BEGINS_WITH: Final = {"intake": fullest, "numbering": numbered, "review": reviewed, "silence": reviewed}
"""The definition that each scene is played with."""


def _in(scene: str, play: str, shows: str, change: Change) -> InService:
    return InService(scene, play, shows, change)


def _term(clock: str, shows: str) -> dict[str, InService]:
    path = f"clocks.{clock}"
    return {
        f"{path}.days": _in("review", "days", shows, put(f"/clocks/{clock}/days", 9)),
        f"{path}.kind": _in("review", "kinds", shows, put(f"/clocks/{clock}/kind", "calendar")),
    }


def _passing(clock: str, rule: str) -> dict[str, InService]:
    path, pointer = f"clocks.{clock}", f"/clocks/{clock}"
    return {
        f"{path}.remind_days": _in("silence", "reminders", f"reminder: {clock}", put(f"{pointer}/remind_days", 2)),
        f"{path}.on_overdue": _in("silence", "rules", f"overdue: {clock}", put(f"{pointer}/on_overdue", rule)),
    }


SERVICES: Final[Mapping[str, InService]] = {
    "identity.honour": _in("numbering", "honour", "proposal", put("/identity/honour", "ANOTHER_HONOUR")),
    "recommendation[].limit": _in("intake", "others", "second of the county", put("/recommendation/0/limit", 1)),
    "clocks.formal_check.on_overdue": _in(
        "intake", "others", "reminders of the overdue check", put("/clocks/formal_check/on_overdue", "nothing")
    ),
    "notice.days": _in("review", "days", "end of the notice", put("/notice/days", 9)),
    "notice.kind": _in("review", "kinds", "end of the notice", put("/notice/kind", "calendar")),
    **_term("objection_investigation", "end of the investigation"),
    **_term("objection_hearing", "end of the hearing"),
    **_passing("scoring", "nothing"),
    **_passing("objection_investigation", "nothing"),
    **_passing("objection_hearing", "remind"),
    "objections.real_name": _in("review", "demands", "nameless objection", put("/objections/real_name", False)),
    "objections.evidence": _in("review", "demands", "objection without evidence", put("/objections/evidence", False)),
    "objections.inside_notice_only": _in(
        "review", "demands", "objection after the notice", put("/objections/inside_notice_only", False)
    ),
}
