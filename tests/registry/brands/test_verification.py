"""What the check answers for a day, over histories written by hand; pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from registry_service.register.brands.verification import in_force_on


@dataclass
class _Line:
    to_state: str
    effective_on: date
    recorded_at: datetime
    id: str


def _history(*lines: tuple[str, str, str]) -> list[_Line]:
    """Make lines of (state, day it counts from, day it was recorded on), all of 2016."""
    return [
        _Line(
            state,
            date.fromisoformat(f"2016-{counts}"),
            datetime.fromisoformat(f"2016-{known}").replace(tzinfo=UTC),
            f"chg_{place}",
        )
        for place, (state, counts, known) in enumerate(lines)
    ]


def _codes(lines: list[_Line], *days: str, effective: str = "01-10", until: str = "12-31") -> list[str]:
    return [
        in_force_on(
            date.fromisoformat(f"2016-{day}"),
            lines,
            effective_on=date.fromisoformat(f"2016-{effective}"),
            valid_until=date.fromisoformat(f"2016-{until}"),
        ).code
        for day in days
    ]


GRANTED = ("active", "01-10", "01-10")


def test_a_title_is_in_force_from_its_day_to_its_last() -> None:
    codes = _codes(_history(GRANTED), "01-09", "01-10", "06-30", "07-01", until="06-30")

    assert codes == ["pending_effect", "in_force", "in_force", "expired"]


def test_a_pending_title_counts_as_active_on_its_day_even_before_the_calendar_has_run() -> None:
    assert _codes(_history(("pending_effect", "01-10", "01-02")), "01-09", "01-10") == ["pending_effect", "in_force"]


@pytest.mark.parametrize("state", ["suspended", "revoked", "cancelled", "expired"])
def test_an_act_counts_from_its_own_day(state: str) -> None:
    assert _codes(_history(GRANTED, (state, "03-05", "03-05")), "03-04", "03-05") == ["in_force", state]


def test_a_warned_title_is_in_force_and_says_so() -> None:
    warned = in_force_on(
        date(2016, 3, 5),
        _history(GRANTED, ("warned", "03-05", "03-05")),
        effective_on=date(2016, 1, 10),
        valid_until=None,
    )

    assert (warned.answer, warned.code) == (True, "warned")


def test_an_act_dated_back_counts_from_its_day_and_is_not_undone_by_what_was_recorded_before_it() -> None:
    lines = _history(
        GRANTED, ("suspended", "03-10", "03-10"), ("active", "03-20", "03-20"), ("revoked", "03-15", "04-01")
    )

    assert _codes(lines, "03-09", "03-10", "03-14", "03-15", "03-20", "04-01") == [
        "in_force",
        "suspended",
        "suspended",
        "revoked",
        "revoked",
        "revoked",
    ]


def test_a_reinstatement_dated_back_undoes_what_it_undoes() -> None:
    lines = _history(GRANTED, ("suspended", "03-10", "03-10"), ("active", "03-10", "04-01"))

    assert _codes(lines, "03-10", "04-02") == ["in_force", "in_force"]


def test_what_was_revoked_before_its_first_day_is_never_in_force() -> None:
    lines = _history(("pending_effect", "01-10", "01-02"), ("revoked", "01-05", "01-05"))

    assert _codes(lines, "01-06", "01-10", "02-01") == ["pending_effect", "revoked", "revoked"]
