"""The documentation page of a producer's events: the meaning, audience, subject and fields of each event."""

from collections.abc import Iterator, Mapping
from typing import Final

from common.contracts.catalogue import EVENTS
from common.contracts.schema import Document, Untitled
from common.kernel.event import Event, Part
from common.kernel.values.sizes import KIB, LARGEST

_INTRODUCTION: Final = """\
# Events: {producer}

Generated from `libs/common/src/common/contracts/{producer}/` by `make docs`; change it there. The schemas are served
under `/schemas/`, the AsyncAPI document at `/asyncapi.json`.

Every event is written whole to `mingpai.{producer}.internal.v1`, which only our services read. An event for `public` or
`agency` is also written to `mingpai.{producer}.public.v1` or `mingpai.{producer}.agency.v1`, without the fields marked
*internal*, under the same id. *Bytes* is how many the content may have there; on the internal topic it is {inside} KiB.
A command whose event would be larger is refused as `event-too-large`, and nothing is written. Delivery is at least once
and in order per subject. Ignore fields and skip types you do not know.
"""


def producer_page(producer: str) -> str:
    """Return the page of one producer as Markdown."""
    return "\n".join([_INTRODUCTION.format(producer=producer, inside=LARGEST // KIB), *_events(producer)])


_FORMATS: Final[Mapping[str, str]] = {"date": "date", "date-time": "instant"}


def _events(producer: str) -> Iterator[str]:
    events = [event for event in EVENTS.values() if event.service == producer]
    yield "| Event | When | Audience | Subject | Bytes | Fields |"
    yield "|---|---|---|---|---|---|"
    for event in events:
        term, when = _described(event)
        fields = ", ".join(_named(event, name) for name in event.model_fields)
        known = f"{event.audience} | `{event.subject_field}` | {event.limit(event.audience) // KIB} KiB"
        yield f"| `{event.__name__}` {term} | {when} | {known} | {fields} |"
    yield ""
    yield "## Fields"
    yield ""
    yield "| Event or part | Field | Type | Meaning |"
    yield "|---|---|---|---|"
    yield from dict.fromkeys(row for event in events for row in _kind_rows(event))
    yield from (row for event in events for row in _own_rows(event, of=f"`{event.__name__}`"))
    yield from dict.fromkeys(row for event in events for row in _part_rows(event))
    yield ""


def _described(event_class: type[Part]) -> tuple[str, str]:
    term, _, meaning = " ".join((event_class.__doc__ or "").split()).partition(": ")
    return term, meaning.rstrip(".")


def _named(event_class: type[Event], name: str) -> str:
    return f"`{name}` (internal)" if name in event_class.internal_fields() else f"`{name}`"


def _kind_rows(event_class: type[Event]) -> Iterator[str]:
    for kind in reversed(event_class.__mro__[1:]):
        if issubclass(kind, Event) and kind is not Event:
            sentence = " ".join((kind.__doc__ or "").split())
            carriers = sentence.removeprefix("What ").replace(" carry.", "").replace(" carry that", " that").rstrip(".")
            yield from _own_rows(kind, of=carriers)


def _own_rows(event_class: type[Event], *, of: str) -> Iterator[str]:
    schema = event_class.model_json_schema(schema_generator=Untitled)
    parts = schema.get("$defs", {})
    for name, field in schema["properties"].items():
        if name in event_class.__annotations__:
            yield _row(of, _named(event_class, name), field, parts)


def _part_rows(event_class: type[Event]) -> Iterator[str]:
    parts = event_class.model_json_schema(schema_generator=Untitled).get("$defs", {})
    for part, content in parts.items():
        for name, field in content.get("properties", {}).items():
            yield _row(f"part `{part}`", f"`{name}`", field, parts)


def _row(of: str, name: str, field: Document, parts: Document) -> str:
    return f"| {of} | {name} | {_type(field, parts)} | {field['description'].rstrip('.')} |"


def _type(field: Document, parts: Document) -> str:
    if "$ref" in field:
        part = field["$ref"].rpartition("/")[2]
        values = parts[part].get("enum")
        return f"one of {', '.join(f'`{value}`' for value in values)}" if values else f"`{part}`"
    if "anyOf" in field:
        return " or ".join(_type(choice, parts) for choice in field["anyOf"])
    if field["type"] == "array":
        return f"list of {_type(field['items'], parts)}"
    return _FORMATS.get(field.get("format", ""), field["type"])
