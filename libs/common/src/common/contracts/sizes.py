"""The largest event that a contract allows, added up from the types of its fields.

A contract about one case is so bounded that its largest event is within the limit: whatever a command accepts can be
published. Lists of a whole round have no end of their own and are measured when they are published.
"""

from typing import Final

from common.contracts.schema import Document, Untitled
from common.kernel.event import Audience, Event
from common.kernel.values.sizes import BYTES_OF_CHARACTER, AtMost, size_of

_BYTES_OF_CONTROL: Final = 6
_FORMATS: Final = {"date": len('"2015-10-08"'), "date-time": len('"2015-10-08T01:00:00.000000Z"')}
_LITERALS: Final = {"boolean": len("false"), "null": len("null")}


class Endless(ValueError):  # noqa: N818 -- it says what is wrong with the type
    """A text, list or object has no largest size."""


def largest(event_class: type[Event], audience: Audience) -> int:
    """Return the bytes of the largest content that the event can have on the topic for this audience.

    Raises Endless for a field without a largest size.
    """
    schema = event_class.model_json_schema(schema_generator=Untitled)
    inside = frozenset[str]() if audience is Audience.INTERNAL else event_class.internal_fields()
    members = {}
    for name, field in schema["properties"].items():
        if name not in inside:
            free = [one.size for one in event_class.model_fields[name].metadata if isinstance(one, AtMost)]
            members[name] = min(free) if free else _largest(field, schema.get("$defs", {}), name)
    return _object(members)


def _object(members: dict[str, int]) -> int:
    return len("{}") + sum(size_of(name) + len(":,") + size for name, size in members.items())


def _largest(field: Document, parts: Document, place: str) -> int:
    match field:
        case {"$ref": name}:
            size = _largest(parts[name.rpartition("/")[2]], parts, place)
        case {"anyOf": choices}:
            size = max(_largest(one, parts, place) for one in choices)
        case {"enum": values}:
            size = max(size_of(value) for value in values)
        case {"properties": members}:
            size = _object({name: _largest(one, parts, f"{place}/{name}") for name, one in members.items()})
        case {"type": "array", "maxItems": most, "items": item}:
            size = len("[]") + int(most) * (_largest(item, parts, place) + len(","))
        case {"format": known} if known in _FORMATS:
            size = _FORMATS[known]
        case {"type": "string", "maxLength": most}:
            size = len('""') + int(most) * (BYTES_OF_CHARACTER if "pattern" in field else _BYTES_OF_CONTROL)
        case {"type": "integer", "minimum": low, "maximum": high}:
            size = max(size_of(low), size_of(high))
        case {"type": literal} if literal in _LITERALS:
            size = _LITERALS[literal]
        case _:
            raise Endless(f"{place}: {field.get('type')} without an end")
    return size
