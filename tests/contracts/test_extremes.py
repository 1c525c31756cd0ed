"""Every event with each of its fields at the extremes of its type, through every consumer: none becomes a dead letter.

An event that contradicts its grounds is set aside as such (tests/grounds), after it was decoded and compared. The types
of the contracts are those of the request models, so that a command never publishes what they refuse.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import ValidationError

from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.catalogue import EVENTS, example
from common.kernel.digests import digest
from common.kernel.event import Event, Part
from common.kernel.ids import new_id
from common.kernel.values.ruled import unruled
from common.service import Service
from embedded.origin.parts import SERVICES
from support.casts import applying, programmes, reviewing
from support.casts.extremes import put, tried
from support.service.alone import Alone, alone

RULES: Final = reviewing.definition()
DIGEST: Final = programmes.programme(reviewing.HONOUR).digest
SNAPSHOT: Final = reviewing.accepted(RULES).snapshot
KNOWN: Final[dict[str, Any]] = {
    "honour": reviewing.HONOUR,
    "round_id": reviewing.ROUND,
    "programme_digest": DIGEST,
    "definition": RULES,
    "snapshot": SNAPSHOT,
}
"""What a consumer must know already: with another value it would wait, or learn other rules."""
FIXED: Final = frozenset({*KNOWN, "digest", "application_id"})


def good(event_class: type[Event], case: str) -> dict[str, Any]:
    """Return an event's content as JSON that a consumer can process: a new subject, and a case that is known."""
    content: dict[str, Any] = with_case(json.loads(example(event_class).whole()), case)
    content |= {name: value for name, value in KNOWN.items() if name in content}
    if content.get("registration"):
        content["registration"] |= {"programme_digest": DIGEST}
    new = {name: new_id("one") for name in {event_class.subject_field, "review_id", "number"} if name in content}
    if event_class is ProgrammePublished:
        new["digest"] = digest(new)  # an edition is learnt once
    return {**content, **new}


def with_case(value: Any, case: str) -> Any:  # noqa: ANN401 -- any JSON
    """Return the value with the id of this application wherever it names one."""
    if isinstance(value, dict):
        return {name: case if name == "application_id" else with_case(one, case) for name, one in value.items()}
    return [with_case(one, case) for one in value] if isinstance(value, list) else value


def edges(event_class: type[Event], case: str) -> Iterator[tuple[str, Event]]:
    """Yield the event with each of its fields at each extreme that the contract takes."""
    schema = event_class.model_json_schema()
    ids = {event_class.subject_field, "review_id", "number"}
    for path, value in tried(schema, good(event_class, case), schema.get("$defs", {})):
        if FIXED.intersection(path) or path[0] in ids:
            continue
        try:
            event = event_class.model_validate_json(json.dumps(put(good(event_class, case), path, value)))
        except ValidationError:
            continue
        yield f"{'/'.join(path)} {ascii(value)[:60]}", event


async def learned(service: Alone) -> str:
    """Have the service know the rules, the round and one case; returns the id of the application."""
    if service.service.name == "applications":
        return await applying.bring_to(service, "accepted")
    accepted = reviewing.accepted(RULES)
    for event in (reviewing.published(RULES), reviewing.opened(RULES), accepted):
        await service.deliver(event)
    return accepted.application_id


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_no_extreme_of_an_event_becomes_a_dead_letter(
    service: Service, database_url: str, tmp_path: Path
) -> None:
    async with alone(service, database_url, tmp_path) as running:
        case = await learned(running)
        sent = {}
        for consumed in service.consumes:
            for event_class in {consumed, *(one for one in EVENTS.values() if issubclass(one, consumed))}:
                for name, event in edges(event_class, case):
                    sent[await running.put_on_topic(event)] = f"{event_class.__name__} {name}"
        await running.settle()
        letters = [
            (sent.get(row["event_id"]), row["reason"][:300])
            for row in await running.rows("dead_letters")
            if not row["reason_code"].startswith("contradicts-")
        ]
        assert letters == []
        assert len(sent) > 20


def leaves(model: type[Part]) -> Iterator[str]:
    """Yield what is wrong with the types of an event or of a part of it."""
    for name, field in model.model_fields.items():
        yield from (
            f"{model.__name__}.{name}: {flaw}" for flaw in unruled(field.annotation, field.metadata, in_url=True)
        )


def test_every_number_and_day_of_every_event_is_bounded() -> None:
    parts = {part for part in subclasses(Part) if part.__module__.startswith("common.contracts")}
    assert [flaw for part in parts for flaw in leaves(part)] == []
    assert len(parts) > len(EVENTS)


def subclasses(model: type[Part]) -> Iterator[type[Part]]:
    """Yield every part and event that is defined."""
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)
