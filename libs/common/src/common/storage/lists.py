"""A list as one parameter of a statement, however long it is: an array on PostgreSQL, JSON on SQLite.

A parameter for each would have the statement written, and on SQLite prepared, anew for every length of the list.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Dialect, Select, Text, bindparam, func, select, true
from sqlalchemy.types import TypeDecorator, TypeEngine

V = TypeVar("V", str, int)


class ListOf(TypeDecorator[Iterable[V]]):
    """Texts or numbers as a parameter; nothing is stored as one."""

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
        """Write it; None is SQL's NULL."""
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


def each(dialect: str, name: str, kind: type[V]) -> ColumnElement[V]:
    """Return the list that the parameter `name` gives as a column to select from, one row each, in no order."""
    given = bindparam(name, type_=ListOf(kind))
    if dialect == "postgresql":
        return func.unnest(given).column_valued("one")
    return func.json_each(given).table_valued("value", name="one").c.value


def among(dialect: str, name: str, kind: type[V]) -> Select[V]:
    """Return the list that the parameter `name` gives as a question, for `column.in_(…)`."""
    return select(each(dialect, name, kind)).where(true())
