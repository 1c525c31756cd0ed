"""What an expert sees of a submitted application, by the programme's blind level; the snapshot itself never changes."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from common.programme.definition.reviewing import Blind

SHOWN: Final = ("application_id", "round_id", "programme", "item", "answers", "attachments")
"""The members of a snapshot that do not name the applicant; what is added later is not shown until it is listed."""


def blinded(blind: Blind, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return the snapshot as the experts of the case see it; each attachment keeps its kind and digest.

    Under `double` the applicant, the answers withheld and the materials withheld are left out, and a file is called by
    its kind.
    """
    if blind.level == "single":
        return dict(snapshot)
    seen = copy.deepcopy({member: snapshot[member] for member in SHOWN})
    for pointer in blind.withheld_answers:
        *path, last = pointer.split("/")[1:]
        node: Any = seen["answers"]
        for step in path:
            node = node.get(step, {})
        node.pop(last, None)
    seen["attachments"] = [
        {**entry, "name": entry["kind"]}
        for entry in seen["attachments"]
        if entry["kind"] not in blind.withheld_materials
    ]
    return seen
