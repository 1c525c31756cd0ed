"""The definition that the walk changes: an honour that ships, with every optional field given, and how to change it."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from common.kernel.digests import digest
from common.programme import Programme, ProgrammeInvalid
from common.programme.cache import read_edition
from support.casts.programmes import definition, remove_at, set_at

Change = Callable[[dict[str, Any]], None]
"""What makes one definition into another."""

_BOTH: Final = {"zh": "另行说明。", "en": "As said elsewhere."}
_DEPARTMENT: Final = {"code": "taxation", "name": {"zh": "税务部门", "en": "Taxation"}}


def fullest() -> dict[str, Any]:
    """Return the famous product with every optional field given in the first of several sections."""
    given = definition("FAMOUS_PRODUCT")
    document = deepcopy({"issuer": _BOTH, "number": "鲁政字〔2014〕230号", "issued_on": "2014-12-01"})
    given["identity"]["legal_basis"][0] |= document
    given["materials"]["kinds"][0] |= {"help": dict(_BOTH), "required": True}
    late = {"holds": '!records.exists(r, r.code == "late")', "look_back_years": 3}
    given["eligibility_rules"][0] |= late | {"source_department": deepcopy(_DEPARTMENT)}
    given["recommendation"][0]["limit"] = 300
    given["review"]["indicators"]["tree"][0]["guidance"] = dict(_BOTH)
    given["review"]["threshold"] |= {"points": "600"}
    return given


def rules(given: dict[str, Any]) -> Programme:
    """Return the programme of a definition."""
    return read_edition(digest(given), given)


def publishing(given: dict[str, Any]) -> list[str] | str:
    """Return whether the definition can be published, or the places for which it is refused."""
    try:
        rules(given)
    except ProgrammeInvalid as refused:
        return [each.pointer for each in refused.problems]
    return "published"


def at_first(path: str) -> str:
    """Return the pointer of a leaf, in the first of several sections."""
    return "/" + path.replace("[]", ".0").replace(".", "/")


def put(pointer: str, value: object) -> Change:
    """Return the change that puts a value there."""
    return lambda given: set_at(given, pointer, deepcopy(value))


def take(pointer: str) -> Change:
    """Return the change that takes away what is there."""
    return lambda given: remove_at(given, pointer)


def all_of(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(given: dict[str, Any]) -> None:
        for each in changes:
            each(given)

    return change


def asks_also(name: str, like: str, pointer: str) -> Change:
    """Return the change that asks a further question like another one, and reads its answer for a part of the item."""

    def change(given: dict[str, Any]) -> None:
        form = given["form"]["answers"]
        form["properties"][name] = deepcopy(form["properties"][like])
        form["required"] = [*form["required"], name]
        set_at(given, pointer, f"/{name}")

    return change


def unchanged(_given: dict[str, Any]) -> None:
    """Change nothing."""
