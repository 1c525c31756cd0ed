"""Ids are UUIDv7, sort by the time they were made, and never repeat or decrease within a process."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
from threading import Lock
from uuid import RFC_4122, UUID

import pytest

from common.kernel.ids import new_id


def milliseconds(event_id: str) -> int:
    """Return the time that an id carries."""
    return UUID(event_id).int >> 80


def test_an_id_carries_its_time_version_and_variant() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert before <= milliseconds(made) <= time.time_ns() // 1_000_000
    assert (UUID(made).version, UUID(made).variant) == (7, RFC_4122)


def test_text_order_is_the_order_of_making_also_within_one_millisecond() -> None:
    made = [new_id("app") for _ in range(20_000)]
    assert made == sorted(set(made))
    assert len({milliseconds(one.removeprefix("app_")) for one in made}) < len(made)


def test_ids_made_by_threads_in_turn_increase() -> None:
    turn, made = Lock(), list[str]()

    def make(count: int) -> None:
        for _ in range(count):
            with turn:
                made.append(new_id())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(make, [2_000] * 4))
    assert made == sorted(set(made))


def test_ids_made_by_threads_at_once_never_repeat_and_increase_within_each_thread() -> None:
    def make(count: int) -> list[str]:
        return [new_id() for _ in range(count)]

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(make, [5_000] * 4))
    assert all(earlier < later for of_thread in made for earlier, later in pairwise(of_thread))
    assert len(set(chain.from_iterable(made))) == 20_000


def test_an_id_names_its_noun() -> None:
    assert re.fullmatch(r"app_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", new_id("app"))
    assert UUID(new_id()).version == 7


@pytest.mark.parametrize("prefix", ["", "app_", "App", "a", "a-b"])
def test_a_prefix_that_is_not_small_letters_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        new_id(prefix)
