"""The unit of work: all reads and changes of one command or reaction, written in one commit.

Order of writing: aggregates (flushed), audit, outbox. The caller then stores the idempotent answer and commits; a
consumer has written its inbox row before. An event is written only after the versioned update of its own subject.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from common.contracts.schema import dataschema
from common.kernel.actor import SYSTEM, Actor, Role
from common.kernel.clock import legal_date
from common.kernel.digests import digest_bytes
from common.kernel.errors import MingpaiError
from common.kernel.event import Envelope, sequence_text
from common.kernel.model import Aggregate, Disclosure, Recorded
from common.observability.correlation import Correlation
from common.storage.audit.sealing import new_salt
from common.storage.awaiting import release, resume
from common.storage.database.counters import take_number
from common.storage.database.engine import constraint_name
from common.storage.records import into
from common.storage.refusals import ChangedMeanwhile, OwnCase, Recused, TakenMeanwhile, VersionStale
from common.storage.service import ServiceStorage
from common.storage.store import Store

A = TypeVar("A", bound=Aggregate)
T = TypeVar("T")

ASKERS: Final = 1_000
"""Size of the per-actor statement cache: building a statement costs more than running it. The oldest is evicted."""

Question: TypeAlias = Select[*tuple[Any, ...]]
Found: TypeAlias = Row[*tuple[Any, ...]]


class Work:
    """Loads aggregates that the actor may see, collects their changes and writes them with audit and outbox rows."""

    def __init__(
        self, storage: ServiceStorage, connection: AsyncConnection, *, actor: Actor, correlation: Correlation
    ) -> None:
        self.storage = storage
        self.connection = connection
        self.actor = actor
        self.correlation = correlation
        self.published = 0
        self._touched: dict[int, Aggregate] = {}
        self._changed: dict[Aggregate, None] = {}

    def new_id(self, of: type[Aggregate] | None) -> str:
        """Return a new id of this class: `app_0193…` for its prefix `app`; None gives a bare UUID.

        Raises ValueError for a class whose ids this service does not give.
        """
        if of is not None and of.PREFIX is None:
            raise ValueError(f"{of.__name__} has no prefix: its ids are given elsewhere")
        return self.storage.instruments.ids(None if of is None else of.PREFIX)

    async def next_number(self, counter: str) -> int:
        """Take the next number of a counter, e.g. `edition:FAMOUS_PRODUCT`; see storage/database/counters.py."""
        return await take_number(self.connection, self.storage.records, counter)

    async def alone(self, name: str) -> None:
        """Let one work at a time pass for this name, e.g. `recommendations:rnd_…`, until its end."""
        await take_number(self.connection, self.storage.records, name)

    @cached_property
    def now(self) -> datetime:
        """The legal instant of this work; read from the clock at the first use and then constant."""
        return self.storage.instruments.legal.now()

    @property
    def today(self) -> date:
        """The legal date of this work, in Asia/Shanghai."""
        return legal_date(self.now)

    @cached_property
    def system_now(self) -> datetime:
        """The system's instant of this work, constant to its end."""
        return self.storage.instruments.system.now()

    @cached_property
    def _session(self) -> AsyncSession:
        return AsyncSession(bind=self.connection, expire_on_commit=False, autoflush=False)

    async def get(self, store: Store[A], key: str, *, version: int | None = None) -> A:
        """Load one aggregate for change, locked, if the actor may see it.

        Raises the store's own NotFound, also for one that the actor may not see, OwnCase for a case of his own
        organisation in which he would decide, Recused for one from which he is recused, and VersionStale when `version`
        is given and is not the current one.
        """
        aggregate = await self._load(store, key)
        await self._check_withheld(store, key)
        if version is not None and aggregate.version != version:
            raise VersionStale(seen=version, current=aggregate.version)
        return self._touch(aggregate)

    async def consult(self, store: Store[A], key: str) -> A:
        """Load one aggregate that a decision depends on, under a shared lock: others may read it but not change it.

        This work must not change it either. Raises NotFound and OwnCase as `get`.
        """
        return await self._load(store, key, shared=True)

    async def find(self, store: Store[A], *where: ColumnElement[bool], limit: int | None = None) -> list[A]:
        """Load every visible aggregate that fulfils the conditions (or the first `limit`), locked.

        They are locked in the order of their ids, so that two works never deadlock.
        """
        statement = select(store.model).where(store.seen_by(self.actor), *where).order_by(store.model.id).limit(limit)
        found = (await self._session.execute(statement.with_for_update())).scalars().all()
        return [self._touch(aggregate) for aggregate in found]

    async def read(self, store: Store[A], key: str) -> Found:
        """Read one row as it is stored, if the actor may see it; raises the store's own NotFound."""
        row = (await self.connection.execute(_row_of(store, self.actor), {"key": key})).one_or_none()
        if row is None:
            raise store.not_found(key=key)
        return row

    async def open_to(self, actor: Actor, store: Store[A], ids: Collection[str]) -> set[str]:
        """Return those of the ids whose rows an actor may load for change; the router offers moves on these only."""
        model = store.model
        rows = await self.rows(select(model.id).where(model.id.in_(ids), store.open_to(actor)))
        return {row.id for row in rows}

    def loaded(self, model: type[A]) -> A | None:
        """Return the aggregate of this class that was loaded, None when that is none or several, or it has moved."""
        found = [one for one in self._touched.values() if isinstance(one, model)]
        return found[0] if len(found) == 1 and not found[0].recorded else None

    def add(self, aggregate: A) -> A:
        """Add a new aggregate; it is stored with the other changes."""
        self._session.add(aggregate)
        return self._touch(aggregate)

    async def rows(self, statement: Question) -> Sequence[Found]:
        """Return the rows of a Core query on stored columns."""
        return (await self.connection.execute(statement)).all()

    async def one(self, statement: Question) -> Found | None:
        """Return the row of a query that has at most one."""
        return (await self.connection.execute(statement)).one_or_none()

    async def count(self, statement: Select[int], given: Mapping[str, object] | None = None) -> int:
        """Return the result of a query for one number; `given` fills the parameters of a prepared statement."""
        return (await self.connection.execute(statement, given)).scalar_one()

    async def flush(self) -> None:
        """Send the aggregates' rows to the database, so that a later query of this work sees them.

        Raises ChangedMeanwhile when another transaction changed a row first, and the named error of a violated
        constraint.
        """
        if "_session" not in self.__dict__:
            return  # nothing was loaded or added
        self._changed |= dict.fromkeys((*self._session.new, *self._session.dirty))
        try:
            await self._session.flush()
        except StaleDataError as stale:
            raise ChangedMeanwhile from stale
        except IntegrityError as violation:
            raise self.named(violation) from violation

    def named(self, violation: IntegrityError) -> MingpaiError:
        """Return the error that belongs to a violated constraint: the noun's own if the noun named one.

        Any other unique constraint is violated only by two requests at once, because commands look first. What has no
        name is a column without a value: a defect, raised as it is.
        """
        name = constraint_name(violation)
        if name is None:
            raise violation
        error = self.storage.named_errors.get(name)
        return TakenMeanwhile() if error is None else error()

    async def release(self, awaited: str) -> None:
        """Resume the keys that waited for this, in the transaction that stores it."""
        await release(self.connection, self.storage.records, awaited)

    async def resume(self, event_id: str) -> None:
        """Have the reactions to an event that waits or was set aside called again, after the commit."""
        await resume(self.connection, self.storage.records, event_id, at=self.system_now)

    async def write(self) -> None:
        """Write everything in the fixed order; the caller commits. Raises EventTooLarge, OwnCase, and as `flush`.

        A live row that neither a desk, a term nor another noun takes further is a defect: ValueError.
        """
        await self.flush()
        for aggregate in self._changed:
            if lack := aggregate.lack:
                raise ValueError(f"{aggregate.__tablename__} {aggregate.id} {lack}: no live row may be stuck")
        happened = [(a, item) for a in self._touched.values() for item in a.recorded]
        if not happened:
            return
        if any(a.is_own_case(a, self.actor) for a, item in happened if item.from_state is not None):
            raise OwnCase
        outgoing = [self._outgoing(item) for _, item in happened]
        await self.connection.execute(
            into(self.storage.records.audit),
            [self._audit(a, item, rows) for (a, item), rows in zip(happened, outgoing, strict=True)],
        )
        rows = [row for rows in outgoing for row in rows]
        if rows:
            await self.connection.execute(into(self.storage.records.outbox), rows)
        self.published = len(rows)
        for aggregate in self._touched.values():
            aggregate.recorded.clear()

    async def close(self) -> None:
        """Close the session, not the connection, which belongs to the caller."""
        if "_session" in self.__dict__:
            await self._session.close()

    async def _load(self, store: Store[A], key: str, *, shared: bool = False) -> A:
        asked = _aggregate_of(store, self.actor, shared=shared)
        aggregate: A | None = (await self._session.execute(asked, {"key": key})).scalar_one_or_none()
        if aggregate is None:
            raise store.not_found(key=key)
        if aggregate.is_own_case(aggregate, self.actor):
            raise OwnCase
        return aggregate

    async def _check_withheld(self, store: Store[A], key: str) -> None:
        if store.withheld is None or self.actor == SYSTEM:
            return
        asked = select(store.model.id).where(store.by == key, store.withheld(self.actor))
        if await self.one(asked) is not None:
            raise Recused

    def _touch(self, aggregate: A) -> A:
        self._touched.setdefault(id(aggregate), aggregate)
        return aggregate

    def _outgoing(self, item: Recorded) -> list[dict[str, object]]:
        """Serialise an event once for each topic that carries it, under one id. Raises EventTooLarge."""
        event = item.event
        if event is None:
            return []
        event_id = self.new_id(None)
        headers = Envelope(
            id=event_id,
            type=event.type_name(),
            source=f"/services/{self.storage.service}",
            subject=event.subject,
            time=self.system_now,
            dataschema=dataschema(type(event), self.storage.url),
            sequence=sequence_text(item.sequence),
            correlationid=self.correlation.id,
            causationid=self.correlation.caused_by,
            traceparent=self.correlation.traceparent,
        ).headers()
        return [
            {
                "id": event_id,
                "topic": name,
                "key": event.subject,
                "type": event.type_name(),
                "headers": headers,
                "payload": payload,
                "created_at": self.system_now,
            }
            for name, payload in event.payloads().items()
        ]

    def _disclosure(self, aggregate: Aggregate, item: Recorded) -> Disclosure:
        """Return to whom the audit shows who acted; only observers may know which expert did."""
        if item.action in aggregate.ANONYMOUS:
            return Disclosure.NOBODY
        return Disclosure.OBSERVERS if self.actor.has(Role.EXPERT) else Disclosure.READERS

    def _audit(self, aggregate: Aggregate, item: Recorded, rows: list[dict[str, Any]]) -> dict[str, object]:
        return {
            "id": rows[0]["id"] if rows else self.new_id(None),
            "at": self.system_now,
            "legal_at": self.now,
            "actor_sub": self.actor.sub,
            "actor_org": self.actor.org,
            "disclosure": self._disclosure(aggregate, item),
            "action": item.action,
            "subject_type": aggregate.__tablename__,
            "subject_id": aggregate.id,
            "from_state": item.from_state,
            "to_state": item.to_state,
            "reason": item.reason,
            "caused_by": self.correlation.caused_by,
            "request_id": self.correlation.id,
            "payload_digest": digest_bytes(rows[0]["payload"]) if rows else None,
            "salt": new_salt(),
        }


@lru_cache(maxsize=ASKERS)
def _aggregate_of(store: Store[A], actor: Actor, *, shared: bool) -> Select[A]:
    """Return the statement that loads one aggregate by its `key`, locked; cached, since each actor runs it often."""
    return _any_aggregate(store, shared=shared).where(store.seen_by(actor))


@cache
def _any_aggregate(store: Store[A], *, shared: bool) -> Select[A]:
    return select(store.model).where(store.by == bindparam("key")).with_for_update(read=shared)


@lru_cache(maxsize=ASKERS)
def _row_of(store: Store[Any], actor: Actor) -> Question:
    """Return the statement that reads one row by its `key`."""
    return _any_row(store).where(store.seen_by(actor))


@cache
def _any_row(store: Store[Any]) -> Question:
    return select(store.model.__table__).where(store.by == bindparam("key"))
