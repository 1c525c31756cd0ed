"""A noun's states as one table: for each action the source and target states, the event, and when it is withheld.

A move without an event gives the reason in `internal`. A final state is never left and names the refusal that says so;
a move without a target may still answer a question there. Commands, views and lists read an actor's next actions here.
Every other state says what it waits for, so that nothing that lives is stuck.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from common.kernel.actor import Actor, Role
from common.kernel.errors import ActionNotAllowed, MingpaiError, Refused
from common.kernel.event import Event

States: TypeAlias = StrEnum | tuple[StrEnum, ...] | None
Guard: TypeAlias = Callable[[Any, Actor], MingpaiError | None]
"""Returns the refusal when a row (an aggregate, or a row of a list) withholds a move from an actor, else None."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `action` leads from any of `sources` to `target` and is published as `event`.

    `sources` is None for the move that creates the thing; `target` is None when the state does not change. Exactly one
    of `event` and `internal` is given: `internal` is the reason why no event is published. `unless` reads stored
    columns only.
    """

    action: str
    sources: States
    target: StrEnum | None
    event: type[Event] | None = None
    internal: str | None = None
    unless: Guard | None = None

    def __post_init__(self) -> None:
        if (self.event is None) == (self.internal is None):
            raise ValueError(f"the move {self.action!r} needs either an event or the reason why it has none")

    def starts_from(self, state: str | None) -> bool:
        """Return whether the move may be made in this state."""
        if isinstance(self.sources, tuple):
            return state in self.sources
        return state == self.sources


@dataclass(frozen=True, slots=True, init=False)
class OnDeskOf:
    """The state waits on the desk of one of these roles: the row's `waits_for` names it."""

    roles: frozenset[Role]

    def __init__(self, *roles: Role) -> None:
        object.__setattr__(self, "roles", frozenset(roles))

    def missing(self, row: Any) -> str | None:  # noqa: ANN401 -- an aggregate
        """Return what the row lacks, None when somebody has it on his desk."""
        role = str(row.waits_for or "").partition(":")[0]
        return None if role in self.roles else "is on nobody's desk"


@dataclass(frozen=True, slots=True)
class ByClock:
    """The state is left by a job, when the instant or day in this column has come."""

    column: str

    def missing(self, row: Any) -> str | None:  # noqa: ANN401 -- as above
        """Return what the row lacks, None when its time runs."""
        return f"has no {self.column}" if getattr(row, self.column) is None else None


@dataclass(frozen=True, slots=True)
class Through:
    """The state is left by a move of another noun (`reviews`), whose own table says what that waits for."""

    noun: str

    def missing(self, _row: object) -> None:
        """The row itself lacks nothing."""


@dataclass(frozen=True, slots=True)
class Stands:
    """Nobody has to act and nothing is awaited; `why` says so."""

    why: str

    def missing(self, _row: object) -> None:
        """The row itself lacks nothing."""


Waits: TypeAlias = OnDeskOf | ByClock | Through | Stands


class Lifecycle:
    """The moves of a noun; its aggregate checks them before every change.

    `waits` says of each state that is not final what it waits for.
    """

    def __init__(
        self,
        *moves: Move,
        final: Mapping[StrEnum, type[Refused]] | None = None,
        waits: Mapping[StrEnum, Waits] | None = None,
    ) -> None:
        self.moves = moves
        self.final = dict(final or {})
        self.waits = dict(waits or {})
        for move in moves:
            for state in self.final:
                if move.starts_from(state) and move.target is not None:
                    raise ValueError(f"{state!r} is final, yet {move.action!r} starts from it")

    @property
    def events(self) -> frozenset[type[Event]]:
        """Every event that a move of this table publishes."""
        return frozenset(move.event for move in self.moves if move.event is not None)

    def birth(self, action: str) -> Move:
        """Return the move that creates the thing."""
        return self.move(None, action)

    def move(self, state: StrEnum | None, action: str) -> Move:
        """Return the row for this action in this state.

        Raises the refusal of a final state, else `ActionNotAllowed` with the state and the allowed actions.
        """
        for move in self.moves:
            if move.action == action and move.starts_from(state):
                return move
        if all(move.action != action for move in self.moves):
            raise ValueError(f"no move is called {action!r}")
        refusal = self.final.get(state) if state is not None else None
        raise (refusal or ActionNotAllowed)(
            state=state, action=action, current_state=str(state), allowed_actions=self.allowed(state)
        )

    def check(self, row: Any, action: str, actor: Actor) -> Move:  # noqa: ANN401 -- an aggregate, or a row of a list
        """Return the row for this action of this actor; raises as `move`, and the refusal by `unless`."""
        try:
            move = self.move(row.state, action)
        except Refused as refused:
            refused.allowed_actions = self.offered(row, actor)
            raise
        withheld = None if move.unless is None else move.unless(row, actor)
        if withheld is not None:
            raise withheld
        return move

    def offered(self, row: Any, actor: Actor) -> tuple[str, ...]:  # noqa: ANN401 -- as in `check`
        """Return the actions that state and row allow this actor, in the table's order; roles are not checked."""
        moves = (move for move in self.moves if move.starts_from(row.state))
        return tuple(dict.fromkeys(one.action for one in moves if one.unless is None or one.unless(row, actor) is None))

    def lack(self, row: Any) -> str | None:  # noqa: ANN401 -- an aggregate
        """Return why a live row is stuck, None when its state is final or the row has what its state waits for."""
        if row.state in self.final:
            return None
        waits = self.waits.get(row.state)
        return f"is {row.state}, which waits for nothing" if waits is None else waits.missing(row)

    def allowed(self, state: StrEnum | None) -> tuple[str, ...]:
        """Return the actions that may follow this state, in the table's order, each once."""
        return tuple(dict.fromkeys(move.action for move in self.moves if move.starts_from(state)))


def states_of(lifecycle: Lifecycle) -> Iterable[StrEnum]:
    """Return every state that a table names, in order of first appearance."""
    found: dict[StrEnum, None] = {}
    for move in lifecycle.moves:
        sources = move.sources if isinstance(move.sources, tuple) else (move.sources,)
        for state in (*sources, move.target):
            if state is not None:
                found[state] = None
    return tuple(found)
