"""Column types that are the same on SQLite and PostgreSQL: a value is read back equal, or is refused when stored."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic_core import from_json, to_json
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Numeric,
    SQLColumnExpression,
    String,
    Text,
    func,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from common.kernel.digests import canonical

E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, read back as the same instant in UTC; on SQLite text of fixed width, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- text or datetime
        """Raise ValueError for a datetime without time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: an instant needs one")
        value = value.astimezone(UTC)
        return (
            f"{value.replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if dialect.name == "sqlite" else value
        )

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 -- text or datetime
        """Return the instant in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        instant: datetime = value
        return instant.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value as canonical text (RFC 8785): equal values are equal bytes, whatever the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 -- any JSON
        """Return the value as canonical text; None is SQL's NULL."""
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- any JSON
        """Return the value."""
        return None if value is None else json.loads(value)


def holds(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a column of JSON holds this text as a whole value, in exactly this spelling.

    LIKE would ignore the case on SQLite.
    """
    stored = type_coerce(column, Text)
    return func.replace(stored, canonical(text).decode(), "") != stored


class HeaderText(Mapping[str, str]):
    """Headers as their stored text, parsed at the first access: most rows are forwarded unread."""

    __slots__ = ("_parsed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parsed: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def __repr__(self) -> str:
        return f"HeaderText({self.text!r})"

    @property
    def _whole(self) -> dict[str, str]:
        if self._parsed is None:
            self._parsed = from_json(self.text)
        return self._parsed


def header_text(headers: Mapping[str, str]) -> str:
    """Return headers as the text that is stored, in the order given."""
    return headers.text if isinstance(headers, HeaderText) else to_json(dict(headers)).decode()


class Headers(TypeDecorator[Mapping[str, str]]):
    """The headers of a record: a flat map of texts, often written and never compared, so not canonical."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- same on both
        """Return the headers as text."""
        return None if value is None else header_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, str] | None:  # noqa: ARG002 -- as above
        """Return the headers, not parsed yet."""
        return None if value is None else HeaderText(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number that is read back with every digit.

    On SQLite it is text, which does not sort as a number: sort and compare in Python, or by a second, integer column.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return dialect.type_descriptor(String(80) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- text or Decimal
        """Raise TypeError for anything but a Decimal (a float has lost digits already), ValueError when not finite."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"{value!r} is not a Decimal")
        if not value.is_finite():
            raise ValueError(f"{value!r} is not a finite number")
        return f"{value:f}" if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401, ARG002 -- text or Decimal
        """Return the number with all its digits."""
        return None if value is None else Decimal(value)


class EnumText(TypeDecorator[E], Generic[E]):
    """A StrEnum stored by its value; reading a value that the class no longer has raises ValueError."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- same on both
        """Return the value of a member; raises ValueError for any other text."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002 -- same on both
        """Return the member."""
        return None if value is None else self.enum(value)
