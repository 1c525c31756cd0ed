import copy
import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from common.contracts import asyncapi
from common.contracts.catalogue import EVENTS
from common.contracts.registry.brands import BrandEvent
from common.contracts.review.notices import NoticePublished
from common.kernel.event import Audience, Part

FOLDER = Path(asyncapi.__file__).parent
OFFICIAL = FOLDER / "asyncapi-3.0.0.schema.json"
DOCUMENT = asyncapi.document()


class NoticeItem(Part):
    """Planted: another part of a name that is taken."""

    colour: str


class BrandPainted(BrandEvent):
    """涂装: planted, an event with that part."""

    item: NoticeItem


@pytest.fixture(scope="module")
def official() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(OFFICIAL.read_text(encoding="utf-8")))


def resolved(pointer: str) -> Any:  # noqa: ANN401 -- any place of the document
    place: Any = DOCUMENT
    for step in pointer.removeprefix("#/").split("/"):
        place = place[step]
    return place


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from references(child)


def test_the_document_is_valid_under_the_official_schema(official: jsonschema_rs.Validator) -> None:
    assert [error.message for error in official.iter_errors(DOCUMENT)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("asyncapi",), "2.6.0"),
        (("operations", "registry.public.publish", "action"), "shout"),
        (("channels", "registry.public", "adress"), "x"),
        (("components", "messages", "registry.BrandRevoked.v1", "payload"), 1),
    ],
)
def test_a_broken_document_would_be_refused(
    official: jsonschema_rs.Validator, path: tuple[str, ...], value: object
) -> None:
    broken = copy.deepcopy(DOCUMENT)
    *way, last = path
    place: Any = broken
    for step in way:
        place = place[step]
    place[last] = value
    assert not official.is_valid(broken)


def test_the_official_schema_is_the_vendored_file() -> None:
    note = tomllib.loads((FOLDER / "VENDORED.toml").read_text(encoding="utf-8"))[OFFICIAL.name]
    assert hashlib.sha256(OFFICIAL.read_bytes()).hexdigest() == note["sha256"]
    assert note["licence"] == "Apache-2.0"


def test_every_topic_has_a_channel_and_internal_ones_are_closed() -> None:
    channels = {name: one for name, one in DOCUMENT["channels"].items() if name != "feed"}
    topics = {topic for event_class in EVENTS.values() for topic in event_class.topics()}
    assert {channel["address"] for channel in channels.values()} == topics
    closed = {name for name, channel in channels.items() if channel.get("x-closed")}
    assert closed == {name for name in channels if name.endswith(".internal")}
    assert [name for name in closed if "messages" in channels[name]] == []
    published = {operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values()}
    assert published == {f"#/channels/{name}" for name in ["feed", *(channels.keys() - closed)]}


def test_every_outside_event_is_published_in_exactly_one_topic() -> None:
    published = [
        (channel["address"], resolved(reference["$ref"])["name"])
        for name, channel in DOCUMENT["channels"].items()
        for reference in channel.get("messages", {}).values()
        if name != "feed"
    ]
    assert sorted(published) == sorted(
        (event_class.topics()[1], type_name)
        for type_name, event_class in EVENTS.items()
        if event_class.audience is not Audience.INTERNAL
    )


def test_the_feed_is_a_second_server_with_every_outside_event() -> None:
    feed = DOCUMENT["channels"]["feed"]
    assert feed["address"] == "/v1/events"
    assert [resolved(server["$ref"])["protocol"] for server in feed["servers"]] == ["http"]
    assert {server["protocol"] for server in DOCUMENT["servers"].values()} == {"kafka", "http"}
    assert [resolved(reference["$ref"])["name"] for reference in feed["messages"].values()] == [
        type_name for type_name, event_class in EVENTS.items() if event_class.audience is not Audience.INTERNAL
    ]
    binding = DOCUMENT["operations"]["feed.read"]["bindings"]["http"]
    assert (binding["method"], list(binding["query"]["properties"])) == ("GET", ["after", "types", "limit"])


def test_every_reference_leads_somewhere() -> None:
    assert [pointer for pointer in references(DOCUMENT) if not resolved(pointer)] == []


def test_nothing_internal_is_shown() -> None:
    text = json.dumps(DOCUMENT, ensure_ascii=False)
    assert "Objector" not in text
    assert "citizen.example" not in text
    assert "applicant.example" not in text
    assert "MessageFailed" not in text


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["messages"]))
def test_an_example_is_valid_under_its_own_message(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    (example,) = message["examples"]
    if "headers" in message:  # the envelope stands in headers on Kafka, in the payload over HTTP
        headers = jsonschema_rs.validator_for(message["headers"], validate_formats=True)
        assert [error.message for error in headers.iter_errors(example["headers"])] == []
        assert set(example["headers"]) <= set(message["headers"]["properties"])
    else:
        assert set(example["payload"]) <= set(message["payload"]["properties"])
    payload = jsonschema_rs.validator_for(message["payload"] | {"components": DOCUMENT["components"]})
    assert [error.message for error in payload.iter_errors(example["payload"])] == []
    assert not payload.is_valid({})


def test_the_document_is_the_same_each_time() -> None:
    assert json.dumps(asyncapi.document()) == json.dumps(DOCUMENT)


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="NoticeItem"):
        asyncapi.component_schemas([NoticePublished, BrandPainted])


def test_the_document_of_an_origin_names_no_other_one() -> None:
    text = json.dumps(asyncapi.document("https://brands.example.org"))
    assert "localhost:8000" not in text
    served = asyncapi.document("https://brands.example.org")["servers"]["http"]
    assert (served["protocol"], served["variables"]["origin"]["default"]) == ("https", "brands.example.org")
    assert '"dataschema": "https://brands.example.org/schemas/' in text
