"""The legal clock is the system's plus a durable offset that all processes share; it never goes back."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from common.kernel.clock import SHANGHAI, SystemClock, legal_date
from common.process.legal_clock import DEMO_START, LegalClock
from common.process.refusals import ClockGoesForward
from support.service.disks import no_room

NOW = datetime(2026, 11, 23, 4, 0, 0, 123456, tzinfo=UTC)


class HandClock:
    """A system clock that a test moves."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_without_a_file_the_legal_clock_is_the_system_clock(tmp_path: Path) -> None:
    assert LegalClock(tmp_path / "clock.json", HandClock()).now() == NOW
    assert list(tmp_path.iterdir()) == []


def test_the_demo_begins_when_its_constructor_says_and_then_runs_on(tmp_path: Path) -> None:
    system = HandClock()
    clock = LegalClock(tmp_path / "new" / "clock.json", system, start=DEMO_START)
    assert clock.now() == datetime(2015, 10, 8, 1, 0, tzinfo=UTC)
    system.at += timedelta(hours=2)
    assert clock.now() == datetime(2015, 10, 8, 3, 0, tzinfo=UTC)


def test_a_restart_goes_on_where_the_clock_was(tmp_path: Path) -> None:
    path, system = tmp_path / "clock.json", HandClock()
    LegalClock(path, system, start=DEMO_START).advance_to(datetime(2015, 12, 1, tzinfo=SHANGHAI))
    system.at += timedelta(minutes=1)
    again = LegalClock(path, system, start=DEMO_START)
    assert again.now() == datetime(2015, 11, 30, 16, 1, tzinfo=UTC)


def test_every_process_sees_a_move_at_its_next_look(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    mine, theirs = (LegalClock(path, HandClock(), start=DEMO_START) for _ in range(2))
    os.utime(path, (0, 0))  # old enough not to be read again
    assert theirs.now() == DEMO_START
    mine.advance_to(datetime(2015, 12, 1, tzinfo=UTC))
    assert theirs.now() == datetime(2015, 12, 1, tzinfo=UTC)


def test_of_two_moves_in_one_tick_of_the_file_system_the_second_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock = LegalClock(path, HandClock(), start=DEMO_START)
    assert clock.now() == DEMO_START
    modified = path.stat().st_mtime_ns
    path.write_text(json.dumps({"offset_seconds": 0}))
    os.utime(path, ns=(modified, modified))
    assert clock.now() == NOW


@pytest.mark.parametrize("path", [True, False])
def test_the_clock_is_never_moved_back(tmp_path: Path, path: bool) -> None:  # noqa: FBT001 -- pytest gives it by name
    clock = LegalClock(tmp_path / "clock.json" if path else None, HandClock(), start=DEMO_START)
    with pytest.raises(ClockGoesForward) as refusal:
        clock.advance_to(DEMO_START - timedelta(microseconds=1))
    assert refusal.value.text("en") == "The legal clock can only be moved forward; it is now 2015-10-08T01:00:00+00:00."
    assert clock.now() == DEMO_START


def test_a_late_second_mover_cannot_undo_the_first(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    first, second = (LegalClock(path, HandClock(), start=DEMO_START) for _ in range(2))
    first.advance_to(datetime(2016, 1, 1, tzinfo=UTC))
    with pytest.raises(ClockGoesForward):
        second.advance_to(datetime(2015, 12, 1, tzinfo=UTC))
    assert first.now() == datetime(2016, 1, 1, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=36_500)))
def test_the_clock_stands_exactly_where_it_was_moved(ahead: timedelta) -> None:
    clock = LegalClock(None, HandClock(), start=DEMO_START)
    clock.advance_to(DEMO_START + ahead)
    assert clock.now() == DEMO_START + ahead


@given(st.datetimes(min_value=datetime(2015, 10, 8), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 -- strategy bounds
def test_the_offset_in_a_file_loses_no_microsecond(at: datetime) -> None:
    offset = at.replace(tzinfo=UTC) - NOW
    stored = json.loads(json.dumps({"offset_seconds": offset.total_seconds()}))
    assert timedelta(seconds=stored["offset_seconds"]) == offset


def test_a_move_leaves_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    LegalClock(path, HandClock(), start=DEMO_START).advance_to(NOW)
    assert json.loads(path.read_text(encoding="utf-8")) == {"offset_seconds": 0.0}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["clock.json", "clock.json.lock"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"offset_seconds": "1"}', '{"offset_seconds": NaN}'])
def test_a_file_that_holds_no_offset_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "clock.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"clock\.json does not hold a clock offset"):
        LegalClock(path, HandClock()).now()


def test_a_move_that_finds_no_room_leaves_everything_as_it_was(tmp_path: Path) -> None:
    clock = LegalClock(tmp_path / "clock.json", HandClock(), start=DEMO_START)
    before, files = clock.now(), set(tmp_path.iterdir())
    with no_room(), pytest.raises(OSError, match="File too large"):
        clock.advance_to(before + timedelta(days=1))
    assert (clock.now(), set(tmp_path.iterdir())) == (before, files)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        LegalClock(None, HandClock()).advance_to(datetime(2030, 1, 1))  # noqa: DTZ001 -- the point of the test


def test_today_is_the_date_in_shanghai() -> None:
    assert legal_date(datetime(2015, 10, 8, 15, 59, tzinfo=UTC)) == date(2015, 10, 8)
    assert legal_date(datetime(2015, 10, 8, 16, 0, tzinfo=UTC)) == date(2015, 10, 9)
