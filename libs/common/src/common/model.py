"""The aggregate: one row with a version, whose methods hold the rules and record what happened.

No session and no I/O here. `version` guards against lost updates and is the ETag; `sequence` numbers the events told
about this row and is raised by the same versioned update, so that a reader of the topic can see a gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, declared_attr, mapped_column

from common.contracts.envelope import Event
from common.lifecycle import Move

NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def metadata() -> MetaData:
    """Return a service's own table collection, with named constraints so that a violation can be told by name."""
    return MetaData(naming_convention=NAMING)


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
    """The base of every noun that commands change: `id` orders its events, `version` is raised by every save."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(init=False)
    sequence: Mapped[int] = mapped_column(init=False, default=0)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> Mapping[str, Any]:
        """Guard every update and delete by the version column."""
        return {"version_id_col": cls.__table__.c.version}

    @property
    def recorded(self) -> list[Recorded]:
        """What happened since it was loaded or made, in order."""
        happened: list[Recorded] = self.__dict__.setdefault("_recorded", [])
        return happened

    def record(self, move: Move, event: Event | None = None, *, reason: str | None = None) -> None:
        """Make the move: take its target state and keep its event for the outbox.

        The event must be the one that the move's row names, and its subject must be this row: the locked row is what
        keeps the events of one subject in order.
        """
        if (None if event is None else type(event)) is not move.event:
            raise ValueError(f"the move {move.action!r} tells {move.event}, not {event!r}")
        before: StrEnum | None = None if move.sources is None else getattr(self, "state", None)
        if move.target is not None:
            self.state = move.target
        self._keep(move.action, before, move.target or before, event, reason)

    def note(self, action: str, *, reason: str | None = None) -> None:
        """Record an act on a thing without states: it gets its audit row and no event."""
        self._keep(action, None, None, None, reason)

    def _keep(
        self, action: str, before: str | None, after: str | None, event: Event | None, reason: str | None
    ) -> None:
        if event is not None:
            if event.subject != self.id:
                raise ValueError(f"{type(event).__name__} is about {event.subject!r}, not about {self.id!r}")
            self.sequence += 1
        self.recorded.append(Recorded(action, _plain(before), _plain(after), event, self.sequence, reason))


def _plain(state: str | None) -> str | None:
    """Return a state as its text, not as a member of its enum."""
    return None if state is None else str(state)
