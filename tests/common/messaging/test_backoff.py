"""The backoff: delays grow by the factor up to the longest, are spread by the jitter, and never overflow."""

import pytest

from common.messaging.backoff import Backoff, RetryPolicy

STEADY = Backoff(first=0.1, factor=3, longest=10, jitter=lambda: 1.0)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0.1), (2, 0.3), (3, 0.9), (4, 2.7), (5, 8.1), (6, 10.0), (7, 10.0), (1_000_000, 10.0)]
)
def test_the_delay_grows_by_the_factor_up_to_the_longest(failures: int, seconds: float) -> None:
    assert STEADY.delay(failures) == pytest.approx(seconds)


def test_the_jitter_shortens_the_delay_by_half_at_most() -> None:
    delays = {Backoff().delay(100) for _ in range(200)}
    assert len(delays) > 1
    assert 5.0 <= min(delays) <= max(delays) <= 10.0


async def test_a_policy_waits_by_its_sleep_for_the_delay_that_is_due() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await RetryPolicy(backoff=STEADY, sleep=sleep).wait(2)
    assert slept == pytest.approx([0.3])
