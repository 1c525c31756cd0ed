"""One service alone, whole and in process: its real application over a real database, with a bus file of its own.

Time, ids and identity are the test's: a token is `role|org|division|sub`, the clocks stand still until moved, and
events of other services are given by `tell`. What a command told is read from the outbox.
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

from common.actor import Actor, Role
from common.application import create_app
from common.contracts.envelope import Audience, Envelope, Event, sequence_text, topic
from common.contracts.schema import dataschema
from common.ids import new_id
from common.messaging.bus import Outgoing
from common.messaging.consumer import Consumer
from common.messaging.embedded import open_bus
from common.running import Ports, file_store, running
from common.runtime import Runtime
from common.service import Service
from common.settings import Settings
from common.web.refusals import InvalidToken
from common.worker import groups, home_of

START = datetime(2015, 10, 8, 1, 0, tzinfo=UTC)


class Hands:
    """A clock that stands still until it is moved."""

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

    async def tell(self, event: Event, *, event_id: str | None = None) -> str:
        """Put another service's event on its internal topic and have it taken; returns the event's id."""
        self._sequence += 1
        one = event_id or new_id(None)
        headers = Envelope(
            id=one,
            type=event.type_name(),
            source=f"/services/{event.service}",
            subject=event.subject,
            time=self.system.now(),
            dataschema=dataschema(type(event)),
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
        await self.runtime.bus.publish([row])
        await self.settle()
        return one

    async def settle(self) -> None:
        """Have everything on the bus taken, parked keys included."""
        for consumer in self.consumers:
            await consumer.drain()

    async def told(self, *types: type[Event]) -> list[dict[str, Any]]:
        """Return what waits in the outbox for the internal topic, in order: type name, key and content."""
        table = self.runtime.records.outbox
        async with self.runtime.database.read() as connection:
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
        async with self.runtime.database.read() as connection:
            found = await connection.execute(select(self.service.metadata.tables[table]))
            return [dict(row) for row in found.mappings()]


@asynccontextmanager
async def alone(service: Service, database_url: str, folder: Path) -> AsyncIterator[Alone]:
    """Run one service without its worker: relays do not run, consumers take when they are told to."""
    environ = {
        "MINGPAI_DATA": str(folder),
        "MINGPAI_DATABASE_URL": database_url,
        "MINGPAI_RATE_LIMIT": "1000000/minute",
    }
    settings = Settings.for_service(service.name, environ)
    legal, system = Hands(), Hands()
    bus = await open_bus(folder / "bus.db")
    ports = Ports(
        bus=bus, verifier=PlainTokens(), files=file_store(service, settings), legal=legal, system=system, ids=new_id
    )
    app = create_app(service, settings, lambda: running(service, settings, ports, working=False, migrating=True))
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client,
        ):
            runtime: Runtime = app.state.runtime
            consumers = [Consumer(home_of(runtime), bus, group) for group in groups(service, runtime)]
            for consumer in consumers:
                await consumer.join()
            try:
                yield Alone(service, runtime, client, legal, system, consumers)
            finally:
                for consumer in consumers:
                    await consumer.leave()
    finally:
        await bus.close()
