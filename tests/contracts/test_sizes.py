"""How large an event can be: each contract about one case stays below its limit, whatever a command accepts."""

import re
from typing import Any, Final

import pytest

from common.codes.mail_address import is_mail_address
from common.contracts.asyncapi import document
from common.contracts.catalogue import EVENTS, example
from common.contracts.schema import outside_schema
from common.contracts.sizes import Endless, largest
from common.kernel.errors import EventTooLarge
from common.kernel.event import Audience, Event
from common.kernel.values.sizes import KIB, LARGEST, LARGEST_OUTSIDE, AtMost
from support.casts.extremes import resolved

LARGE: Final = {
    "ProgrammePublished",
    "ShortlistProposed",
    "NoticePublished",
    "ListConfirmed",
    "AnnouncementPublished",
    "DeliberationConcluded",
}
RARE: Final = "\U00020bb7"
EVERY: Final = [
    pytest.param(event, audience, id=f"{event.__name__}-{audience}")
    for event in EVENTS.values()
    for audience in dict.fromkeys((Audience.INTERNAL, event.audience))
]
OF_A_CASE: Final = [one for one in EVERY if one.values[0].__name__ not in LARGE]  # type: ignore[union-attr]  # a class


class Unbounded(Event, service="review", audience=Audience.PUBLIC, subject="thing"):
    """An event without bounds."""

    thing: str
    text: str


class UnboundedOfRound(Unbounded, large=True):
    """An event without bounds about a whole round."""


def test_events_about_a_whole_round_or_programme_have_as_much_room_outside_as_inside() -> None:
    room = {event.__name__: {event.limit(audience) for audience in Audience} for event in EVENTS.values()}
    assert room == {name: {LARGEST} if name in LARGE else {LARGEST, LARGEST_OUTSIDE} for name in room}
    assert (LARGEST, LARGEST_OUTSIDE) == (512 * 1024, 64 * 1024)


@pytest.mark.parametrize(("event_class", "audience"), OF_A_CASE)
def test_the_largest_event_about_a_case_is_below_its_limit(event_class: type[Event], audience: Audience) -> None:
    assert largest(event_class, audience) <= event_class.limit(audience)


def test_the_largest_programme_is_below_its_limit_and_a_list_has_no_largest_size() -> None:
    for event_class in EVENTS.values():
        if event_class.__name__ == "ProgrammePublished":
            assert largest(event_class, Audience.PUBLIC) <= LARGEST
        elif event_class.__name__ in LARGE:
            with pytest.raises(Endless, match=r"(items|votes): array without an end"):
                largest(event_class, event_class.audience)


def fullest(event_class: type[Event]) -> Event:
    """Return the event with every field as large as its type allows."""
    schema = event_class.model_json_schema()
    parts = schema.get("$defs", {})
    shown = example(event_class).model_dump(mode="json")
    content = {}
    for name, field in schema["properties"].items():
        free = [one.size for one in event_class.model_fields[name].metadata if isinstance(one, AtMost)]
        content[name] = {"": "x" * (free[0] - len('{"":""}'))} if free else _full(field, parts, shown[name])
    return event_class.model_validate(content)


def _full(field: dict[str, Any], parts: dict[str, Any], shown: Any) -> Any:  # noqa: ANN401 -- any JSON
    whole = dict(resolved(field, parts))
    choices = [resolved(one, parts) for one in whole.get("anyOf", [whole]) if one.get("type") != "null"]
    match choices[0]:
        case {"enum": values}:
            value = max(values, key=len)
        case {"properties": members}:
            known = shown if isinstance(shown, dict) else {}
            value = {name: _full(one, parts, known.get(name)) for name, one in members.items()}
        case {"type": "array", "maxItems": most, "items": item}:
            value = [_full(item, parts, None)] * most
        case {"format": "date-time"}:
            value = "2015-10-08T01:00:00.123456Z"
        case {"format": _}:
            value = shown or "2015-10-08"
        case {"type": "string"} if isinstance(shown, str) and is_mail_address(shown):
            value = shown
        case {"type": "string", "maxLength": most, "pattern": pattern} if not re.search(pattern, RARE * most):
            value = shown
        case {"type": "string", "maxLength": most}:
            value = RARE * most
        case {"type": "integer", "maximum": high}:
            value = high
        case _:
            value = False
    return value


@pytest.mark.parametrize(("event_class", "audience"), OF_A_CASE)
def test_the_sum_of_the_types_is_what_an_event_at_its_caps_has(event_class: type[Event], audience: Audience) -> None:
    full = fullest(event_class)
    size = len(full.whole() if audience is Audience.INTERNAL else full.projection())
    assert size <= largest(event_class, audience) < size + 8 * KIB
    assert set(full.payloads()) == set(event_class.topics())


def test_an_event_is_refused_from_one_byte_above_the_limit_of_any_of_its_topics() -> None:
    around = len(Unbounded(thing="1", text="").whole())
    for kind, limit in ((Unbounded, LARGEST_OUTSIDE), (UnboundedOfRound, LARGEST)):
        at_limit = kind(thing="1", text="x" * (limit - around)).payloads()
        assert {name: len(content) for name, content in at_limit.items()} == dict.fromkeys(kind.topics(), limit)
        with pytest.raises(EventTooLarge) as refused:
            kind(thing="1", text="x" * (limit - around + 1)).payloads()
        assert refused.value.params == {"event": kind.type_name(), "size": limit + 1, "limit": limit}


def test_the_limit_is_in_the_schema_and_in_the_asyncapi_document() -> None:
    messages = document()["components"]["messages"]
    for event_class in EVENTS.values():
        limit = LARGEST if event_class.__name__ in LARGE else LARGEST_OUTSIDE
        if event_class.audience is Audience.INTERNAL:
            continue
        assert outside_schema(event_class)["$comment"].endswith(f", at most {limit} bytes")
        names = (event_class.versioned_name(), f"{event_class.versioned_name()}.structured")
        assert [messages[name]["x-max-bytes"] for name in names] == [limit, limit]
