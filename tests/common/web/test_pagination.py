"""Pages: every row once and in order, whatever the order, and no page of a foreign cursor."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query, Request
from pydantic import SecretStr
from sqlalchemy import Column, Connection, Date, MetaData, Row, Select, String, Table, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import StaticPool

from common.web.answers import problems
from common.web.answers.pagination import Page, Paging, page
from common.web.input.strict import StrictRoute
from common.web.resources import Resource

brands = Table(
    "brands",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("granted_on", Date),
    Column("division", String, nullable=False),
)

# Same names, same and missing dates: every tie that there can be.
ROWS = [
    {
        "id": f"b{number:02}",
        "name": ["青岛啤酒", "张裕", "东阿阿胶", "Haier"][number % 4],
        "granted_on": None if number % 5 == 0 else date(2015, 10, 1 + number % 3),
        "division": "370000" if number % 2 else "370100",
    }
    for number in range(23)
]


class Brand(Resource):
    version: int = 1
    id: str
    name: str
    granted_on: date | None


class Asking:
    """Asks an SQLite file in memory, and keeps the statements."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.statements: list[Select[Any]] = []

    async def rows(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        self.statements.append(statement)
        return self.connection.execute(statement).all()

    async def one(self, statement: Select[Any]) -> Row[Any] | None:
        return self.connection.execute(statement).one_or_none()


@pytest.fixture
def asking() -> Iterator[Asking]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        brands.metadata.create_all(connection)
        connection.execute(brands.insert(), ROWS)
        yield Asking(connection)
    engine.dispose()


def app(asking: Asking, *, secret: str = "s" * 32) -> FastAPI:
    web = FastAPI()
    web.router.route_class = StrictRoute
    web.state.runtime = SimpleNamespace(settings=SimpleNamespace(cursor_secret=SecretStr(secret)))

    async def listed(_: Request, paging: Paging, division: Annotated[list[str] | None, Query()] = None) -> Page[Brand]:
        statement = select(brands.c.id, brands.c.name, brands.c.granted_on)
        if division:
            statement = statement.where(brands.c.division.in_(division))
        sortable = {"name": brands.c.name, "granted_on": brands.c.granted_on}
        found = await page(asking, statement, paging, sortable=sortable, sort="-granted_on", key=brands.c.id)
        items = [Brand.model_validate(row) for row in found.rows]
        return Page[Brand](items=items, next_cursor=found.next_cursor, total=found.total)

    web.get("/v1/brands")(listed)
    web.get("/v1/marks")(listed)
    problems.install(web)
    return web


@pytest.fixture
async def client(asking: Asking) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app(asking)), base_url="http://test") as it:
        yield it


async def walk(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    """Follow the Link field to the end."""
    items: list[dict[str, Any]] = []
    address = f"/v1/brands?{query}"
    while True:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        if "next" not in answer.links:
            assert answer.json()["next_cursor"] is None
            return items
        address = answer.links["next"]["url"]
        assert answer.json()["next_cursor"] in address


def expected(names: Sequence[str]) -> list[str]:
    rows = sorted(ROWS, key=lambda row: str(row["id"]))
    for name in reversed(names):
        bare = name.removeprefix("-")
        filled = [row for row in rows if row[bare] is not None]
        filled.sort(key=lambda row: row[bare], reverse=name != bare)  # type: ignore[arg-type,return-value]  # one type per column
        rows = filled + [row for row in rows if row[bare] is None]
    return [str(row["id"]) for row in rows]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 23, 200])
@pytest.mark.parametrize(
    "sort", ["", "name", "-name", "granted_on", "-granted_on", "-granted_on,name", "name,-granted_on"]
)
async def test_every_row_comes_once_and_in_order(client: httpx.AsyncClient, sort: str, limit: int) -> None:
    items = await walk(client, f"limit={limit}" + (f"&sort={sort}" if sort else ""))
    assert [item["id"] for item in items] == expected((sort or "-granted_on").split(","))


async def test_a_page_has_fifty_items_unless_asked() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        brands.metadata.create_all(connection)
        connection.execute(brands.insert(), [{**ROWS[0], "id": f"c{number:03}"} for number in range(51)])
        web = httpx.AsyncClient(transport=httpx.ASGITransport(app(Asking(connection))), base_url="http://test")
        answer = await web.get("/v1/brands")
        assert len(answer.json()["items"]) == 50
        assert len((await web.get(answer.links["next"]["url"])).json()["items"]) == 1
    engine.dispose()


async def test_rows_that_come_meanwhile_shift_nothing(client: httpx.AsyncClient, asking: Asking) -> None:
    first = (await client.get("/v1/brands?sort=name&limit=5")).json()
    asking.connection.execute(brands.insert(), [{**ROWS[1], "id": "a00", "name": " earlier than all"}])
    second = (await client.get(f"/v1/brands?sort=name&limit=5&cursor={first['next_cursor']}")).json()
    assert [item["id"] for item in first["items"] + second["items"]] == expected(["name"])[:10]


async def test_filters_stay_in_the_links(client: httpx.AsyncClient) -> None:
    items = await walk(client, "division=370100&limit=2&sort=name")
    assert {item["id"] for item in items} == {row["id"] for row in ROWS if row["division"] == "370100"}


async def test_the_first_page_is_linked_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/brands?limit=2&sort=name")
    assert answer.links["first"]["url"] == "/v1/brands?limit=2&sort=name"


async def test_the_limit_may_change_between_pages(client: httpx.AsyncClient) -> None:
    cursor = (await client.get("/v1/brands?limit=2&division=370000&division=370100")).json()["next_cursor"]
    again = await client.get(f"/v1/brands?limit=5&division=370100&division=370000&cursor={cursor}")
    assert [item["id"] for item in again.json()["items"]] == expected(["-granted_on"])[2:7]


@pytest.mark.parametrize(
    "address",
    ["/v1/brands?sort=name", "/v1/brands?division=370000", "/v1/marks?", "/v1/brands?sort=granted_on"],
)
async def test_a_cursor_of_another_list_is_refused(client: httpx.AsyncClient, address: str) -> None:
    cursor = (await client.get("/v1/brands?limit=2")).json()["next_cursor"]
    answer = await client.get(f"{address}&cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid")


async def test_the_order_may_be_written_out(client: httpx.AsyncClient) -> None:
    cursor = (await client.get("/v1/brands?limit=2")).json()["next_cursor"]
    assert (await client.get(f"/v1/brands?limit=2&sort=-granted_on&cursor={cursor}")).status_code == 200


async def test_a_cursor_of_another_deployment_is_refused(client: httpx.AsyncClient, asking: Asking) -> None:
    foreign = httpx.AsyncClient(transport=httpx.ASGITransport(app(asking, secret="t" * 32)), base_url="http://test")
    cursor = (await foreign.get("/v1/brands?limit=2")).json()["next_cursor"]
    assert (await client.get(f"/v1/brands?cursor={cursor}")).status_code == 400


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "%F0%9F%92%A9", "A" * 9000])
async def test_a_made_up_cursor_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    answer = await client.get(f"/v1/brands?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid")


@pytest.mark.parametrize("sort", ["division", "name,name", "name,-name", "-", ",", "name;drop table", "--name"])
async def test_only_named_fields_sort(client: httpx.AsyncClient, sort: str) -> None:
    answer = await client.get("/v1/brands", params={"sort": sort})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "in": "query",
            "pointer": "/sort",
            "code": "sort_unknown",
            "message": "只能按下列字段排序，每个一次：granted_on, name。",
        }
    ]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "99999999999999999999"])
async def test_the_limit_has_limits(client: httpx.AsyncClient, limit: str) -> None:
    answer = await client.get(f"/v1/brands?limit={limit}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/limit")


async def test_the_whole_is_counted_only_when_asked(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "total" not in (await client.get("/v1/brands")).json()
    assert (await client.get("/v1/brands?include=total&limit=2")).json()["total"] == 23
    assert (await client.get("/v1/brands?include=total&limit=2&division=370100")).json()["total"] == 12
    monkeypatch.setattr("common.web.answers.pagination.MAX_TOTAL", 10)
    assert (await client.get("/v1/brands?include=total")).json()["total"] == 10
    assert (await client.get("/v1/brands?include=all")).status_code == 422


async def test_postgresql_is_asked_the_same(client: httpx.AsyncClient, asking: Asking) -> None:
    cursor = (await client.get("/v1/brands?limit=2&sort=-granted_on,name")).json()["next_cursor"]
    await client.get(f"/v1/brands?limit=2&sort=-granted_on,name&cursor={cursor}")
    sql = " ".join(str(asking.statements[-1].compile(dialect=postgresql.dialect())).split())  # type: ignore[no-untyped-call]  # SQLAlchemy's
    where, order = re.sub("::[A-Z]+", "", sql).partition(" WHERE ")[2].split(" ORDER BY ")
    assert order.startswith("brands.granted_on DESC NULLS LAST, brands.name ASC, brands.id ASC LIMIT")
    assert where == (
        "brands.granted_on < %(granted_on_1)s OR brands.granted_on IS NULL"
        " OR brands.granted_on = %(granted_on_2)s AND brands.name > %(name_1)s"
        " OR brands.granted_on = %(granted_on_3)s AND brands.name = %(name_2)s AND brands.id > %(id_1)s"
    )


def test_a_component_is_named_after_what_it_lists() -> None:
    assert Page[Brand].__name__ == "BrandPage"
