"""The JSON Schema (2020-12) of each event as the outside sees it: without the fields that stay on the internal topic.

The schemas lie in `schemas/` beside this module, are served under `/schemas/`, and change by addition only. After a
change of the contract: `python -m common.contracts.schema`.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic.json_schema import GenerateJsonSchema

from common.contracts.catalogue import EVENTS
from common.contracts.envelope import Event

Document: TypeAlias = dict[str, Any]

FOLDER: Final = Path(__file__).with_name("schemas")
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_REFERENCE: Final = re.compile(r'"\$ref": "#/\$defs/([^"]+)"')


class Untitled(GenerateJsonSchema):
    """A generator that spares every field the title made of its own name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 -- pydantic's signature
        """Answer no: the description says what the field is."""
        return False


def file_name(event_class: type[Event]) -> str:
    """Name the file of an event's schema, e.g. `registry.BrandRevoked.v1.json`."""
    return f"{event_class.versioned_name()}.json"


def dataschema(event_class: type[Event]) -> str:
    """Return the path under which the schema is served: the `dataschema` of the envelope."""
    return f"/schemas/{file_name(event_class)}"


def outside_schema(event_class: type[Event]) -> Document:
    """Return the schema of the event without its internal fields and without parts that only they use.

    `x-audience` says who may see it; an event for `internal` is described for our own services alone. A field with a
    default is not required, so that events stored before it existed stay valid.
    """
    generated = event_class.model_json_schema(schema_generator=Untitled)
    inside = event_class.internal_fields()
    properties = {name: value for name, value in generated["properties"].items() if name not in inside}
    schema: Document = {
        "$schema": DIALECT,
        "$id": dataschema(event_class),
        "title": event_class.type_name(),
        "description": generated["description"],
        "x-audience": str(event_class.audience),
        "x-subject": event_class.subject_field,
        "type": "object",
        "properties": properties,
        "required": [name for name in generated["required"] if name not in inside],
    }
    parts = _used(properties, generated.get("$defs", {}))
    return schema | ({"$defs": parts} if parts else {})


def schema_documents() -> Mapping[str, Document]:
    """Return every event's schema by the name of its file, made from the models."""
    return {file_name(event_class): outside_schema(event_class) for event_class in EVENTS.values()}


def as_text(document: Document) -> str:
    """Write a schema the way it lies in the repository."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write(folder: Path = FOLDER) -> None:
    """Write every schema file; a file of an event that is gone stays, for the compatibility test to find."""
    folder.mkdir(exist_ok=True)
    for name, document in schema_documents().items():
        (folder / name).write_text(as_text(document), encoding="utf-8")


def _used(properties: Document, parts: Document) -> Document:
    """Return the parts that the properties reach, also through other parts, in the order of their names."""
    reached: set[str] = set()
    waiting = set(_REFERENCE.findall(json.dumps(properties)))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= set(_REFERENCE.findall(json.dumps(parts[name])))
    return {name: parts[name] for name in sorted(reached)}


if __name__ == "__main__":
    write()
