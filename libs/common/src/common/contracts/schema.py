"""The JSON Schema (2020-12) of each event as published outside: without the fields of the internal topic.

The schemas are stored in `schemas/` next to this module, served under `/schemas/`, and change by addition only. After a
change of the contract run `python -m common.contracts.schema`.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic.json_schema import GenerateJsonSchema

from common.contracts.catalogue import EVENTS
from common.kernel.event import Event

Document: TypeAlias = dict[str, Any]

FOLDER: Final = Path(__file__).with_name("schemas")
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_REFERENCE: Final = re.compile(r'"\$ref": "#/\$defs/([^"]+)"')


class Untitled(GenerateJsonSchema):
    """A schema generator that does not make a field's title from its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 -- pydantic's signature
        """Return false: the description explains the field."""
        return False


def file_name(event_class: type[Event]) -> str:
    """Return the file name of an event's schema, e.g. `registry.BrandRevoked.v1.json`."""
    return f"{event_class.versioned_name()}.json"


def dataschema(event_class: type[Event], url: str) -> str:
    """Return the address at which the origin `url` serves the schema: the `dataschema` of the envelope."""
    return f"{url}/schemas/{file_name(event_class)}"


def outside_schema(event_class: type[Event], url: str = "") -> Document:
    """Return the schema of the event without its internal fields and without parts that only they use.

    It has standard keywords only, because strict validators refuse others; `$comment` names who may see the event, what
    it is about and how many bytes it may have. The schema of an `internal` event is for our own services only. A field
    with a default is not required, so that events stored before it existed stay valid.
    """
    generated = event_class.model_json_schema(schema_generator=Untitled)
    inside = event_class.internal_fields()
    properties = {name: value for name, value in generated["properties"].items() if name not in inside}
    limit = event_class.limit(event_class.audience)
    schema: Document = {
        "$schema": DIALECT,
        "$id": dataschema(event_class, url),
        "title": event_class.type_name(),
        "description": generated["description"],
        "$comment": f"audience {event_class.audience}, subject {event_class.subject_field}, at most {limit} bytes",
        "type": "object",
        "properties": properties,
        "required": [name for name in generated["required"] if name not in inside],
    }
    parts = _used(properties, generated.get("$defs", {}))
    return schema | ({"$defs": parts} if parts else {})


@cache
def schema_documents(url: str = "") -> Mapping[str, Document]:
    """Return every event's schema by the name of its file, made from the models, as the origin `url` serves it."""
    return {file_name(event_class): outside_schema(event_class, url) for event_class in EVENTS.values()}


def as_text(document: Document) -> str:
    """Return a schema as the text of its file."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write(folder: Path = FOLDER) -> None:
    """Write every schema file; the file of a removed event stays, so that the compatibility test finds it."""
    folder.mkdir(exist_ok=True)
    for name, document in schema_documents().items():
        (folder / name).write_text(as_text(document), encoding="utf-8")


def _used(properties: Document, parts: Document) -> Document:
    """Return the parts that the properties refer to, directly or through other parts, sorted by name."""
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
