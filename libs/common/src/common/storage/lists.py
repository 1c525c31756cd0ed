"""A list as one parameter of a statement, however long it is: an array on PostgreSQL, JSON on SQLite.

With one parameter per element the statement would be compiled, and on SQLite prepared, again for every list length.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Dialect, Select, Text, bindparam, func, select, true
from sqlalchemy.types import TypeDecorator, TypeEngine

V = TypeVar("V", str, int)


class ListOf(TypeDecorator[Iterable[V]]):
    """A parameter that contains texts or numbers; it cannot be the type of a column."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[V]) -> None:
        super().__init__()
        self.kind: type[Any] = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger() if self.kind is int else Text()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Iterable[V] | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- text or list
        """Return the list in the form that the driver expects; None is SQL's NULL."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


def each(dialect: str, name: str, kind: type[V]) -> ColumnElement[V]:
    """Return a column to select from: the elements of the list parameter `name`, one row each, in no order."""
    given = bindparam(name, type_=ListOf(kind))
    if dialect == "postgresql":
        return func.unnest(given).column_valued("one")
    return func.json_each(given).table_valued("value", name="one").c.value


def among(dialect: str, name: str, kind: type[V]) -> Select[V]:
    """Return a query for the elements of the list parameter `name`, for `column.in_(…)`."""
    return select(each(dialect, name, kind)).where(true())
