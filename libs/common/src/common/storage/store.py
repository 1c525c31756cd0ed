"""A store: the aggregates of a noun, the key that finds one, and the condition that an actor may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_, true

from common.kernel.actor import SYSTEM, Actor
from common.kernel.errors import NotFound
from common.kernel.model import Aggregate

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True, eq=False)
class Store(Generic[A]):
    """Finds aggregates of `model` by `key` (default: its id); rows that `visible` hides do not exist for the actor.

    What `withheld` selects an actor may see but not load for change: he is recused from it, and no view offers it.
    """

    model: type[A]
    not_found: type[NotFound]
    visible: Callable[[Actor], ColumnElement[bool]]
    key: SQLColumnExpression[str] | None = None
    withheld: Callable[[Actor], ColumnElement[bool]] | None = None

    def seen_by(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition of being visible to the actor; reactions and jobs see everything."""
        return true() if actor == SYSTEM else self.visible(actor)

    def open_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition that the actor may load a row for change: seen by him and not withheld."""
        seen = self.seen_by(actor)
        return seen if self.withheld is None or actor == SYSTEM else and_(seen, not_(self.withheld(actor)))

    @property
    def by(self) -> SQLColumnExpression[str]:
        """Return the column of the key by which callers name an aggregate."""
        return self.model.id if self.key is None else self.key
