"""The aggregate: one row with a version; its methods check the rules and record each change.

This module has no session and no I/O. `version` prevents lost updates and is the ETag; `sequence` numbers the events
about this row and is increased by the same versioned update, so that a reader of the topic can detect a gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, declared_attr, mapped_column

from common.kernel.actor import Actor
from common.kernel.event import Event
from common.kernel.lifecycle import Lifecycle, Move

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def metadata() -> MetaData:
    """Return a service's own table collection, with named constraints so that a violation names its constraint."""
    return MetaData(naming_convention=NAMING)


class Disclosure(StrEnum):
    """Who may learn from the audit which person acted."""

    READERS = "readers"
    OBSERVERS = "observers"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something that happened to an aggregate in this transaction, waiting to be written to audit and outbox."""

    action: str
    from_state: str | None
    to_state: str | None
    event: Event | None
    sequence: int
    reason: str | None


class Aggregate(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False, repr=False):
    """The base of every noun that commands change: events are in order per `id`; every save increases `version`."""

    __abstract__ = True
    PREFIX: ClassVar[str | None] = None
    """The prefix of the ids that this service gives; None where another service or an office gives them."""
    ANONYMOUS: ClassVar[frozenset[str]] = frozenset()
    """The actions whose actor the audit shows to nobody."""
    MOVES: ClassVar[Lifecycle | None] = None
    """The table of its states; None for what has no states, or copies those of another service's noun."""
    CASE_OF: ClassVar[str | None] = None
    """The column that names the organisation whose case a row is; nobody decides about his own organisation's case."""

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(init=False)
    sequence: Mapped[int] = mapped_column(init=False, default=0)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> Mapping[str, Any]:
        """Guard every update and delete by the version column."""
        return {"version_id_col": cls.__table__.c.version}

    @classmethod
    def is_own_case(cls, row: Any, actor: Actor) -> bool:  # noqa: ANN401 -- an aggregate, or a row of a list
        """Return whether a row is a case of the actor's own organisation, in which it must not decide."""
        return cls.CASE_OF is not None and actor.is_recused_from(getattr(row, cls.CASE_OF))

    @property
    def lack(self) -> str | None:
        """Return what a live row lacks to go on, None when its state is final or it has what its state waits for."""
        return None if self.MOVES is None else self.MOVES.lack(self)

    @property
    def recorded(self) -> list[Recorded]:
        """The records made since the aggregate was loaded or created, in order."""
        happened: list[Recorded] = self.__dict__.setdefault("_recorded", [])
        return happened

    def record(self, move: Move, event: Event | None = None, *, reason: str | None = None) -> None:
        """Make the move: set its target state and record its event for the outbox.

        The event must be of the class that the move names, and its subject must be this row, because the lock on the
        row keeps the events of one subject in order.
        """
        if (None if event is None else type(event)) is not move.event:
            raise ValueError(f"the move {move.action!r} publishes {move.event}, not {event!r}")
        before: StrEnum | None = None if move.sources is None else getattr(self, "state", None)
        if move.target is not None:
            self.state = move.target
        self._keep(move.action, before, move.target or before, event, reason)

    def note(self, action: str, event: Event | None = None, *, reason: str | None = None) -> None:
        """Record an act on a thing without states: it is audited, and its event, if it has one, is published."""
        self._keep(action, None, None, event, reason)

    def _keep(
        self, action: str, before: str | None, after: str | None, event: Event | None, reason: str | None
    ) -> None:
        if event is not None:
            if event.subject != self.id:
                raise ValueError(f"{type(event).__name__} is about {event.subject!r}, not about {self.id!r}")
            self.sequence += 1
        self.recorded.append(Recorded(action, _plain(before), _plain(after), event, self.sequence, reason))


def prefixes(tables: MetaData) -> tuple[str, ...]:
    """Return the prefixes of the ids that a service gives, in order of the alphabet."""
    classes: list[type[Aggregate]] = [mapper.class_ for mapper in Aggregate.registry.mappers]
    return tuple(sorted({one.PREFIX for one in classes if one.PREFIX is not None and one.metadata is tables}))


def _plain(state: str | None) -> str | None:
    """Return a state as its text, not as a member of its enum."""
    return None if state is None else str(state)
