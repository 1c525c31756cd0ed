"""Every event there is, by type, and how a record becomes one.

A reader is tolerant: fields it does not know are ignored, types it does not know are named so that they can be counted
and skipped, a version it does not know is set aside.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from common.contracts import applications, notifications, registry, review
from common.contracts.envelope import SEQUENCE_DIGITS, Envelope, Event
from common.errors import Permanent

PRODUCERS: Final[tuple[ModuleType, ...]] = (applications, review, registry, notifications)

_VERSIONED: Final = re.compile(r"(?P<name>.+)\.v\d+")
_SEQUENCE: Final = re.compile(rf"[0-9]{{{SEQUENCE_DIGITS}}}")
_SHOWN_ERRORS: Final = 5


class Undecodable(Permanent):
    """A record that will never become an event: `reason` is a code, `detail` says where, without its content."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


class Decoded(NamedTuple):
    """A record that was understood."""

    envelope: Envelope
    event: Event


class UnknownType(NamedTuple):
    """A well-formed record of a type this release does not know: count it, skip it."""

    type: str


def _events_of(producer: ModuleType) -> tuple[type[Event], ...]:
    # the bases, which name what all events of a kind of subject carry, end in "Event"
    return tuple(
        member
        for member in vars(producer).values()
        if isinstance(member, type)
        and issubclass(member, Event)
        and member.__module__ == producer.__name__
        and not member.__name__.endswith("Event")
    )


EVENTS: Final[Mapping[str, type[Event]]] = {
    event.type_name(): event for producer in PRODUCERS for event in _events_of(producer)
}


@cache
def _families() -> frozenset[str]:
    return frozenset(type_name.rpartition(".v")[0] for type_name in EVENTS)


def decode(headers: Mapping[str, str], payload: bytes) -> Decoded | UnknownType:
    """Read the event out of a record of any topic but an outside one, where internal fields are missing.

    Raises `Undecodable`, which is `Permanent`, with the reason `malformed-envelope`, `malformed-payload` or
    `unknown-version`.
    """
    envelope = _envelope(headers)
    event_class = EVENTS.get(envelope.type)
    if event_class is None:
        versioned = _VERSIONED.fullmatch(envelope.type)
        if versioned and versioned["name"] in _families():
            raise Undecodable("unknown-version", envelope.type)
        return UnknownType(envelope.type)
    try:
        event = event_class.model_validate_json(payload)
    except ValidationError as error:
        raise Undecodable("malformed-payload", _places(error)) from None
    if event.subject != envelope.subject:
        raise Undecodable("malformed-envelope", f"ce_subject differs from {event_class.subject_field}")
    return Decoded(envelope, event)


def example(event_class: type[Event]) -> Event:
    """Build the event from the first example of each of its fields."""
    values: dict[str, Any] = {name: (field.examples or [None])[0] for name, field in event_class.model_fields.items()}
    return event_class.model_validate(values)


def _envelope(headers: Mapping[str, str]) -> Envelope:
    try:
        envelope = Envelope.from_headers(headers)
    except KeyError as error:
        raise Undecodable("malformed-envelope", f"{error.args[0]} is missing") from None
    except (ValueError, TypeError):
        raise Undecodable("malformed-envelope", "ce_time is no instant") from None
    if headers.get("ce_specversion") != "1.0":
        raise Undecodable("malformed-envelope", "ce_specversion is not 1.0")
    if envelope.time.tzinfo is None:
        raise Undecodable("malformed-envelope", "ce_time has no offset")
    if not _SEQUENCE.fullmatch(envelope.sequence):
        raise Undecodable("malformed-envelope", f"ce_sequence is not {SEQUENCE_DIGITS} digits")
    for name in ("id", "type", "source", "subject"):
        if not getattr(envelope, name):
            raise Undecodable("malformed-envelope", f"ce_{name} is empty")
    return envelope


def _places(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [f"/{'/'.join(str(part) for part in one['loc'])} {one['type']}" for one in found[:_SHOWN_ERRORS]]
    if len(found) > _SHOWN_ERRORS:
        shown.append(f"and {len(found) - _SHOWN_ERRORS} more")
    return ", ".join(shown)
