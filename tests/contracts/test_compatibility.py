"""The function that guards the contract is itself guarded: each kind of break is planted once."""

import copy
from typing import Any

import pytest

from support.rules.compatibility import compatible

OLD: dict[str, Any] = {
    "$comment": "audience public, subject number",
    "type": "object",
    "properties": {
        "number": {"type": "string", "description": "The number."},
        "granted_on": {"type": "string", "format": "date"},
        "state": {"$ref": "#/$defs/State"},
        "rank": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "content": {"type": "object", "additionalProperties": {}},
    },
    "required": ["number"],
    "$defs": {
        "State": {"type": "string", "enum": ["active", "warned"]},
        "Item": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 -- any JSON value
    """Return the old schema with one place set to the value, or removed when it is None."""
    new = copy.deepcopy(OLD)
    *way, last = path.split("/")
    place = new
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return new


def test_the_same_schema_is_compatible() -> None:
    assert compatible(OLD, copy.deepcopy(OLD)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("properties/note", {"type": "string"}),
        ("properties/number/description", "The public number."),
        ("$defs/Item/properties/model", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("properties/state", {"type": "string", "enum": ["active", "warned"]}),
    ],
)
def test_an_addition_is_compatible(path: str, value: dict[str, Any]) -> None:
    assert compatible(OLD, changed(path, value)) == []


@pytest.mark.parametrize(
    ("path", "value", "broken"),
    [
        ("properties/number", None, "/number was removed"),
        ("$defs/Item/properties/name", None, "/items/*/name was removed"),
        ("required", ["number", "rank"], "/rank is required now"),
        ("$defs/Item/required", ["name", "model"], "/items/*/model is required now"),
        ("required", [], "/number is no longer always there"),
        ("properties/rank", {"type": "integer"}, "/rank may no longer be null"),
        ("properties/number", {"anyOf": [{"type": "string"}, {"type": "null"}]}, "/number may now also be null"),
        ("properties/content/additionalProperties", False, "/content has other additionalProperties"),
        ("properties/items", {"type": "array"}, "/items has other items"),
        ("$defs/State/enum", ["active"], "/state may no longer be 'warned'"),
        ("$defs/State/enum", ["active", "warned", "lost"], "/state may now also be 'lost'"),
        ("$defs/State/enum", None, "/state no longer lists its values"),
        ("properties/number/enum", ["1"], "/number lists its values now"),
        ("properties/granted_on/format", "date-time", "/granted_on has another format"),
        ("properties/number/maxLength", 3, "/number has another maxLength"),
        ("$comment", "audience agency, subject number", "/ has another $comment"),
    ],
)
def test_a_break_is_caught(path: str, value: Any, broken: str) -> None:  # noqa: ANN401 -- any JSON value
    assert compatible(OLD, changed(path, value)) == [broken]


def test_a_narrower_map_is_caught() -> None:
    new = changed("properties/content/additionalProperties", {"type": "string"})
    assert compatible(OLD, new) == ["/content/{} may no longer be any", "/content/{} may now also be string"]


def test_another_type_is_caught_from_both_sides() -> None:
    new = changed("properties/number", {"type": "integer"})
    assert compatible(OLD, new) == ["/number may no longer be string", "/number may now also be integer"]
