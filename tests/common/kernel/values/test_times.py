"""Days and instants have one spelling each, and are where every database and every client can hold them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from common.kernel.values.times import FIRST_ACT, FIRST_DAY, LAST_ACT, LAST_DAY, ActDay, Day, Instant, anniversary

DAY: TypeAdapter[date] = TypeAdapter(Day)
ACT: TypeAdapter[date] = TypeAdapter(ActDay)
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def refusal_of(adapter: TypeAdapter[Any], value: object) -> str:
    """Return the error type that the adapter gives the value, in both of pydantic's modes."""
    kinds = set()
    for strict in (True, False):
        with pytest.raises(ValidationError) as refused:
            adapter.validate_python(value, strict=strict)
        kinds |= {error["type"] for error in refused.value.errors()}
    (kind,) = kinds
    return kind


@pytest.mark.parametrize(
    "value",
    [
        "0",
        "1445212800",
        "20151008",
        "2015-10-8",
        " 2015-10-08",
        "2015-10-08 ",
        "2015-10-08\n",
        "2015-10-08T00:00:00",
        "2015-10-08T00:00:00Z",
        "2015-W41-4",
        "２０１５-10-08",
        "٢٠١٥-10-08",
        "2015-02-29",
        "0000-01-01",
        "+2015-10-08",
        "02015-10-08",
        "1_015-10-08",
        "",
    ],
)
def test_a_day_is_read_from_its_one_spelling(value: str) -> None:
    assert refusal_of(DAY, value) == "date_parsing"


@pytest.mark.parametrize("value", [0, 1445212800, 1.0, True, None, datetime(2015, 10, 8, tzinfo=UTC), b"2015-10-08"])
def test_a_number_and_an_instant_are_no_day(value: object) -> None:
    assert refusal_of(DAY, value) == "date_type"


def test_a_day_is_within_the_years_of_its_kind() -> None:
    for adapter, first, last in ((DAY, FIRST_DAY, LAST_DAY), (ACT, FIRST_ACT, LAST_ACT)):
        assert [adapter.validate_python(str(each)) for each in (first, last)] == [first, last]
        outside = (
            first.replace(year=first.year - 1, month=12, day=31),
            last.replace(year=last.year + 1, month=1, day=1),
        )
        assert {refusal_of(adapter, str(each)) for each in (*outside, date.min, date.max)} == {"date_out_of_range"}
        assert {refusal_of(adapter, each) for each in outside} == {"date_out_of_range"}


def test_a_founding_day_is_a_fact_and_stays_one() -> None:
    assert DAY.validate_python("1892-05-01") == date(1892, 5, 1)
    assert refusal_of(ACT, "1892-05-01") == "date_out_of_range"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1445212800", "datetime_parsing"),
        ("2015-10-08", "datetime_parsing"),
        ("2015-10-08 01:00:00Z", "datetime_parsing"),
        ("2015-10-08T01:00Z", "datetime_parsing"),
        ("2015-10-08T01:00:00+0800", "datetime_parsing"),
        ("2015-10-08T01:00:00+24:00", "datetime_parsing"),
        ("2015-10-08T01:00:60Z", "datetime_parsing"),
        ("2015-10-08T24:00:00Z", "datetime_parsing"),
        ("2015-10-08T01:00:00.0000000001Z", "datetime_parsing"),
        ("２０１５-10-08T01:00:00Z", "datetime_parsing"),
        ("2015-10-08T01:00:00Z\n", "datetime_parsing"),
        ("0000-10-08T01:00:00Z", "datetime_parsing"),
        ("2015-10-08T01:00:00", "timezone_aware"),
        (datetime(2015, 10, 8), "timezone_aware"),  # noqa: DTZ001 -- the missing zone is the point
        (1445212800, "datetime_type"),
        (1445212800.5, "datetime_type"),
        (None, "datetime_type"),
        ("0001-01-01T00:00:00+14:00", "instant_out_of_range"),
        ("0001-01-01T00:00:00Z", "instant_out_of_range"),
        ("9999-12-31T23:59:59-14:00", "instant_out_of_range"),
        ("1990-01-01T00:00:00+00:01", "instant_out_of_range"),
        ("2100-12-31T23:59:59-00:01", "instant_out_of_range"),
        (datetime.max.replace(tzinfo=UTC), "instant_out_of_range"),
    ],
)
def test_an_instant_is_read_from_its_one_spelling_and_is_within_our_years(value: object, kind: str) -> None:
    assert refusal_of(INSTANT, value) == kind


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2015-10-08T09:00:00+08:00", datetime(2015, 10, 8, 1, tzinfo=UTC)),
        ("2015-10-08t01:00:00z", datetime(2015, 10, 8, 1, tzinfo=UTC)),
        ("2015-10-08T01:00:00.123456789Z", datetime(2015, 10, 8, 1, 0, 0, 123456, tzinfo=UTC)),
        ("1990-01-01T00:00:00Z", datetime(1990, 1, 1, tzinfo=UTC)),
        ("2100-12-31T23:59:59.999999Z", datetime(2100, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_an_instant_is_kept_in_utc(text: str, moment: datetime) -> None:
    read = INSTANT.validate_python(text)
    assert (read, read.tzinfo) == (moment, UTC)


def test_an_anniversary_of_a_leap_day_is_the_first_of_march() -> None:
    assert anniversary(date(2016, 2, 29), 1) == date(2017, 3, 1)
    assert anniversary(date(2016, 2, 29), 4) == date(2020, 2, 29)
