import pytest

from common.codes.division_successors import SUCCESSORS, division_of
from common.codes.division_table import division_in, parts_of

YEARS = range(2012, 2024)


def in_use(year: int) -> set[str]:
    cities = [city.code for city in parts_of("370000", year)]
    return {*cities, *(county.code for city in cities for county in parts_of(city, year))}


def test_each_code_of_the_province_that_was_given_up_has_a_successor_and_no_other_code_has() -> None:
    codes = {year: in_use(year) for year in YEARS}

    given_up = {code for year in YEARS[1:] for code in codes[year - 1] - codes[year]}

    assert given_up == SUCCESSORS.keys()
    assert {code for code in given_up if division_of(code, YEARS[-1]) not in codes[YEARS[-1]]} == set()


@pytest.mark.parametrize(("code", "successor"), SUCCESSORS.items())
def test_a_successor_takes_over_in_the_last_year_of_the_code(code: str, successor: str) -> None:
    last = max(year for year in range(2000, 2024) if division_in(code, year))

    assert division_in(successor, last) is not None
    assert [division_of(code, year) for year in (last, last + 1)] == [code, successor]


@pytest.mark.parametrize(
    ("code", "year", "found"),
    [
        ("370102", 2015, "370102"),
        ("371202", 2019, "370116"),
        ("370114", 2015, "370114"),
        ("110103", 2015, "110103"),
    ],
    ids=["in use", "a county whose city changed", "before it was there", "of another province"],
)
def test_every_other_code_is_its_own(code: str, year: int, found: str) -> None:
    assert division_of(code, year) == found
