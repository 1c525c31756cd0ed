"""A store: where the aggregates of a noun are found, by which key, and which of them an actor may see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression

from common.actor import Actor
from common.errors import NotFound
from common.model import Aggregate

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True, eq=False)
class Store(Generic[A]):
    """Finds aggregates of `model` by `key` (its id unless told); what `visible` hides does not exist for the actor."""

    model: type[A]
    not_found: type[NotFound]
    visible: Callable[[Actor], ColumnElement[bool]]
    key: SQLColumnExpression[str] | None = None

    @property
    def by(self) -> SQLColumnExpression[str]:
        """Return the column that callers name things by."""
        return self.model.id if self.key is None else self.key
