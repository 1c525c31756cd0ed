"""Ids are UUIDv7, sort by the time they were made, and never repeat or fall back within a process."""

import re
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, strategies as st

from common.ids import Uuid7Source, new_id, uuid7

LAST_RANDOM = (1 << 74) - 1


def at(*moments: int) -> Uuid7Source:
    """Make a source whose clock shows these milliseconds one after the other, with the largest random part."""
    remaining = iter(moments)
    return Uuid7Source(now_ms=lambda: next(remaining), random_bits=lambda bits: (1 << bits) - 1)


def test_an_id_carries_its_time_version_and_variant() -> None:
    value = at(0x0189_ABCD_EF01)()
    assert value.int >> 80 == 0x0189_ABCD_EF01
    assert (value.version, value.variant) == (7, RFC_4122)


def test_the_random_part_fills_every_bit_but_version_and_variant() -> None:
    assert at(0)() == UUID("00000000-0000-7fff-bfff-ffffffffffff")


@given(st.lists(st.integers(min_value=0, max_value=5), min_size=2, max_size=50))
def test_ids_increase_even_when_the_wall_clock_stands_still_or_steps_back(moments: list[int]) -> None:
    remaining = iter(moments)
    source = Uuid7Source(now_ms=lambda: next(remaining))
    made = [source() for _ in moments]
    assert all(earlier < later for earlier, later in pairwise(made))
    assert all((each.version, each.variant) == (7, RFC_4122) for each in made)


def test_a_used_up_millisecond_borrows_the_next() -> None:
    source = at(9, 9)
    assert [source().int >> 80, source().int >> 80] == [9, 10]


def test_text_order_is_the_order_of_making() -> None:
    made = [str(uuid7()) for _ in range(1_000)]
    assert made == sorted(set(made))


def test_an_id_names_its_noun() -> None:
    assert re.fullmatch(r"app_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", new_id("app"))
    assert UUID(new_id()).version == 7


@pytest.mark.parametrize("prefix", ["", "app_", "App", "a", "a-b"])
def test_a_prefix_that_is_not_small_letters_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        new_id(prefix)
