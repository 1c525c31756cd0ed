"""A list of texts as one parameter of a statement, however many they are.

A parameter for each would have the statement written, and on SQLite prepared, anew for every length of the list.
"""

import json
from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Select, Text, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection


def each(connection: AsyncConnection, texts: Iterable[str]) -> ColumnElement[str]:
    """Return the texts as a column to select from, one row each, in no order."""
    given = list(texts)
    if connection.dialect.name == "postgresql":
        return func.unnest(literal(given, ARRAY(Text))).column_valued("one")
    return func.json_each(json.dumps(given)).table_valued("value", name="one").c.value


def among(connection: AsyncConnection, texts: Iterable[str]) -> Select[str]:
    """Return the texts as a question, for `column.in_(…)`."""
    return select(each(connection, texts)).where(true())
