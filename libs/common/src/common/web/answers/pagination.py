"""Lists in pages: keyset pages over Core selects, the same order and the same pages on SQLite and PostgreSQL.

A page continues after the last row that was seen, so that inserted or deleted rows neither repeat nor hide others.
Rows without a value come last, in either direction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Literal, Protocol, TypeAlias, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from common.web.input.cursors import read_cursor, write_cursor

MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50
MAX_TOTAL: Final = 10_000
_NOT_BOUND: Final = frozenset({"cursor", "limit", "include", "sort"})

T = TypeVar("T", bound=BaseModel)
Column: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]


def _is_none(value: object) -> bool:
    return value is None


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    # pydantic gives a list of one kind of row no docstring
    model_config = ConfigDict(
        json_schema_extra={"description": "列表的一页。One page of a list; `next_cursor` is null on the last one."}
    )

    items: list[T]
    next_cursor: Annotated[str | None, Field(description="pass it as `cursor` for the next page")]
    total: Annotated[
        int | None,
        Field(exclude_if=_is_none, description=f"with include=total; counts no further than {MAX_TOTAL}"),
    ] = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name the component after what it lists."""
        return f"{params[0].__name__}Page"


def where_given(statement: Select[Any], *wanted: tuple[Column, object]) -> Select[Any]:
    """Restrict a statement by each pair whose value is given: equal to a single value, or one of several values."""
    for column, value in wanted:
        if isinstance(value, list):
            statement = statement.where(column.in_(value))
        elif value is not None:
            statement = statement.where(column == value)
    return statement


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of one page; the router shows each of them to the actor."""

    rows: Sequence[Row[Any]]
    next_cursor: str | None
    total: int | None


class Asks(Protocol):
    """The part of a unit of work that runs the queries of a list."""

    async def rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """Return the rows of a query."""

    async def one(self, statement: Select[Any]) -> Row[Any] | None:
        """Return the row of a query that has at most one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request for a list, and the request and response that the answer needs."""

    limit: int
    cursor: str | None
    sort: str | None
    total: bool
    request: Request
    response: Response

    @property
    def secret(self) -> bytes:
        """Return the key that signs this service's cursors."""
        secret: str = self.request.app.state.runtime.settings.cursor_secret.get_secret_value()
        return secret.encode()

    def binding(self, order: str) -> bytes:
        """Return the list, its filters and its order, which a cursor belongs to."""
        filters = sorted(pair for pair in self.request.query_params.multi_items() if pair[0] not in _NOT_BOUND)
        return json.dumps([self.request.url.path, filters, order], ensure_ascii=False).encode()

    def link(self, cursor: str | None) -> str:
        """Return the Link field (RFC 8288) to the first and, where there is one, the next page."""
        kept = [pair for pair in self.request.query_params.multi_items() if pair[0] != "cursor"]
        links = [("first", kept)] if cursor is None else [("next", [*kept, ("cursor", cursor)]), ("first", kept)]
        path = self.request.url.path
        return ", ".join(f'<{path}{"?" if query else ""}{urlencode(query)}>; rel="{rel}"' for rel, query in links)


async def _asked(  # async: FastAPI runs a plain function in a thread
    request: Request,
    response: Response,
    *,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="items per page")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
    sort: Annotated[str | None, Query(description="fields with commas, `-` for descending")] = None,
    include: Annotated[Literal["total"] | None, Query(description="`total` counts the whole list, capped")] = None,
) -> Asked:
    return Asked(limit, cursor, sort, include == "total", request, response)


Paging: TypeAlias = Annotated[Asked, Depends(_asked)]


async def page(
    work: Asks,
    statement: Select[Any],
    paging: Asked,
    *,
    sortable: Mapping[str, Column],
    sort: str,
    key: Column,
) -> Listed:
    """Return one page of a statement that has no order of its own, and set the Link field.

    `sortable` are the names that a client may sort by, `sort` is the default order, `key` a unique column that decides
    ties. Raises CursorInvalid, and RequestValidationError for a name that is not in `sortable`.
    """
    order = paging.sort or sort
    keys = [*_parse(order, sortable), _Key(key, descending=False)]
    binding = paging.binding(order)
    ordered = statement.add_columns(*(one.column.label(f"_sort_{place}") for place, one in enumerate(keys)))
    ordered = ordered.order_by(*(one.order() for one in keys)).limit(paging.limit + 1)
    if paging.cursor is not None:
        seen = read_cursor(paging.cursor, binding=binding, secret=paging.secret, length=len(keys))
        ordered = ordered.where(_behind(keys, seen))
    rows = await work.rows(ordered)
    cursor = None
    if len(rows) > paging.limit:
        last = tuple(rows[paging.limit - 1])[-len(keys) :]
        cursor = write_cursor(last, binding=binding, secret=paging.secret)
    total = None
    if paging.total:
        counted = statement.order_by(None).with_only_columns(key, maintain_column_froms=True).limit(MAX_TOTAL)
        answered = await work.one(select(func.count()).select_from(counted.subquery()))
        total = answered[0] if answered else 0
    paging.response.headers["Link"] = paging.link(cursor)
    return Listed(rows[: paging.limit], cursor, total)


@dataclass(frozen=True, slots=True)
class _Key:
    column: Column
    descending: bool

    @property
    def nullable(self) -> bool:
        return bool(getattr(self.column, "nullable", True))

    def order(self) -> ColumnElement[Any]:
        direction = self.column.desc() if self.descending else self.column.asc()
        return direction.nulls_last() if self.nullable else direction

    def behind(self, value: object) -> ColumnElement[bool]:
        if value is None:
            return false()
        further = self.column < value if self.descending else self.column > value
        return or_(further, self.column.is_(None)) if self.nullable else further

    def same(self, value: object) -> ColumnElement[bool]:
        return self.column.is_(None) if value is None else self.column == value


def _behind(keys: Sequence[_Key], seen: Sequence[object]) -> ColumnElement[bool]:
    """Return the condition for the rows after a position: after it in one key, and equal in all keys before."""
    pairs = list(zip(keys, seen, strict=True))
    return or_(
        *(
            and_(*(one.same(value) for one, value in pairs[:place]), key.behind(value))
            for place, (key, value) in enumerate(pairs)
        )
    )


def _parse(order: str, sortable: Mapping[str, Column]) -> list[_Key]:
    names = order.split(",")
    plain = [name.removeprefix("-") for name in names]
    if not sortable.keys() >= set(plain) or len(set(plain)) < len(plain):
        expected = ", ".join(sorted(sortable))
        error = {
            "type": "sort_unknown",
            "loc": ("query", "sort"),
            "msg": "",
            "input": None,
            "ctx": {"expected": expected},
        }
        raise RequestValidationError([error])
    return [_Key(sortable[bare], descending=name != bare) for name, bare in zip(names, plain, strict=True)]
