"""One service alone, whole and in process: its real application over a real database, with a bus file of its own.

The test controls time, ids and identity: a token is `role|org|division|sub`, and the clocks do not move by themselves.
`deliver` delivers an event of another service; `published` returns what the service published, from its outbox.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from common.contracts.schema import dataschema
from common.kernel.actor import Actor, Role
from common.kernel.event import Audience, Envelope, Event, sequence_text, topic
from common.kernel.ids import new_id
from common.messaging.backoff import RetryPolicy
from common.messaging.bus import Outgoing
from common.messaging.consumer.runner import Consumer
from common.messaging.embedded.log import open_bus
from common.observability.instruments import Instruments
from common.process.application import create_app
from common.process.running import file_store, running
from common.process.worker import groups
from common.runtime import Ports, Runtime
from common.service import Service
from common.settings import Settings
from common.web.refusals import InvalidToken
from support.service.databases import owner_url, put_migrated

START = datetime(2015, 10, 8, 1, 0, tzinfo=UTC)


class Hands:
    """A clock that the test moves."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.at

    def move(self, **by: float) -> None:
        """Move it, as `timedelta` takes it: `move(days=3)`."""
        self.at += timedelta(**by)


class PlainTokens:
    """Takes `role|org|division|sub` as a token; several roles are joined by `+`."""

    async def verify(self, token: str) -> Actor:
        """Return the actor that the token spells out."""
        roles, org, division, sub = [*token.split("|"), "", "", ""][:4]
        try:
            held = frozenset(Role(role) for role in roles.split("+"))
        except ValueError as unknown:
            raise InvalidToken(reason="no such role") from unknown
        return Actor(
            sub=sub or f"person-{roles}", org=org or "ORG", roles=held, division=division or None, client="test"
        )


@dataclass
class Alone:
    """A running service with its client."""

    service: Service
    runtime: Runtime
    client: httpx.AsyncClient
    legal: Hands
    system: Hands
    retries: RetryPolicy | None = None
    consumers: list[Consumer] = field(default_factory=list)
    _sequence: int = 0

    async def send(
        self, method: str, path: str, body: object = None, *, who: str = "", key: str | None = "", **headers: str
    ) -> httpx.Response:
        """Send a request as somebody; a POST gets a fresh Idempotency-Key unless one (or None) is given."""
        given = {"Authorization": f"Bearer {who}"} if who else {}
        if method == "POST" and key is not None:
            given["Idempotency-Key"] = key or new_id("key")
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, path, json=body, headers=given)

    async def deliver(self, event: Event, *, event_id: str | None = None) -> str:
        """Publish another service's event on its internal topic and consume it; returns the event's id."""
        one = await self.put_on_topic(event, event_id=event_id)
        await self.settle()
        return one

    async def put_on_topic(self, event: Event, *, event_id: str | None = None) -> str:
        """Publish another service's event on its internal topic; returns the event's id."""
        self._sequence += 1
        one = event_id or new_id(None)
        headers = Envelope(
            id=one,
            type=event.type_name(),
            source=f"/services/{event.service}",
            subject=event.subject,
            time=self.system.now(),
            dataschema=dataschema(type(event), self.runtime.settings.url),
            sequence=sequence_text(self._sequence),
            correlationid="req_test",
        ).headers()
        row = Outgoing(
            topic=topic(event.service, Audience.INTERNAL),
            key=event.subject,
            id=one,
            type=event.type_name(),
            headers=headers,
            payload=event.whole(),
        )
        await self.runtime.ports.bus.publish([row])
        return one

    async def settle(self) -> None:
        """Consume everything on the bus, parked keys included."""
        while sum([await consumer.drain() for consumer in self.consumers]):
            pass  # what one group learns releases keys of another

    async def restart(self) -> None:
        """Replace the consumers by new ones, as a restart of the worker does."""
        for consumer in self.consumers:
            await consumer.leave()
        storage, bus = self.runtime.storage, self.runtime.ports.bus
        self.consumers = [Consumer(storage, bus, one, self.retries) for one in groups(self.service, self.runtime)]
        for consumer in self.consumers:
            await consumer.join()

    async def published(self, *types: type[Event]) -> list[dict[str, Any]]:
        """Return the events in the outbox for the internal topic, in order: type name, key and content."""
        table = self.runtime.storage.records.outbox
        async with self.runtime.storage.database.read() as connection:
            rows = await connection.execute(select(table).order_by(table.c.seq))
            found = [
                {"type": row.type, "key": row.key, "id": row.id, "data": json.loads(row.payload)}
                for row in rows
                if row.topic == topic(self.service.name, Audience.INTERNAL)
            ]
        names = {event.type_name() for event in types}
        return [one for one in found if not names or one["type"] in names]

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """Return every row of one of the service's tables."""
        async with self.runtime.storage.database.read() as connection:
            found = await connection.execute(select(self.service.metadata.tables[table]))
            return [dict(row) for row in found.mappings()]


@asynccontextmanager
async def alone(
    service: Service, database_url: str, folder: Path, *, retries: RetryPolicy | None = None
) -> AsyncIterator[Alone]:
    """Run one service without its worker: relays do not run, a consumer runs when the test asks for it."""
    environ = {
        "MINGPAI_DATA": str(folder),
        "MINGPAI_DATABASE_URL": database_url,
        "MINGPAI_RATE_LIMIT": "1000000/minute",
    }
    if not database_url.startswith("sqlite"):
        environ["MINGPAI_MIGRATION_URL"] = owner_url(database_url)
    settings = Settings.for_service(service.name, environ)
    legal, system = Hands(), Hands()
    bus = await open_bus(folder / "bus.db")
    ports = Ports(
        bus=bus,
        verifier=PlainTokens(),
        files=file_store(service, settings),
        instruments=Instruments(legal=legal, system=system, ids=new_id),
    )
    await put_migrated(database_url, service)
    app = create_app(service, settings, lambda: running(service, settings, ports, working=False, migrating=True))
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client,
        ):
            runtime: Runtime = app.state.runtime
            running_alone = Alone(service, runtime, client, legal, system, retries)
            await running_alone.restart()
            try:
                yield running_alone
            finally:
                for consumer in running_alone.consumers:
                    await consumer.leave()
    finally:
        await bus.close()
