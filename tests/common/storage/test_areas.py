import pytest
from sqlalchemy import Column, MetaData, Table, Text, insert, select

from common.storage.areas import inside
from common.storage.database.engine import Database

METADATA = MetaData()
BRANDS = Table("brands", METADATA, Column("number", Text, primary_key=True), Column("division", Text))
DIVISIONS = {"jinan": "370100", "lixia": "370102", "qingdao": "370200", "zhejiang": "330000", "unknown": None}


@pytest.mark.parametrize(
    ("area", "found"),
    [
        ("370000", ["jinan", "lixia", "qingdao"]),
        ("370100", ["jinan", "lixia"]),
        ("370102", ["lixia"]),
        ("370103", []),
        (None, []),
        ("", []),
    ],
)
async def test_an_area_holds_itself_and_the_divisions_below_it(
    database: Database, area: str | None, found: list[str]
) -> None:
    async with database.write() as connection:
        await connection.run_sync(METADATA.create_all)
        rows = [{"number": number, "division": division} for number, division in DIVISIONS.items()]
        await connection.execute(insert(BRANDS), rows)
        asked = select(BRANDS.c.number).where(inside(BRANDS.c.division, area)).order_by(BRANDS.c.number)

        assert list((await connection.execute(asked)).scalars()) == found
