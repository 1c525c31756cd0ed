"""The batch splitter: every record is settled once and in order, a failing one alone, in a bounded number of tries."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies as st

from common.messaging.consumer.splitting import BatchSplitter


@dataclass
class Played:
    """What became of a batch."""

    committed: list[int] = field(default_factory=list)
    parked: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    attempts: list[list[int]] = field(default_factory=list)


def play(count: int, failing: Collection[int], *, place_known: bool) -> Played:
    """Settle a batch as the consumer does."""
    batch, played = BatchSplitter(count), Played()
    while batch.remaining:
        first = count - batch.remaining
        attempt = list(range(first, first + batch.size))
        played.attempts.append(attempt)
        assert 1 <= len(attempt) <= batch.remaining
        index = next((place for place, record in enumerate(attempt) if record in failing), None)
        if index is None:
            played.committed += attempt
            played.settled += attempt
            batch.committed()
        elif batch.failed(index if place_known or len(attempt) == 1 else None):
            played.parked.append(first)
            played.settled.append(first)
    return played


@pytest.mark.parametrize(
    ("count", "failing", "place_known", "attempts"),
    [
        pytest.param(4, {}, True, [[0, 1, 2, 3]], id="nothing fails: one attempt"),
        pytest.param(
            4, {2}, True, [[0, 1, 2, 3], [0, 1], [2, 3], [3]], id="the good ones before it are committed first"
        ),
        pytest.param(3, {0}, True, [[0, 1, 2], [1, 2]], id="the first one is parked at once"),
        pytest.param(1, {0}, True, [[0]], id="the only one"),
        pytest.param(3, {2}, True, [[0, 1, 2], [0, 1], [2]], id="the last one"),
        pytest.param(3, {0, 1, 2}, True, [[0, 1, 2], [1, 2], [2]], id="all of them: one attempt each"),
        pytest.param(
            8,
            {5},
            False,
            [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]],
            id="an unknown place is found by halving, and the other halves are not divided",
        ),
        pytest.param(3, {2}, False, [[0, 1, 2], [0], [1, 2], [1], [2]], id="three records halve to one and two"),
    ],
)
def test_attempts_narrow_down_to_the_failing_record_and_widen_again(
    count: int,
    failing: Collection[int],
    place_known: bool,  # noqa: FBT001 -- a column of the table
    attempts: list[list[int]],
) -> None:
    assert play(count, failing, place_known=place_known).attempts == attempts


@given(
    count=st.integers(min_value=1, max_value=500),
    drawn=st.sets(st.integers(min_value=0, max_value=499), max_size=40),
    place_known=st.booleans(),
)
def test_every_record_is_settled_once_in_order_and_only_the_failing_ones_are_parked(
    count: int,
    drawn: set[int],
    place_known: bool,  # noqa: FBT001 -- drawn by Hypothesis
) -> None:
    failing = {record for record in drawn if record < count}
    played = play(count, failing, place_known=place_known)

    assert played.settled == list(range(count))
    assert played.parked == sorted(failing)
    halvings = (count - 1).bit_length()
    per_failing = 3 if place_known else 2 * halvings
    assert len(played.attempts) <= 1 + per_failing * len(failing)
    if not place_known:  # no record is tried more often than the batch can be halved, whatever else fails
        tries = [sum(record in attempt for attempt in played.attempts) for record in (0, count // 2, count - 1)]
        assert max(tries) <= 1 + halvings
