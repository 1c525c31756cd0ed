"""Valid example applications for the honours that ship, and their definitions; all firms and numbers are fictitious."""

from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from common.programme import Programme, parse
from support.casts.actors import id_of

FOLDER: Final = Path(__file__).parents[3] / "programmes"

_ANSWERS: Final[dict[str, dict[str, Any]]] = {
    path.stem.upper(): yaml.safe_load(path.read_text(encoding="utf-8")) for path in (FOLDER / "examples").glob("*.yaml")
}
_APPLICANTS: Final[dict[str, dict[str, Any]]] = {
    "FAMOUS_PRODUCT": {
        "id": id_of("91370102FAKE00013R"),
        "org": "91370102FAKE00013R",
        "uscc": "91370102FAKE00013R",
        "name": "济南虚泉精密机械有限公司",
        "kind": "enterprise",
        "division": "370102",
    },
    "SERVICE_BRAND": {
        "id": id_of("91370202FAKE0003XH"),
        "org": "91370202FAKE0003XH",
        "uscc": "91370202FAKE0003XH",
        "name": "青岛虚帆旅游服务有限公司",
        "kind": "enterprise",
        "division": "370202",
    },
}


def definition_text(honour: str) -> str:
    """Return the YAML of an honour that ships."""
    return (FOLDER / f"{honour.lower()}.yaml").read_text(encoding="utf-8")


@cache
def programme(honour: str) -> Programme:
    """Return an honour that ships."""
    return parse(definition_text(honour))


def definition(honour: str) -> dict[str, Any]:
    """Return a fresh copy of an honour's definition, to publish or to spoil."""
    return deepcopy(programme(honour).definition)


def answers(honour: str) -> dict[str, Any]:
    """Return a fresh copy of answers that pass the honour's form and every rule."""
    return deepcopy(_ANSWERS[honour])


def item(honour: str) -> str:
    """Return the item's name that goes with the answers."""
    return programme(honour).item_of(_ANSWERS[honour]).title


def item_members(honour: str) -> dict[str, Any]:
    """Return the members by which events describe the item that goes with the answers."""
    applied = programme(honour).item_of(_ANSWERS[honour])
    names = ("category", "scope", "trademark", "models")
    return {name: getattr(applied, name) for name in names}


def required_materials(honour: str) -> list[str]:
    """Return the kinds of material that an application needs."""
    return [each.kind for each in programme(honour).materials.kinds if each.required]


def snapshot(honour: str) -> dict[str, Any]:
    """Return facts of an eligible application, as the review gets them."""
    return {
        "applicant": dict(_APPLICANTS[honour]),
        "item": item(honour),
        "answers": answers(honour),
        "attachments": [{"kind": kind} for kind in required_materials(honour)],
        "year": 2015,
        "as_of_on": "2015-10-08",
    }


def handed_in(
    honour: str,
    *,
    application_id: str,
    round_id: str,
    digest: str,
    item: str,
    org: str,
    has_uscc: bool = True,
    **applicant: str,
) -> dict[str, Any]:
    """Return the snapshot of one application under the edition with this digest, as applications hands it over.

    `org` is the code of the applicant's accounts, which is no USCC unless `has_uscc`.
    """
    whole = snapshot(honour) | {"application_id": application_id, "round_id": round_id, "item": item}
    whole["programme"] = {"honour": honour, "edition": 1, "digest": digest}
    whole["applicant"] |= {"id": id_of(org), "org": org, "uscc": org if has_uscc else None, **applicant}
    return whole


def full_scores(honour: str, *, share: str = "0.8") -> dict[str, str]:
    """Return a whole sheet, every leaf at about this share of its cap, on the unit, as decimal strings."""
    rules = programme(honour)
    unit = rules.review.indicators.unit
    return {leaf: str((rules.score_cap(leaf) * Decimal(share) // unit) * unit) for leaf in rules.leaves}


def set_at(document: dict[str, Any], pointer: str, value: object) -> None:
    """Put a value at a JSON pointer whose parent is there."""
    parent, last = _parent(document, pointer)
    parent[last] = value


def remove_at(document: dict[str, Any], pointer: str) -> None:
    """Take away what is at a JSON pointer."""
    parent, last = _parent(document, pointer)
    del parent[last]


def _parent(document: Any, pointer: str) -> tuple[Any, Any]:  # noqa: ANN401 -- a node of any JSON document
    *path, last = pointer.split("/")[1:]
    for token in path:
        document = document[int(token) if isinstance(document, list) else token]
    return document, int(last) if isinstance(document, list) else last
