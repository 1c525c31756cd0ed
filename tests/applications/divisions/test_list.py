from support.service.alone import Alone


async def test_the_divisions_of_a_year_are_public(on_sqlite: Alone) -> None:
    now = await on_sqlite.send("GET", "/v1/divisions?within=370000")
    later = await on_sqlite.send("GET", "/v1/divisions?within=370000&year=2024")
    laiwu = await on_sqlite.send("GET", "/v1/divisions?within=371200&year=2015")

    assert (now.status_code, now.json()["year"], len(now.json()["items"])) == (200, 2015, 17)
    assert len(later.json()["items"]) == 16
    assert laiwu.json() == {
        "within": "371200",
        "year": 2015,
        "items": [
            {"code": "371202", "name": "莱城区", "since": 1992, "until": 2018},
            {"code": "371203", "name": "钢城区", "since": 1992, "until": 2018},
        ],
    }


async def test_a_county_has_nothing_below_it(on_sqlite: Alone) -> None:
    assert (await on_sqlite.send("GET", "/v1/divisions?within=370102")).json()["items"] == []
