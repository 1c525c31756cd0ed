"""A noun's states as one table: which action leads from where to where, and which event tells it.

A move without an event says why in `internal`; a final state names the refusal that says best why nothing follows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from common.contracts.envelope import Event
from common.errors import Refused

States: TypeAlias = StrEnum | tuple[StrEnum, ...] | None


class ActionNotAllowed(Refused):
    """The action does not follow from the state the thing is in."""

    code = "action-not-allowed"
    zh = "当前状态为“{state}”，不能执行“{action}”。"
    en = "'{action}' cannot follow in the state '{state}'."


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `action` leads from any of `sources` to `target` and is told by `event`.

    `sources` is None for a birth; `target` is None when the state stays as it is. Exactly one of `event` and `internal`
    is given: `internal` is the reason why no event goes out.
    """

    action: str
    sources: States
    target: StrEnum | None
    event: type[Event] | None = None
    internal: str | None = None

    def __post_init__(self) -> None:
        if (self.event is None) == (self.internal is None):
            raise ValueError(f"the move {self.action!r} needs either an event or the reason why it has none")

    def starts_from(self, state: str | None) -> bool:
        """Tell whether the move may be made in this state."""
        if isinstance(self.sources, tuple):
            return state in self.sources
        return state == self.sources


class Lifecycle:
    """The moves of a noun, asked by its aggregate before it changes anything."""

    def __init__(self, *moves: Move, final: Mapping[StrEnum, type[Refused]] | None = None) -> None:
        self.moves = moves
        self.final = dict(final or {})
        for move in moves:
            for state in self.final:
                if move.starts_from(state):
                    raise ValueError(f"{state!r} is final, yet {move.action!r} starts from it")

    @property
    def events(self) -> frozenset[type[Event]]:
        """Every event that a move of this table tells."""
        return frozenset(move.event for move in self.moves if move.event is not None)

    def birth(self, action: str) -> Move:
        """Return the move that creates the thing."""
        return self.move(None, action)

    def move(self, state: StrEnum | None, action: str) -> Move:
        """Return the row for this action in this state.

        Raises the final state's own refusal, else `ActionNotAllowed` naming the state and what may follow.
        """
        for move in self.moves:
            if move.action == action and move.starts_from(state):
                return move
        if all(move.action != action for move in self.moves):
            raise ValueError(f"no move is called {action!r}")
        refusal = self.final.get(state) if state is not None else None
        raise (refusal or ActionNotAllowed)(
            state=str(state), action=action, current_state=str(state), allowed_actions=self.allowed(state)
        )

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
