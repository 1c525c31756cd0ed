"""Cursors: what goes in comes out, and nobody else can write one."""

import base64
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from common.web.input.cursors import MAX_CURSOR, read_cursor, write_cursor
from common.web.refusals import CursorInvalid

SECRET = b"s" * 32
BINDING = b"/v1/brands"

values = st.lists(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False, allow_infinity=False),
    max_size=4,
)


@given(values)
def test_a_position_comes_back_as_it_went_in(position: list[object]) -> None:
    cursor = write_cursor(position, binding=BINDING, secret=SECRET)
    again = read_cursor(cursor, binding=BINDING, secret=SECRET, length=len(position))
    assert again == position
    assert [type(value) for value in again] == [type(value) for value in position]


@given(values, st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(position: list[object], place: int, change: int) -> None:
    cursor = write_cursor(position, binding=BINDING, secret=SECRET)
    content = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    content[place % len(content)] ^= change
    tampered = base64.urlsafe_b64encode(bytes(content)).rstrip(b"=").decode()
    with pytest.raises(CursorInvalid):
        read_cursor(tampered, binding=BINDING, secret=SECRET, length=len(position))


@given(st.text(max_size=100))
def test_any_other_text_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorInvalid):
        read_cursor(text, binding=BINDING, secret=SECRET, length=1)


@given(st.integers(min_value=0))
def test_another_spelling_of_the_same_bytes_is_refused(place: int) -> None:
    cursor = write_cursor(["x"], binding=BINDING, secret=SECRET)
    place %= len(cursor)
    for other in (cursor[:place] + "\n" + cursor[place:], cursor + "=", cursor[:-1] + chr(ord(cursor[-1]) + 1)):
        with pytest.raises(CursorInvalid):
            read_cursor(other, binding=BINDING, secret=SECRET, length=1)


@pytest.mark.parametrize(
    ("binding", "secret", "length"),
    [(b"/v1/marks", SECRET, 1), (BINDING, b"t" * 32, 1), (BINDING, SECRET, 2)],
)
def test_a_cursor_serves_one_list_one_secret_and_one_order(binding: bytes, secret: bytes, length: int) -> None:
    cursor = write_cursor(["x"], binding=BINDING, secret=SECRET)
    with pytest.raises(CursorInvalid):
        read_cursor(cursor, binding=binding, secret=secret, length=length)


def test_a_cursor_is_no_longer_than_a_url_can_be() -> None:
    cursor = write_cursor(["x" * MAX_CURSOR], binding=BINDING, secret=SECRET)
    with pytest.raises(CursorInvalid):
        read_cursor(cursor, binding=BINDING, secret=SECRET, length=1)


def test_a_date_is_not_an_instant() -> None:
    position = [date(2015, 10, 8), datetime(2015, 10, 8, 1, tzinfo=UTC), Decimal("1.50")]
    assert (
        read_cursor(write_cursor(position, binding=BINDING, secret=SECRET), binding=BINDING, secret=SECRET, length=3)
        == position
    )


def test_a_list_is_not_sorted_by_just_anything() -> None:
    with pytest.raises(TypeError, match="a list cannot be sorted by a bytes"):
        write_cursor([b"x"], binding=BINDING, secret=SECRET)
