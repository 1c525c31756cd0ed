"""Whether a new JSON Schema of an event only adds to an old one.

Both directions count: events stored under the old schema are replayed to new readers, and old readers get new events.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

# what a schema asserts beyond types, properties and items; words about it may change freely
_ASSERTIONS: Final = (
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "$comment",  # the audience and the subject of an event
)


def compatible(old: Schema, new: Schema) -> list[str]:
    """List what a change breaks, each with the place; an empty list means that it only adds."""
    return list(_compare("", _Node(old, old), _Node(new, new)))


class _Node:
    """A place in a schema, with its reference followed."""

    def __init__(self, schema: Schema, root: Schema) -> None:
        while "$ref" in schema:
            beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
            schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")] | beside
        self.schema, self.root = schema, root

    def at(self, schema: Schema) -> "_Node":
        return _Node(schema, self.root)

    def choices(self) -> dict[str, "_Node"]:
        """Return the alternatives by type; a schema that asserts no type stands under `any`."""
        found: dict[str, _Node] = {}
        for choice in self.schema.get("anyOf", [self.schema]):
            node = self.at(choice)
            types = node.schema.get("type", "any")
            for name in types if isinstance(types, list) else [types]:
                found[name] = node
        return found


def _compare(place: str, old: _Node, new: _Node) -> Iterator[str]:
    before, after = old.choices(), new.choices()
    at = place or "/"
    for name in sorted(before.keys() - after.keys()):
        yield f"{at} may no longer be {name}"
    for name in sorted(after.keys() - before.keys()):
        yield f"{at} may now also be {name}"
    for name in sorted(before.keys() & after.keys()):
        yield from _same_type(place, before[name], after[name])


def _same_type(place: str, old: _Node, new: _Node) -> Iterator[str]:
    at = place or "/"
    for keyword in _ASSERTIONS:
        if old.schema.get(keyword) != new.schema.get(keyword):
            yield f"{at} has another {keyword}"
    yield from _values(at, old.schema.get("enum"), new.schema.get("enum"))
    yield from _properties(place, old, new)
    for keyword, step in (("items", "/*"), ("additionalProperties", "/{}")):
        before, after = old.schema.get(keyword), new.schema.get(keyword)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _compare(place + step, old.at(before), new.at(after))
        elif before != after:
            yield f"{at} has other {keyword}"


def _values(at: str, old: list[Any] | None, new: list[Any] | None) -> Iterator[str]:
    if old is None or new is None:
        if old != new:
            yield f"{at} {'lists its values now' if old is None else 'no longer lists its values'}"
        return
    yield from (f"{at} may no longer be {value!r}" for value in old if value not in new)
    yield from (f"{at} may now also be {value!r}" for value in new if value not in old)


def _properties(place: str, old: _Node, new: _Node) -> Iterator[str]:
    before: dict[str, Schema] = old.schema.get("properties", {})
    after: dict[str, Schema] = new.schema.get("properties", {})
    must_before, must_after = set(old.schema.get("required", [])), set(new.schema.get("required", []))
    for name, schema in before.items():
        if name in after:
            yield from _compare(f"{place}/{name}", old.at(schema), new.at(after[name]))
        else:
            yield f"{place}/{name} was removed"
    yield from (f"{place}/{name} is required now" for name in sorted(must_after - must_before))
    yield from (f"{place}/{name} is no longer always there" for name in sorted((must_before - must_after) & set(after)))
