"""What there is to measure on: one of each kind made through the real service, then multiplied by set-based SQL."""

from collections.abc import Callable
from typing import Final, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, FromClause, String, cast, func, insert, literal, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applications.model import Application
from applications_service.service import SERVICE as APPLICATIONS
from bench.places import Place, Places
from common.storage.database.engine import Database, open_database
from registry_service.register.brands.model import Brand, Change
from registry_service.service import SERVICE as REGISTRY
from support.casts import applying, programmes, registering
from support.service.alone import alone

FIRST: Final = 100_000_000_000
"""Numbers in the texts of filled rows begin here, so that all texts have the same width."""
STEM: Final = "01506b3a-7c00-7000-8000-"
EACH: Final = 10
"""Brands of one holder, and applications of one applicant."""

Columns: TypeAlias = ReadOnlyColumnCollection[str, ColumnElement[object]]
Number: TypeAlias = ColumnElement[int]
Changes: TypeAlias = Callable[[Columns, Number], dict[str, ColumnElement[str]]]
"""Which columns of a copy differ from the row it is made of, by the number of the copy."""


def brand_number(index: int) -> str:
    """Return the number of a filled brand."""
    return f"SDMP-2015-{FIRST + index}"


def application_id(index: int) -> str:
    """Return the id of a filled application."""
    return f"app_{STEM}{FIRST + index}"


def applicant(index: int) -> str:
    """Return who made a filled application."""
    return f"9137{FIRST + index // EACH}"


def trademark(index: int) -> str:
    """Return the trademark of a filled application, which with its category is what it asks for."""
    return str(int(_trademark()) + index)


def _trademark() -> str:
    number: str = programmes.answers(applying.HONOUR)["trademark"]["registration_number"]
    return number


async def fill_registry(places: Places, name: str, count: int) -> Place:
    """Make a registry with so many brands, each with its one line of history."""
    place = await places.new(name)
    async with alone(REGISTRY, place.url, place.folder) as service:
        await registering.register(service)
    database = open_database(place.url)
    try:
        await multiply(database, Brand.__table__, count, _brand)
        await multiply(database, Change.__table__, count, _change)
    finally:
        await database.close()
    await places.settle(place)
    return place


async def fill_applications(places: Places, name: str, count: int) -> Place:
    """Make so many complete drafts of an open round, ten for each applicant."""
    place = await places.new(name)
    async with alone(APPLICATIONS, place.url, place.folder) as service:
        made = await applying.draft(service)
        await applying.complete(service, str(made["id"]))
    database = open_database(place.url)
    try:
        await multiply(database, Applicant.__table__, count // EACH + 1, _applicant)
        await multiply(database, Application.__table__, count, _application)
    finally:
        await database.close()
    await places.settle(place)
    return place


async def multiply(database: Database, table: FromClause, count: int, changes: Changes) -> None:
    """Make `count` copies of the one row of a table in one statement, numbered from 0."""
    counted = select(literal(0, BigInteger).label("n")).cte(recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < count - 1))
    columns = {column.name: column for column in table.c} | changes(table.c, counted.c.n)
    copies = (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(table)
        .join(counted, literal(value=True))
    )
    async with database.write() as connection:
        await connection.execute(insert(table).from_select(list(columns), copies))  # type: ignore[arg-type]  # a Table
        await connection.commit()
        assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == count + 1


def _text(number: Number) -> ColumnElement[str]:
    return cast(number + literal(FIRST, BigInteger), String)


def _brand(columns: Columns, n: Number) -> dict[str, ColumnElement[str]]:
    return {
        "id": literal(f"brd_{STEM}") + _text(n),
        "number": literal("SDMP-2015-") + _text(n),
        "applicant_id": literal(f"apl_{STEM}") + _text(n // EACH),
        "holder": literal("9137") + _text(n // EACH),
        "uscc": literal("9137") + _text(n // EACH),
        "holder_name": cast(columns["holder_name"], String) + _text(n // EACH),
        "item": cast(columns["item"], String) + _text(n),
        "review_id": literal(f"rev_{STEM}") + _text(n),
        "search": cast(columns["search"], String) + literal(" ") + _text(n),
    }


def _change(_: Columns, n: Number) -> dict[str, ColumnElement[str]]:
    return {"id": literal(f"chg_{STEM}") + _text(n), "brand_id": literal(f"brd_{STEM}") + _text(n)}


def _applicant(_: Columns, n: Number) -> dict[str, ColumnElement[str]]:
    code = literal("9137") + _text(n)
    return {"id": literal(f"apl_{STEM}") + _text(n), "org": code, "uscc": code}


def _application(columns: Columns, n: Number) -> dict[str, ColumnElement[str]]:
    # through cast: the column's own type would take the changed text for a value to be written as JSON
    answers = func.replace(cast(columns["answers"], String), _trademark(), cast(n + int(_trademark()), String))
    return {
        "id": literal(f"app_{STEM}") + _text(n),
        "applicant_id": literal(f"apl_{STEM}") + _text(n // EACH),
        "applicant": literal("9137") + _text(n // EACH),
        "uscc": literal("9137") + _text(n // EACH),
        "answers": answers,
    }
