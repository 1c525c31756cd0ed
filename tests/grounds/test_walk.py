"""Every consumed event of every service against each of its grounds: missing, it waits; contradicting, it is set aside.

In neither case is anything written, and the genuine event that follows has its effect.
"""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from sqlalchemy import delete

from common.contracts.review.recusals import RecusalEvent
from common.contracts.review.reviews import Outcome, WithdrawalOutcome
from common.kernel.event import Event, Part
from support.casts import applying
from support.casts.following import Following
from support.casts.grounds import WORLDS, World
from support.service.alone import Alone, alone

OTHERS: Final = {
    "91370102FAKE00013R": "91370202FAKE0003XH",
    "FAMOUS_PRODUCT": "SERVICE_BRAND",
    "SERVICE_BRAND": "FAMOUS_PRODUCT",
    "370102": "370202",
}
REFERENCES: Final = frozenset(
    {"round_id", "programme_digest", "registration.programme_digest", "announcement_id", "deliberation_id"}
    | {"application_id"}
)
"""Members by which an event names a ground: what is named there may still arrive."""
RECORDS: Final = frozenset({"parked", "dead_letters", "inbox", "offsets", "audit", "idempotency"})
CONSUMED: Final = [
    pytest.param(name, kind, id=f"{name}-{kind.__name__}") for name, world in WORLDS.items() for kind in world.believed
]


@dataclass(frozen=True)
class Begun:
    """A world that was brought about once: its service, the files of it, and the events that agree with them."""

    world: World
    files: Path
    events: Mapping[type[Event], Event]

    @asynccontextmanager
    async def running(self, folder: Path) -> AsyncIterator[Alone]:
        """Run the service on a copy of its files."""
        shutil.copytree(self.files, folder, dirs_exist_ok=True)
        async with alone(self.world.service, database_in(folder), folder) as service:
            yield service


def database_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'service.db'}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worlds(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Begun]:
    """Bring each world about once."""
    begun = {}
    for name, world in WORLDS.items():
        files = tmp_path_factory.mktemp(name)
        async with alone(world.service, database_in(files), files) as service:
            begun[name] = Begun(world, files, await world.events(service))
    return begun


def other(value: object) -> Any:  # noqa: ANN401 -- another value of the same type
    match value:
        case str() if not isinstance(value, StrEnum):
            fallback = f"sha256:{'0' * 64}" if value.startswith("sha256:") else f"{value}9"
            return OTHERS.get(value, fallback)
        case StrEnum():
            return next(member for member in type(value) if member is not value)
        case dict():
            return {**value, "planted": "1"}
        case tuple():
            return (*value, "SD-370102")
        case date():
            return value + timedelta(days=1)
    return "other" if value is None else not value if isinstance(value, bool) else value + 1  # type: ignore[operator]  # a count


def variants(part: Part, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the content with one member changed, for each member, by its name."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            for inner, changed in variants(value, f"{prefix}{name}."):
                yield inner, part.model_copy(update={name: changed})
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            for inner, changed in variants(value[0], f"{prefix}{name}."):
                yield inner, part.model_copy(update={name: (changed, *value[1:])})
        else:
            yield f"{prefix}{name}", part.model_copy(update={name: other(value)})


async def contents(service: Alone, leaving_out: frozenset[str]) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the service's own tables and of its outbox."""
    names = service.service.metadata.tables.keys() - RECORDS - leaving_out
    return {name: await service.rows(name) for name in sorted(names)}


async def verdict(service: Alone, event_id: str) -> str:
    """Return what became of an event: believed, waits (also behind another of its key), or aside with the reason."""
    for letter in await service.rows("dead_letters"):
        if letter["event_id"] == event_id:
            return f"aside: {letter['reason_code']}"
    parked = {row["event_id"] for row in await service.rows("parked")}
    return "waits" if event_id in parked else "believed"


async def forget(service: Alone) -> None:
    """Free the keys that are blocked, and begin with fresh consumers, so that one trial does not affect the next."""
    async with service.runtime.storage.database.write() as connection:
        for table in ("parked", *WORLDS[service.service.name].claims):
            await connection.execute(delete(service.service.metadata.tables[table]))
        await connection.commit()
    await service.restart()


def test_every_consumed_event_of_every_service_is_walked() -> None:
    assert {name: set(world.believed) for name, world in WORLDS.items()} == {
        name: {event for reactions in world.service.readers.values() for event in reactions}
        for name, world in WORLDS.items()
    }
    assert len(WORLDS) == 4


@pytest.mark.parametrize(("name", "kind"), CONSUMED)
async def test_an_event_that_contradicts_what_is_known_is_set_aside_and_nothing_is_written(
    worlds: Mapping[str, Begun], tmp_path: Path, name: str, kind: type[Event]
) -> None:
    world, events = worlds[name].world, worlds[name].events
    believed = world.believed[kind]
    free = set(believed.free.split())
    async with worlds[name].running(tmp_path) as service:
        for ground in believed.after:
            await service.deliver(events[ground])
        before = await contents(service, world.claims)
        changed = {member: event for member, event in variants(events[kind]) if member not in free}
        wrong = {}
        for member, event in changed.items():
            found = await verdict(service, await service.deliver(event))
            if not found.startswith("aside: contradicts-") and not (found == "waits" and member in REFERENCES):
                wrong[member] = found
            assert await contents(service, world.claims) == before, member
            await forget(service)

        assert wrong == {}
        assert await verdict(service, await service.deliver(events[kind])) == "believed"
        assert await contents(service, world.claims) != before


@pytest.mark.parametrize(
    ("name", "kind", "ground"),
    [
        pytest.param(name, kind, ground, id=f"{name}-{kind.__name__}-without-{ground.__name__}")
        for name, world in WORLDS.items()
        for kind, believed in world.believed.items()
        for ground in believed.without
    ],
)
async def test_an_event_without_a_ground_waits_or_is_set_aside_and_nothing_is_written(
    worlds: Mapping[str, Begun], tmp_path: Path, name: str, kind: type[Event], ground: type[Event]
) -> None:
    world, events = worlds[name].world, worlds[name].events
    believed = world.believed[kind]
    async with worlds[name].running(tmp_path) as service:
        for one in believed.after:
            if one is not ground:
                await service.deliver(events[one])
        before = await contents(service, world.claims)

        found = await verdict(service, await service.deliver(events[kind]))

        assert found.partition(":")[0] == believed.without[ground]
        assert await contents(service, world.claims) == before
        if found == "waits":
            await service.deliver(events[ground])
            assert await service.rows("parked") == []
            assert await service.rows("dead_letters") == []


@pytest.mark.parametrize(
    "kind",
    [kind for kind in WORLDS["applications"].believed if not issubclass(kind, RecusalEvent)],
    ids=lambda kind: kind.__name__,
)
async def test_nothing_is_believed_of_an_application_that_was_never_accepted(
    worlds: Mapping[str, Begun], tmp_path: Path, kind: type[Event]
) -> None:
    world, accepted = worlds["applications"].world, worlds["applications"].events
    async with worlds["applications"].running(tmp_path) as service:
        draft = await applying.begin(service, (await service.rows("rounds"))[0]["id"], category="other")
        of = await Following.of(service, draft["id"])
        event = next(event for event in _about(of) if type(event) is kind)
        before = await contents(service, world.claims)

        found = await verdict(service, await service.deliver(event))

        assert found == "aside: contradicts-application"
        assert await contents(service, world.claims) == before
        assert kind in accepted


def _about(of: Following) -> Iterator[Event]:
    yield from (of.opened(), of.listed(), of.called_up(), of.on_notice(), of.completed())
    yield from (of.registered(), of.in_force(), of.expired())
    yield from (of.drawn("expert-1"), of.panel_changed("expert-1"), of.panel_dissolved())
    yield of.settled(WithdrawalOutcome.TOO_LATE)
    for kind in WORLDS["applications"].believed:
        if kind.__name__ in {"BrandWarned", "BrandSuspended", "BrandReinstated", "BrandRevoked", "BrandCancelled"}:
            yield of.ruled(kind)  # type: ignore[arg-type]  # one of the acts


@pytest.mark.parametrize("name", ["applications", "notifications"])
async def test_no_brand_is_believed_of_a_case_that_was_not_recognised(
    worlds: Mapping[str, Begun], tmp_path: Path, name: str
) -> None:
    by_name = {kind.__name__: event for kind, event in worlds[name].events.items()}
    async with worlds[name].running(tmp_path) as service:
        for before in ("ApplicationSubmitted", "ApplicationAccepted"):
            if before in by_name:
                await service.deliver(by_name[before])
        await service.deliver(by_name["ReviewCompleted"].model_copy(update={"outcome": Outcome.NOT_RECOGNISED}))

        assert await verdict(service, await service.deliver(by_name["BrandRegistered"])) == "aside: contradicts-outcome"


def test_the_free_members_are_members_of_an_event_that_the_table_stands_for() -> None:
    for world in WORLDS.values():
        for line in world.believed.values():
            members = {
                name for kind, one in world.believed.items() if one.free == line.free for name in kind.model_fields
            }
            assert {name.partition(".")[0] for name in line.free.split()} <= members
