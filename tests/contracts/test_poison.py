"""Forty records that can never be processed, on forty keys, before every reaction of every service: nothing waits."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from common.contracts.catalogue import EVENTS, example
from common.kernel.event import Audience, Envelope, Event, sequence_text, topic
from common.kernel.ids import new_id
from common.messaging.backoff import RetryPolicy
from common.messaging.bus import Outgoing
from common.messaging.consumer.blocked import blocked_keys
from common.messaging.consumer.parking import Waiting
from common.service import Reaction, Service
from common.storage.work import Work
from embedded.origin.parts import SERVICES
from support.service.alone import START, Alone, alone

POISON: Final = 40
ORDINARY: Final = 12
LONGEST_SECONDS: Final = 2.0


class Poison(NamedTuple):
    """A kind of record that can never be processed: what it changes of a good one, and the code of its dead letter."""

    code: str
    payload: bytes | None = None
    headers: Callable[[dict[str, str]], dict[str, str]] = dict


def newer(headers: dict[str, str]) -> dict[str, str]:
    return headers | {"ce_type": headers["ce_type"].rpartition(".v")[0] + ".v99"}


KINDS: Final = (
    Poison("malformed-payload", b"no json"),
    Poison("malformed-payload", b""),
    Poison("malformed-payload", b"[]"),
    Poison("malformed-payload", b"{}"),
    Poison("malformed-payload", b"[" * 100_000),
    Poison("malformed-payload", b"\xff\xfe"),
    Poison("unknown-version", headers=newer),
    Poison("malformed-envelope", headers=lambda _: {}),
    Poison("malformed-envelope", headers=lambda good: good | {"ce_time": "yesterday"}),
    Poison("malformed-envelope", headers=lambda good: good | {"ce_subject": "another"}),
)
OUTSIDE_KINDS: Final = (
    *(Poison("malformed-payload", kind.payload) for kind in KINDS if kind.payload not in {None, b"{}"}),
    Poison("malformed-payload", b'{"division": {}}'),
    Poison("malformed-payload", b'{"applicant": 7}'),
)
OUTSIDE: Final = sorted({name for event in EVENTS.values() for name in event.topics()[1:]})


def good(event_class: type[Event], name: str, number: int) -> Outgoing:
    """Return an example of the event on a topic, about the subject with this number."""
    event = example(event_class)
    one, key = new_id(None), f"{event.subject}-{event_class.__name__}-{number}"
    event = event.model_copy(update={event.subject_field: key})
    headers = Envelope(
        id=one,
        type=event.type_name(),
        source=f"/services/{event.service}",
        subject=key,
        time=START,
        dataschema="https://example.test/none",
        sequence=sequence_text(number + 1),
        correlationid="req_poison",
    ).headers()
    payload = event.whole() if name == topic(event.service, Audience.INTERNAL) else event.projection()
    return Outgoing(topic=name, key=key, id=one, type=event.type_name(), headers=headers, payload=payload)


def poisoned(event_class: type[Event], name: str, number: int, kind: Poison) -> Outgoing:
    found = good(event_class, name, number)
    payload = found.payload if kind.payload is None else kind.payload
    return found._replace(headers=kind.headers(dict(found.headers)), payload=payload)


async def no_wait(seconds: float) -> None:
    raise AssertionError(f"the consumer waited for {seconds} s")


async def set_aside(running: Alone, event_class: type[Event], name: str, kinds: tuple[Poison, ...]) -> list[str]:
    """Publish the poison and ordinary events behind it, and consume them; returns the ids of the ordinary ones."""
    code_of = {}
    rows = []
    for number in range(POISON):
        kind = kinds[number % len(kinds)]
        rows.append(poisoned(event_class, name, number, kind))
        code_of[rows[-1].key] = kind.code
    ordinary = [good(event_class, name, POISON + number) for number in range(ORDINARY)]
    assert not any(await running.runtime.ports.bus.publish([*rows, *ordinary]))

    begun = time.process_time()
    await running.settle()
    assert time.process_time() - begun < LONGEST_SECONDS  # of work; it never waits: `no_wait`

    assert not [consumer.name for consumer in running.consumers if consumer.paused]
    letters = {letter["key"]: letter["reason_code"] for letter in await running.rows("dead_letters")}
    assert {key: letters.get(key) for key in code_of} == code_of
    storage = running.runtime.storage
    listed = {one["key"] for one in await blocked_keys(storage.database, storage.records) if one["why"] == "dead"}
    assert listed == letters.keys()  # of ordinary ones too: the example may contradict an earlier one
    return [one.id for one in ordinary]


@pytest.mark.parametrize("service", SERVICES, ids=[service.name for service in SERVICES])
async def test_poison_before_each_reaction_is_set_aside_and_the_events_behind_it_are_processed(
    service: Service, database_url: str, tmp_path: Path
) -> None:
    called: list[str] = []

    def noting(reaction: Reaction) -> Reaction:
        async def noted(work: Work, event: Event) -> Waiting | None:
            called.append(str(work.correlation.caused_by))
            return await reaction(work, event)

        return noted

    noted = replace(service, consumes={event: noting(reaction) for event, reaction in service.consumes.items()})
    async with alone(noted, database_url, tmp_path, retries=RetryPolicy(sleep=no_wait)) as running:
        for event_class in service.consumes:
            called.clear()
            inside = topic(event_class.service, Audience.INTERNAL)
            ordinary = await set_aside(running, event_class, inside, KINDS)
            assert set(called) == set(ordinary)


async def test_poison_before_the_feed_is_set_aside_and_the_events_behind_it_are_in_the_feed(
    database_url: str, tmp_path: Path
) -> None:
    (service,) = [one for one in SERVICES if one.follows is not None]
    async with alone(service, database_url, tmp_path, retries=RetryPolicy(sleep=no_wait)) as running:
        kept: set[str] = set()
        for name in OUTSIDE:
            event_class = next(event for event in EVENTS.values() if name in event.topics())
            kept |= set(await set_aside(running, event_class, name, OUTSIDE_KINDS))
            assert {one["event_id"] for one in await running.rows("feed")} == kept


def test_every_service_reacts_to_something() -> None:
    assert [service.name for service in SERVICES if not service.consumes] == []
