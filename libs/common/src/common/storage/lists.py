"""A list as one parameter of a statement, however long it is.

A parameter for each would have the statement written, and on SQLite prepared, anew for every length of the list.
"""

import json
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, Text, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

V = TypeVar("V", str, int)


def each(connection: AsyncConnection, values: Iterable[V]) -> ColumnElement[V]:
    """Return texts, or numbers, as a column to select from, one row each, in no order."""
    given = list(values)
    if connection.dialect.name == "postgresql":
        kind = BigInteger() if given and isinstance(given[0], int) else Text()
        return func.unnest(literal(given, ARRAY(kind))).column_valued("one")
    return func.json_each(json.dumps(given)).table_valued("value", name="one").c.value


def among(connection: AsyncConnection, values: Iterable[V]) -> Select[V]:
    """Return the list as a question, for `column.in_(…)`."""
    return select(each(connection, values)).where(true())
