"""The AsyncAPI 3.0 document of the event interface, made from the same models as the events themselves.

It describes what partners may read; the internal topics are named, as closed, and their messages are not shown.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from common.contracts.catalogue import EVENTS, example
from common.contracts.envelope import SEQUENCE_DIGITS, Audience, Envelope, Event, sequence_text, topic
from common.contracts.schema import Document, dataschema, outside_schema

VERSION: Final = "1.0.0"
BINDING_VERSION: Final = "0.5.0"

_AUDIENCES: Final[Mapping[Audience, str]] = {
    Audience.PUBLIC: "What everybody may know. Kept from the first event; replay is allowed.",
    Audience.AGENCY: "What authorised agencies may know, each for its area. Kept from the first event.",
    Audience.INTERNAL: "Every event whole, for the four services only. Closed: no partner is given access.",
}
_TRACEPARENT: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_HEADERS_NOT_ALWAYS_SENT: Final = frozenset({"ce_causationid", "ce_traceparent"})


def document() -> Document:
    """Return the whole document."""
    outside = [event for event in EVENTS.values() if event.audience is not Audience.INTERNAL]
    channels: Document = {}
    operations: Document = {}
    for service in dict.fromkeys(event.service for event in EVENTS.values()):
        for audience in Audience:
            told = [event for event in outside if event.service == service and event.audience is audience]
            if told or audience is Audience.INTERNAL:
                channels[f"{service}.{audience}"] = _channel(service, audience, told)
            if told:
                operations[f"{service}.{audience}.tell"] = _operation(service, audience, told)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:cn:mingpai:events",
        "info": {
            "title": "Mingpai events",
            "version": VERSION,
            "description": (
                "What happens to programmes, applications, reviews and brands, as CloudEvents 1.0 in binary mode. "
                "Delivery is at least once and in order per subject: drop what you have seen by `ce_id`, find gaps by "
                "`ce_sequence`. Ignore fields and skip types you do not know; changes inside a version only add."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "Apache Kafka, in the distributed shape. The feed has the same events.",
                "variables": {
                    "bootstrap": {"default": "localhost:9092", "description": "The bootstrap servers you were given."}
                },
            }
        },
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {event.versioned_name(): _message(event) for event in outside},
            "schemas": component_schemas(outside),
        },
    }


def _channel(service: str, audience: Audience, told: Iterable[type[Event]]) -> Document:
    address = topic(service, audience)
    channel: Document = {
        "address": address,
        "title": f"{service}, {audience}",
        "description": _AUDIENCES[audience],
        "bindings": {"kafka": {"topic": address, "bindingVersion": BINDING_VERSION}},
    }
    if audience is Audience.INTERNAL:
        return channel | {"x-closed": True}
    messages = {event.versioned_name(): {"$ref": f"#/components/messages/{event.versioned_name()}"} for event in told}
    return channel | {"messages": messages}


def _operation(service: str, audience: Audience, told: Iterable[type[Event]]) -> Document:
    channel = f"#/channels/{service}.{audience}"
    return {
        "action": "send",
        "title": f"{service} tells {audience}",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.versioned_name()}"} for event in told],
    }


def _message(event_class: type[Event]) -> Document:
    term, _, meaning = str(outside_schema(event_class)["description"]).partition(": ")
    shown = example(event_class)
    return {
        "name": event_class.type_name(),
        "title": f"{event_class.__name__} {term}",
        "summary": meaning,
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
                "headers": example_headers(shown),
                "payload": json.loads(shown.projection()),
            }
        ],
    }


def example_headers(event: Event) -> dict[str, str]:
    """Return headers that could go with this event."""
    return Envelope(
        id="01506b3a-7c00-7000-8000-0000000000e1",
        type=event.type_name(),
        source=f"/services/{event.service}",
        subject=event.subject,
        time=datetime(2015, 10, 9, 2, 15, tzinfo=UTC),
        dataschema=dataschema(type(event)),
        sequence=sequence_text(1),
        correlationid="01506b3a-7c00-7000-8000-0000000000c1",
        traceparent=_TRACEPARENT,
    ).headers()


def _headers(event_class: type[Event]) -> Document:
    properties: dict[str, dict[str, Any]] = {
        "content-type": {"type": "string", "const": "application/json"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The event's id, the same in every topic."},
        "ce_type": {"type": "string", "const": event_class.type_name()},
        "ce_source": {"type": "string", "format": "uri-reference", "description": "The service that tells it."},
        "ce_subject": {"type": "string", "description": "What it is about; also the record's key."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was recorded, in UTC."},
        "ce_dataschema": {"type": "string", "format": "uri-reference", "description": "Where the schema is served."},
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
    """Return each event's schema and, beside them, their parts; raises ValueError when two parts share a name."""
    found: Document = {}
    for event in events:
        schema = outside_schema(event)
        parts = schema.pop("$defs", {})
        # the document is one resource: its references start from its own root
        del schema["$id"], schema["$schema"]
        for name, part in (parts | {event.versioned_name(): schema}).items():
            moved = json.loads(json.dumps(part).replace('"#/$defs/', '"#/components/schemas/'))
            if found.setdefault(name, moved) != moved:
                raise ValueError(f"two different parts of events are called {name}")
    return found
