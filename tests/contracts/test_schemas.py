import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import jsonschema_rs
import pytest

from common.contracts.applications.applications import ApplicationSubmitted
from common.contracts.catalogue import EVENTS, example
from common.contracts.registry.brands import BrandRevoked
from common.contracts.schema import FOLDER, as_text, dataschema, outside_schema, schema_documents, write
from common.kernel.event import INTERNAL, Audience, Event, Part
from support.rules.compatibility import compatible
from support.rules.golden import RELEASED

EVENT_CLASSES = sorted(EVENTS.values(), key=lambda event_class: event_class.type_name())
RELEASES = sorted(RELEASED.glob("*.json"))


class Plate(Part):
    """A part that only an internal field uses."""

    colour: str


class Frame(Part):
    """A part that an outside field reaches only through another part."""

    width: int


class Picture(Part):
    """A part with a part."""

    frame: Frame


class BrandPainted(Event, service="registry", audience=Audience.AGENCY, subject="brand_id"):
    """涂装: planted, to see what leaves."""

    brand_id: str
    plate: Annotated[Plate, INTERNAL]
    picture: Picture
    added: int | None = None


def committed() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref" and isinstance(value, str))
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from references(child)


def test_the_committed_schemas_are_the_generated_ones() -> None:
    assert committed() == {name: as_text(document) for name, document in schema_documents().items()}


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_every_released_schema_was_only_added_to(release: Path) -> None:
    now = schema_documents()
    old: dict[str, dict[str, Any]] = json.loads(release.read_text(encoding="utf-8"))
    assert sorted(old.keys() - now.keys()) == []
    assert {name: broken for name, schema in old.items() if (broken := compatible(schema, now[name]))} == {}


def test_a_field_missing_from_a_release_would_be_noticed() -> None:
    old = outside_schema(BrandRevoked)
    old["properties"]["removed"] = {"type": "string"}
    assert compatible(old, outside_schema(BrandRevoked)) == ["/removed was removed"]


@pytest.mark.parametrize("event_class", EVENT_CLASSES, ids=lambda event_class: event_class.__name__)
def test_a_schema_is_valid_and_so_are_projection_and_whole(event_class: type[Event]) -> None:
    schema = outside_schema(event_class)
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    event = example(event_class)
    for payload in (event.projection(), event.whole()):
        assert [error.message for error in validator.iter_errors(json.loads(payload))] == []
    assert list(json.loads(event.projection())) == list(schema["properties"])
    assert {f"#/$defs/{part}" for part in schema.get("$defs", {})} == set(references(schema))


def test_internal_fields_and_their_parts_are_in_no_schema() -> None:
    schema = outside_schema(BrandPainted)
    assert list(schema["properties"]) == ["brand_id", "picture", "added"]
    assert schema["required"] == ["brand_id", "picture"]
    assert list(schema["$defs"]) == ["Frame", "Picture"]
    assert "contact" in ApplicationSubmitted.internal_fields()
    assert "ontact" not in json.dumps(outside_schema(ApplicationSubmitted))


def test_what_is_internal_is_in_the_whole_event_only() -> None:
    event = example(ApplicationSubmitted)
    assert b"contact@applicant.example" in event.whole()
    assert b"contact@applicant.example" not in event.projection()


def test_a_schema_says_who_may_see_the_event_and_how_large_it_may_be() -> None:
    found = {schema["title"]: schema["$comment"] for schema in schema_documents().values()}
    assert found == {
        name: f"audience {event_class.audience}, subject {event_class.subject_field}, "
        f"at most {event_class.limit(event_class.audience)} bytes"
        for name, event_class in EVENTS.items()
    }
    assert (
        found["cn.mingpai.notifications.MessageFailed.v1"]
        == "audience internal, subject message_id, at most 524288 bytes"
    )


def test_the_address_names_origin_service_event_and_version() -> None:
    address = "https://mingpai.example.org/schemas/registry.BrandRevoked.v1.json"
    assert dataschema(BrandRevoked, "https://mingpai.example.org") == address
    assert outside_schema(BrandRevoked, "https://mingpai.example.org")["$id"] == address


def test_writing_makes_the_committed_files(tmp_path: Path) -> None:
    write(tmp_path / "schemas")
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "schemas").iterdir()} == committed()
