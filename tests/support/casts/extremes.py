"""The extremes of every type of our OpenAPI documents: the edges of what is described, and the spellings beside it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from common.kernel.values.numbers import POINTS

Schema = Mapping[str, Any]

TEXTS: Final = (
    "", "\u3000", "名" * 200, "名" * 201, "\U00020bb7" * 200, "x" * 20_001, "a\u200bb", "a\u202eb", "\uf900",
    "葛\U000e0100", "a\nb", "-0",
)  # fmt: skip
"""The types of text are tried with every character by themselves: `test_invisible.py`."""
IN_URL: Final = ("\u3000", "x" * 20_001, "a\u200bb", "\ufdd0x", "\U00031fff", "%", "-0")
"""Texts of a query or a path: every list and read shares the checks of both."""
DAYS: Final = (
    "0000-01-01", "0001-01-01", "0999-12-31", "1000-01-01", "1892-05-01", "1989-12-31", "1990-01-01", "2015-02-29",
    "2100-12-31", "2101-01-01", "2299-12-31", "2300-01-01", "9999-12-31", "10000-01-01", "0", "1445212800", "-1",
    "2015-10-08T00:00:00Z", "２０１５-10-08", " 2015-10-08", "20151008", "2015-10-8", "", 0, 1445212800, 1.5, None,
)  # fmt: skip
INSTANTS: Final = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "1989-12-31T23:59:59Z",
    "1990-01-01T00:00:00Z", "2016-12-31T23:59:60Z", "2100-12-31T23:59:59.999999Z", "2101-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-14:00", "2015-10-08T00:00:00", "2015-10-08", "0", "1445212800",
    "２０１５-10-08T00:00:00Z", "2015-10-08 00:00:00Z", "2015-10-08T00:00:00.123456789Z", "", 0, 1445212800, None,
)  # fmt: skip
DECIMALS: Final = (
    "0", "0.00", "1", "999999999.9999", "1000000000", "0.00001", "1_0", "１０", "٣", " 1 ", "-0", "-1", "+1", "01",
    "1e2", "-0e-999999999", "1e-999999999", "1e999999999", "NaN", "Infinity", "", 0, 1.5, -0.0, True, None,
)  # fmt: skip
NUMBERS: Final = (0, 2**31 - 1, 2**31, 2**53 - 1, -(2**53) + 1)
SPELLINGS: Final = ("1", "-0", "1_0", "１", " 1 ", "1e2", "", 1.0, True, None)
OTHERS: Final[tuple[object, ...]] = ("true", "", 1, None, [], {})


def extremes(schema: Schema) -> Iterator[object]:
    """Yield what a member with this schema is to be tried with, whether it is described or not."""
    for choice in schema.get("anyOf", [schema]):
        match choice:
            case {"format": "date"}:
                yield from DAYS
            case {"format": "date-time"}:
                yield from INSTANTS
            case {"pattern": pattern} if pattern == POINTS:
                yield from DECIMALS
            case {"enum": values}:
                yield from (*values, *OTHERS)
            case {"type": "string"}:
                yield from (*TEXTS, 0, None, {})
            case {"type": "integer"}:
                low, high = choice.get("minimum", 0), choice.get("maximum", 2**53 - 1)
                yield from (low - 1, low, high, high + 1, *NUMBERS, *SPELLINGS)
            case {"type": "array"}:
                items = choice.get("items", {})
                yield from (*OTHERS, *([one] for one in (*extremes(items), {}, None)))
                yield ["x"] * (choice.get("maxItems", 1000) + 1)
            case {"type": "object"}:
                yield from (*OTHERS, *FREE)
            case _:
                yield from OTHERS


FREE: Final[tuple[dict[str, object], ...]] = (
    {"a": 1.5},
    {"a": -0.0},
    {"a": 2**53 - 1},
    {"a": "x\u200b"},
    {"k\u00ad": 1},
    {"": 1},
    {"a": "\U00020bb7" * 20_000},
    {"a": [{}] * 100},
)


def resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Return a schema with the references at its top and in its choices followed."""
    if "$ref" in schema:
        return resolved(schemas[str(schema["$ref"]).rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return {**schema, "anyOf": [resolved(one, schemas) for one in schema["anyOf"]]}
    if "items" in schema:
        return {**schema, "items": resolved(schema["items"], schemas)}
    return schema


def tried(
    schema: Schema, value: object, schemas: Mapping[str, Schema], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield, for every member of a good body, its path and each value that is to be tried in its place."""
    whole = resolved(schema, schemas)
    choices = [one for one in whole.get("anyOf", []) if one.get("type") != "null"]
    whole = choices[0] if len(choices) == 1 and "properties" in choices[0] else whole
    if isinstance(value, dict) and (whole.get("properties") or isinstance(whole.get("additionalProperties"), dict)):
        members: Mapping[str, Schema]
        members = whole.get("properties") or dict.fromkeys([*value][:1], whole["additionalProperties"])
        for name, member in members.items():
            yield from tried(member, value.get(name), schemas, (*path, name))
    if path:
        for one in extremes(whole):
            yield path, one


def put(body: Mapping[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    """Return a copy of a body with another value at a path."""
    first, *rest = path
    return {**body, first: put(body.get(first) or {}, tuple(rest), value) if rest else value}
