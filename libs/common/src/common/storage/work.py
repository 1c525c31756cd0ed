"""The unit of work: what one command or reaction reads and changes, written in one commit.

Order of writing: aggregates (flushed), audit, outbox. The caller then stores its own proof (the idempotent answer, or
the inbox row that it wrote first) and commits. An event is written only after the versioned update of its own subject.
"""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from common.actor import Actor
from common.clock import Clock
from common.contracts.envelope import Audience, Envelope, sequence_text, topic
from common.contracts.schema import dataschema
from common.correlation import Correlation
from common.digests import digest_bytes
from common.errors import Conflict, MingpaiError, Stale
from common.ids import Ids
from common.model import Aggregate, Recorded
from common.storage.awaiting import release
from common.storage.engine import constraint_name
from common.storage.records import Records, into
from common.storage.store import Store

A = TypeVar("A", bound=Aggregate)
T = TypeVar("T")

ASKERS: Final = 1_000
"""Questions that are kept for who asked them, since making one costs more than asking it; the oldest go first."""

Question: TypeAlias = Select[*tuple[Any, ...]]
Found: TypeAlias = Row[*tuple[Any, ...]]


class ChangedMeanwhile(Conflict):
    """Two requests changed the same thing at once and this one came second."""

    code = "changed-meanwhile"
    zh = "该记录刚被他人修改，请刷新后重试。"
    en = "Somebody else changed this record just now; read it again and retry."


class AlreadyExists(Conflict):
    """A thing with the same key is stored already."""

    code = "already-exists"
    zh = "相同的记录已存在。"
    en = "Such a record exists already."


class VersionStale(Stale):
    """The caller's If-Match names an older version."""

    code = "version-stale"
    zh = "您看到的版本（{seen}）已过期，当前版本为 {current}。"
    en = "You have seen version {seen}; the current version is {current}."


class Work:
    """Loads what the actor may see, collects what happens to it and writes it with its audit and outbox rows."""

    def __init__(
        self,
        *,
        connection: AsyncConnection,
        records: Records,
        service: str,
        actor: Actor,
        correlation: Correlation,
        legal: Clock,
        system: Clock,
        ids: Ids,
        named_errors: Mapping[str, type[MingpaiError]] | None = None,
    ) -> None:
        self.connection = connection
        self.records = records
        self.service = service
        self.actor = actor
        self.correlation = correlation
        self._legal = legal
        self._system = system
        self.new_id = ids
        self.etag: int | None = None
        self.location: str | None = None
        self.told = 0
        self._named_errors = named_errors or {}
        self._touched: dict[int, Aggregate] = {}

    @cached_property
    def now(self) -> datetime:
        """The legal instant at which this work is done, the same to its end; looked up when first asked for."""
        return self._legal.now()

    @cached_property
    def system_now(self) -> datetime:
        """The system's instant at which this work is done, the same to its end."""
        return self._system.now()

    @cached_property
    def _session(self) -> AsyncSession:
        return AsyncSession(bind=self.connection, expire_on_commit=False, autoflush=False)

    async def get(self, store: Store[A], key: str, *, version: int | None = None) -> A:
        """Load one aggregate for change, locked, if the actor may see it.

        Raises the store's own NotFound, also for what is not the actor's, and VersionStale when `version` is given
        and is not the current one.
        """
        aggregate = await self._load(store, key)
        if version is not None and aggregate.version != version:
            raise VersionStale(seen=version, current=aggregate.version)
        return self._touch(aggregate)

    async def consult(self, store: Store[A], key: str) -> A:
        """Load one aggregate to go by: until this work ends nobody changes it, and others may go by it as well.

        It is not to be changed here. Raises the store's own NotFound, also for what is not the actor's.
        """
        return await self._load(store, key, shared=True)

    async def find(self, store: Store[A], *where: ColumnElement[bool], limit: int | None = None) -> list[A]:
        """Load every visible aggregate that fits (or the first `limit`), locked.

        They are locked in the order of their ids, so that two works never deadlock.
        """
        statement = select(store.model).where(store.visible(self.actor), *where).order_by(store.model.id).limit(limit)
        found = (await self._session.execute(statement.with_for_update())).scalars().all()
        return [self._touch(aggregate) for aggregate in found]

    async def read(self, store: Store[A], key: str) -> Found:
        """Read one row as it is stored, if the actor may see it; raises the store's own NotFound."""
        row = (await self.connection.execute(_row_of(store, self.actor), {"key": key})).one_or_none()
        if row is None:
            raise store.not_found(key=key)
        return row

    async def stored(self, made: Awaitable[A]) -> A:
        """Await a command and send its aggregate to the database, so that the answer shows the new version."""
        aggregate = await made
        await self.flush()
        return aggregate

    def add(self, aggregate: A) -> A:
        """Take in a new aggregate; it is stored with the rest."""
        self._session.add(aggregate)
        return self._touch(aggregate)

    async def rows(self, statement: Question) -> Sequence[Found]:
        """Answer a question by a Core query on stored columns."""
        return (await self.connection.execute(statement)).all()

    async def one(self, statement: Question) -> Found | None:
        """Answer a question that has at most one row."""
        return (await self.connection.execute(statement)).one_or_none()

    async def count(self, statement: Select[int], given: Mapping[str, object] | None = None) -> int:
        """Answer a question that is one number; `given` fills the parameters of one that was made beforehand."""
        return (await self.connection.execute(statement, given)).scalar_one()

    async def flush(self) -> None:
        """Send the aggregates' rows to the database, so that a later question of this work sees them.

        Raises ChangedMeanwhile when another work was faster, and the named error of a violated constraint.
        """
        if "_session" not in self.__dict__:
            return  # nothing was loaded or added
        try:
            await self._session.flush()
        except StaleDataError as stale:
            raise ChangedMeanwhile from stale
        except IntegrityError as violation:
            raise self.named(violation) from violation

    def named(self, violation: IntegrityError) -> MingpaiError:
        """Return the error that belongs to a violated constraint: the noun's own where it named one."""
        error = self._named_errors.get(constraint_name(violation) or "")
        return AlreadyExists() if error is None else error()

    async def release(self, awaited: str) -> None:
        """Let go on what waited for this, in the same transaction that stores it."""
        await release(self.connection, self.records, awaited)

    async def write(self) -> None:
        """Write everything in the fixed order; the caller commits."""
        await self.flush()
        happened = [(a, item) for a in self._touched.values() for item in a.recorded]
        if not happened:
            return
        outgoing = [self._outgoing(item) for _, item in happened]
        await self.connection.execute(
            into(self.records.audit),
            [self._audit(a, item, rows) for (a, item), rows in zip(happened, outgoing, strict=True)],
        )
        rows = [row for rows in outgoing for row in rows]
        if rows:
            await self.connection.execute(into(self.records.outbox), rows)
        self.told = len(rows)
        for aggregate in self._touched.values():
            aggregate.recorded.clear()

    async def close(self) -> None:
        """Let go of the session; the connection is the caller's."""
        if "_session" in self.__dict__:
            await self._session.close()

    async def _load(self, store: Store[A], key: str, *, shared: bool = False) -> A:
        asked = _aggregate_of(store, self.actor, shared=shared)
        aggregate: A | None = (await self._session.execute(asked, {"key": key})).scalar_one_or_none()
        if aggregate is None:
            raise store.not_found(key=key)
        return aggregate

    def _touch(self, aggregate: A) -> A:
        self._touched.setdefault(id(aggregate), aggregate)
        return aggregate

    def _outgoing(self, item: Recorded) -> list[dict[str, object]]:
        """Serialise an event once for each topic that carries it, under one id."""
        event = item.event
        if event is None:
            return []
        event_id = self.new_id(None)
        headers = Envelope(
            id=event_id,
            type=event.type_name(),
            source=f"/services/{self.service}",
            subject=event.subject,
            time=self.system_now,
            dataschema=dataschema(type(event)),
            sequence=sequence_text(item.sequence),
            correlationid=self.correlation.id,
            causationid=self.correlation.caused_by,
            traceparent=self.correlation.traceparent,
        ).headers()
        internal = topic(event.service, Audience.INTERNAL)
        return [
            {
                "id": event_id,
                "topic": name,
                "key": event.subject,
                "type": event.type_name(),
                "headers": headers,
                "payload": event.whole() if name == internal else event.projection(),
                "created_at": self.system_now,
            }
            for name in event.topics()
        ]

    def _audit(self, aggregate: Aggregate, item: Recorded, rows: list[dict[str, Any]]) -> dict[str, object]:
        return {
            "id": rows[0]["id"] if rows else self.new_id(None),
            "at": self.system_now,
            "legal_at": self.now,
            "actor_sub": self.actor.sub,
            "actor_org": self.actor.org,
            "action": item.action,
            "subject_type": aggregate.__tablename__,
            "subject_id": aggregate.id,
            "from_state": item.from_state,
            "to_state": item.to_state,
            "reason": item.reason,
            "caused_by": self.correlation.caused_by,
            "request_id": self.correlation.id,
            "payload_digest": digest_bytes(rows[0]["payload"]) if rows else None,
        }


@lru_cache(maxsize=ASKERS)
def _aggregate_of(store: Store[A], actor: Actor, *, shared: bool) -> Select[A]:
    """Return the question for one aggregate by its `key`, locked: a caller asks it again and again."""
    return _any_aggregate(store, shared=shared).where(store.visible(actor))


@cache
def _any_aggregate(store: Store[A], *, shared: bool) -> Select[A]:
    return select(store.model).where(store.by == bindparam("key")).with_for_update(read=shared)


@lru_cache(maxsize=ASKERS)
def _row_of(store: Store[Any], actor: Actor) -> Question:
    """Return the question for one row by its `key`."""
    return _any_row(store).where(store.visible(actor))


@cache
def _any_row(store: Store[Any]) -> Question:
    return select(store.model.__table__).where(store.by == bindparam("key"))
