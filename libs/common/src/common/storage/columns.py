"""Column types that mean the same on SQLite and PostgreSQL: what is stored comes back equal, or is refused."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic_core import from_json, to_json
from sqlalchemy import DateTime, Dialect, Numeric, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from common.digests import canonical

E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: an aware datetime in, the same instant in UTC out; text of fixed width on SQLite, which sorts."""

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
            raise ValueError(f"{value!r} has no time zone: an instant is aware")
        value = value.astimezone(UTC)
        return (
            f"{value.replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if dialect.name == "sqlite" else value
        )

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 -- text or datetime
        """Return it in UTC."""
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
        """Write it; None is SQL's NULL."""
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- any JSON
        """Read it."""
        return None if value is None else json.loads(value)


class HeaderText(Mapping[str, str]):
    """Headers as their stored text, read when they are first asked for: most rows are only passed on."""

    __slots__ = ("_read", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._read: dict[str, str] | None = None

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
        if self._read is None:
            self._read = from_json(self.text)
        return self._read


def header_text(headers: Mapping[str, str]) -> str:
    """Return headers as they are stored, in the order given."""
    return headers.text if isinstance(headers, HeaderText) else to_json(dict(headers)).decode()


class Headers(TypeDecorator[Mapping[str, str]]):
    """The headers of a record: a flat map of texts, written often and compared never, hence not canonical."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- same on both
        """Write them."""
        return None if value is None else header_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, str] | None:  # noqa: ARG002 -- as above
        """Return what reads them when asked."""
        return None if value is None else HeaderText(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number that comes back with every digit it went in with.

    SQLite keeps text, which does not sort as a number: order and compare in Python, or by an integer column beside it.
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
        """Return it with its digits."""
        return None if value is None else Decimal(value)


class EnumText(TypeDecorator[E], Generic[E]):
    """A StrEnum by its value; a value that is no longer in the class raises ValueError on reading."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- same on both
        """Write the value of a member; raises ValueError for a text that is none."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002 -- same on both
        """Return the member."""
        return None if value is None else self.enum(value)
