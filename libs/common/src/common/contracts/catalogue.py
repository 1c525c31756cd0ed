"""All events by type, and the decoding of a record to an event.

The events are defined in the modules of each producer's package. `decode` ignores unknown fields, returns an unknown
type so that the caller can count and skip the record, and raises `Undecodable` for an unknown version.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from common.contracts import applications, notifications, registry, review
from common.kernel.errors import Permanent
from common.kernel.event import SEQUENCE_DIGITS, Envelope, Event

PRODUCERS: Final[tuple[ModuleType, ...]] = (applications, review, registry, notifications)

_VERSIONED: Final = re.compile(r"(?P<name>.+)\.v\d+")
_SEQUENCE: Final = re.compile(rf"[0-9]{{{SEQUENCE_DIGITS}}}")
_SHOWN_ERRORS: Final = 5


class Undecodable(Permanent):
    """A record that can never be decoded: `reason` is a code; `detail` names the place, never the content."""

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
    """A well-formed record of a type that this release does not know: the caller counts and skips it."""

    type: str


def _events_of(producer: ModuleType) -> Iterator[type[Event]]:
    for kind in pkgutil.iter_modules(producer.__path__, f"{producer.__name__}."):
        for member in vars(importlib.import_module(kind.name)).values():
            # the names of the base classes, which define the common fields of several events, end in "Event"
            if (
                isinstance(member, type)
                and issubclass(member, Event)
                and member.__module__ == kind.name
                and not member.__name__.endswith("Event")
            ):
                yield member


EVENTS: Final[Mapping[str, type[Event]]] = {
    event.type_name(): event for producer in PRODUCERS for event in _events_of(producer)
}


@cache
def _families() -> frozenset[str]:
    return frozenset(type_name.rpartition(".v")[0] for type_name in EVENTS)


def decode(headers: Mapping[str, str], payload: bytes) -> Decoded | UnknownType:
    """Decode a record of an internal topic; records of the other topics lack the internal fields.

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
