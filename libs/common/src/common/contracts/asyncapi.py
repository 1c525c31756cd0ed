"""The AsyncAPI 3.0 document of the event interface, made from the same models as the events themselves.

It describes what partners may read, from Kafka and from the HTTP feed; the internal topics are named and marked
as closed, without their messages.
"""

import copy
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from common.contracts.catalogue import EVENTS, example
from common.contracts.schema import Document, dataschema, outside_schema
from common.kernel.event import SEQUENCE_DIGITS, Audience, Envelope, Event, sequence_text, topic

VERSION: Final = "1.0.0"
BINDING_VERSION: Final = "0.5.0"
HTTP_BINDING_VERSION: Final = "0.3.0"
FEED: Final = "/v1/events"
EXAMPLE_ORIGIN: Final = "http://localhost:8000"
"""The origin of the examples where no platform's own is known."""
FEED_MEDIA_TYPES: Final = ("application/json", "text/event-stream", "application/jsonl")

_SERVERS: Final[Mapping[str, Document]] = {
    "kafka": {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "Apache Kafka, in the distributed shape.",
        "variables": {
            "bootstrap": {"default": "localhost:9092", "description": "The bootstrap servers you were given."}
        },
    },
    "http": {
        "host": "{origin}",
        "description": "The feed of the API, in both shapes, with the same events.",
        "variables": {"origin": {"description": "The host and port of the API."}},
    },
}

_AUDIENCES: Final[Mapping[Audience, str]] = {
    Audience.PUBLIC: "What everybody may know. Kept from the first event; replay is allowed.",
    Audience.AGENCY: "What authorised agencies may know, each for its area. Kept from the first event.",
    Audience.INTERNAL: "Every event whole, for the four services only. Closed: no partner is given access.",
}
_TRACEPARENT: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_HEADERS_NOT_ALWAYS_SENT: Final = frozenset({"ce_causationid", "ce_traceparent"})


def document(url: str = EXAMPLE_ORIGIN) -> Document:
    """Return the whole document as the origin `url` serves it."""
    outside = [event for event in EVENTS.values() if event.audience is not Audience.INTERNAL]
    channels: Document = {}
    operations: Document = {}
    for service in dict.fromkeys(event.service for event in EVENTS.values()):
        for audience in Audience:
            published = [event for event in outside if event.service == service and event.audience is audience]
            if published or audience is Audience.INTERNAL:
                channels[f"{service}.{audience}"] = _channel(service, audience, published)
            if published:
                operations[f"{service}.{audience}.publish"] = _operation(service, audience, published)
    channels["feed"] = _feed(outside)
    operations["feed.read"] = _reading(outside)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:cn:mingpai:events",
        "info": {
            "title": "Mingpai events 名牌事件",
            "version": VERSION,
            "description": (
                "方案、申报、评审和称号的全部事件，可从 Kafka 或 HTTP 读取。至少送达一次，同一主体按顺序："
                "以编号去重，以 sequence 发现缺漏；未知的字段忽略，未知的类型跳过。"
                "内容的字节数不超过 x-max-bytes。\n\n"
                "What happens to programmes, applications, reviews and brands, as CloudEvents 1.0: on Kafka in binary "
                "mode, over HTTP in structured mode. Delivery is at least once and in order per subject: drop what you "
                "have seen by its id, find gaps by its sequence. Ignore fields and skip types you do not know; changes "
                "inside a version only add. No content has more bytes than `x-max-bytes` of its message."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": _servers(url),
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {
                **{event.versioned_name(): _message(event, url) for event in outside},
                **{f"{event.versioned_name()}.structured": _structured(event, url) for event in outside},
            },
            "schemas": component_schemas(outside),
        },
    }


def _servers(url: str) -> Document:
    """Return the servers: Kafka, and the origin by whose address the reader came."""
    origin = urlsplit(url)
    servers: Document = copy.deepcopy(dict(_SERVERS))
    servers["http"]["protocol"] = origin.scheme
    servers["http"]["variables"]["origin"]["default"] = origin.netloc
    return servers


def _channel(service: str, audience: Audience, published: Iterable[type[Event]]) -> Document:
    address = topic(service, audience)
    channel: Document = {
        "address": address,
        "title": f"{service}, {audience}",
        "description": _AUDIENCES[audience],
        "servers": [{"$ref": "#/servers/kafka"}],
        "bindings": {"kafka": {"topic": address, "bindingVersion": BINDING_VERSION}},
    }
    if audience is Audience.INTERNAL:
        return channel | {"x-closed": True}
    return channel | {"messages": _references(event.versioned_name() for event in published)}


def _operation(service: str, audience: Audience, published: Iterable[type[Event]]) -> Document:
    channel = f"#/channels/{service}.{audience}"
    return {
        "action": "send",
        "title": f"{service} publishes for {audience}",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.versioned_name()}"} for event in published],
    }


def _feed(outside: Iterable[type[Event]]) -> Document:
    """Describe the feed over HTTP; it contains the same events, and a caller receives those that the token permits."""
    return {
        "address": FEED,
        "title": "HTTP feed 事件流",
        "description": (
            "按顺序读取全部服务的事件，从第一个事件或 after 游标之后开始。"
            "All events of all services in one order, from the first one or after a cursor, as pages of JSON: `items` "
            "holds the messages below, `next_cursor` is given back as `after`. Without a token, what is public."
        ),
        "servers": [{"$ref": "#/servers/http"}],
        "x-media-types": list(FEED_MEDIA_TYPES),
        "messages": _references(f"{event.versioned_name()}.structured" for event in outside),
    }


def _reading(outside: Iterable[type[Event]]) -> Document:
    query = {
        "after": {"type": "string", "description": "The cursor to go on from; without it, the first event."},
        "types": {"type": "array", "items": {"type": "string"}, "description": "Only these CloudEvents types."},
        "limit": {"type": "integer", "minimum": 1, "maximum": 200, "description": "The most events of a page."},
    }
    return {
        "action": "send",
        "title": "the feed answers a reader",
        "channel": {"$ref": "#/channels/feed"},
        "bindings": {
            "http": {
                "method": "GET",
                "query": {"type": "object", "properties": query, "additionalProperties": False},
                "bindingVersion": HTTP_BINDING_VERSION,
            }
        },
        "messages": [{"$ref": f"#/channels/feed/messages/{event.versioned_name()}.structured"} for event in outside],
    }


def _references(names: Iterable[str]) -> Document:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _message(event_class: type[Event], url: str) -> Document:
    term, _, meaning = str(outside_schema(event_class)["description"]).partition(": ")
    shown = example(event_class)
    return {
        "name": event_class.type_name(),
        "title": f"{event_class.__name__} {term}",
        "summary": meaning,
        "x-audience": str(event_class.audience),
        "x-subject": event_class.subject_field,
        "x-max-bytes": event_class.limit(event_class.audience),
        "contentType": "application/json",
        "headers": _headers(event_class),
        "payload": {"$ref": f"#/components/schemas/{event_class.versioned_name()}"},
        "correlationId": {
            "description": "The request from which the event follows.",
            "location": "$message.header#/ce_correlationid",
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"The subject, which is {event_class.subject_field}."},
                "bindingVersion": BINDING_VERSION,
            }
        },
        "examples": [
            {
                "name": event_class.__name__,
                "headers": example_headers(shown, url),
                "payload": json.loads(shown.projection()),
            }
        ],
    }


def _structured(event_class: type[Event], url: str) -> Document:
    """Describe an event as the feed shows it: the envelope and, in `data`, the content."""
    shown = example(event_class)
    headers = example_headers(shown, url)
    binary = _headers(event_class)
    envelope = {name.removeprefix("ce_"): one for name, one in binary["properties"].items() if name.startswith("ce_")}
    required = [name.removeprefix("ce_") for name in binary["required"] if name.startswith("ce_")]
    term, _, meaning = str(outside_schema(event_class)["description"]).partition(": ")
    context = {name.removeprefix("ce_"): value for name, value in headers.items() if name.startswith("ce_")}
    return {
        "name": event_class.type_name(),
        "title": f"{event_class.__name__} {term}",
        "summary": meaning,
        "x-audience": str(event_class.audience),
        "x-subject": event_class.subject_field,
        "x-max-bytes": event_class.limit(event_class.audience),
        "contentType": "application/cloudevents+json",
        "payload": {
            "type": "object",
            "required": [*required, "data"],
            "properties": envelope | {"data": {"$ref": f"#/components/schemas/{event_class.versioned_name()}"}},
        },
        "correlationId": {
            "description": "The request from which the event follows.",
            "location": "$message.payload#/correlationid",
        },
        "examples": [
            {"name": event_class.__name__, "payload": context | {"data": json.loads(shown.projection())}},
        ],
    }


def example_headers(event: Event, url: str = EXAMPLE_ORIGIN) -> dict[str, str]:
    """Return example headers of a record with this event, whose schema the origin `url` serves."""
    return Envelope(
        id="01506b3a-7c00-7000-8000-0000000000e1",
        type=event.type_name(),
        source=f"/services/{event.service}",
        subject=event.subject,
        time=datetime(2015, 10, 9, 2, 15, tzinfo=UTC),
        dataschema=dataschema(type(event), url),
        sequence=sequence_text(1),
        correlationid="01506b3a-7c00-7000-8000-0000000000c1",
        traceparent=_TRACEPARENT,
    ).headers()


def _headers(event_class: type[Event]) -> Document:
    properties: dict[str, dict[str, Any]] = {
        "content-type": {"type": "string", "const": "application/json", "description": "The type of the payload."},
        "ce_specversion": {"type": "string", "const": "1.0", "description": "The version of CloudEvents."},
        "ce_id": {"type": "string", "format": "uuid", "description": "The event's id, the same in every topic."},
        "ce_type": {"type": "string", "const": event_class.type_name(), "description": "What happened."},
        "ce_source": {"type": "string", "format": "uri-reference", "description": "The service that published it."},
        "ce_subject": {"type": "string", "description": "What it is about; also the record's key."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was recorded, in UTC."},
        "ce_dataschema": {"type": "string", "format": "uri", "description": "Where the schema is served."},
        "ce_sequence": {
            "type": "string",
            "pattern": f"^[0-9]{{{SEQUENCE_DIGITS}}}$",
            "description": "Counts the events of the subject without gaps, from 1.",
        },
        "ce_correlationid": {"type": "string", "description": "The request from which it follows."},
        "ce_causationid": {"type": "string", "description": "The event that caused it, if an event did."},
        "ce_traceparent": {"type": "string", "description": "The W3C trace context, if there is one."},
    }
    return {
        "type": "object",
        "required": [name for name in properties if name not in _HEADERS_NOT_ALWAYS_SENT],
        "properties": properties,
    }


def component_schemas(events: Iterable[type[Event]]) -> Document:
    """Return the schemas of the events and of their parts; raises ValueError when two different parts share a name."""
    found: Document = {}
    for event in events:
        schema = outside_schema(event)
        parts = schema.pop("$defs", {})
        # the document is one resource: references start at its root, and a component is titled by its own name
        del schema["$id"], schema["$schema"]
        schema["title"] = event.versioned_name()
        for name, part in (parts | {event.versioned_name(): schema}).items():
            moved = json.loads(json.dumps(part).replace('"#/$defs/', '"#/components/schemas/'))
            if found.setdefault(name, moved) != moved:
                raise ValueError(f"two different parts of events are called {name}")
    return found
