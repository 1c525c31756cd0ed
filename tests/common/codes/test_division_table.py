from itertools import chain

import pytest

from common.codes.division_table import Division, division_in, parts_of
from common.codes.divisions import covers


@pytest.mark.parametrize(("year", "cities", "counties"), [(2015, 17, 137), (2024, 16, 136)])
def test_the_province_has_the_cities_and_counties_of_the_year(year: int, cities: int, counties: int) -> None:
    found = parts_of("370000", year)
    below = [*chain.from_iterable(parts_of(city.code, year) for city in found)]

    assert (len(found), len(below)) == (cities, counties)
    assert all(covers(city.code, county.code) for city in found for county in parts_of(city.code, year))
    assert len({each.code for each in below}) == counties


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("370000", 2015, "山东省"),
        ("370100", 2015, "济南市"),
        ("371200", 2015, "莱芜市"),
        ("371202", 2018, "莱城区"),
        ("371202", 2019, None),
        ("370116", 2019, "莱芜区"),
        ("370116", 2015, None),
        ("370181", 2015, "章丘市"),
        ("371324", 2013, "苍山县"),
        ("371324", 2014, "兰陵县"),
        ("370101", 2015, None),
        ("379900", 2015, None),
        ("990000", 2015, None),
    ],
)
def test_a_code_has_the_name_of_its_year_and_none_in_another(code: str, year: int, name: str | None) -> None:
    found = division_in(code, year)

    assert (found and found.name) == name


def test_a_county_has_no_parts_and_a_division_knows_its_years() -> None:
    assert parts_of("370102", 2015) == ()
    assert division_in("371200", 2015) == Division(code="371200", name="莱芜市", since=1992, until=2018)
