from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedded.machine.data_folder import DataInUseError, is_locked, locked, recorded, recording

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000"


def test_one_process_owns_a_data_directory(tmp_path: Path) -> None:
    with locked(tmp_path), recording(tmp_path, url=URL, profile="demo", started_at=AT):
        assert is_locked(tmp_path)
        with pytest.raises(DataInUseError, match=rf"process \d+ at {URL}; stop it first"), locked(tmp_path):
            pass
    assert not is_locked(tmp_path)


def test_the_record_names_where_it_runs_and_is_removed_with_it(tmp_path: Path) -> None:
    with recording(tmp_path, url=URL, profile="demo", started_at=AT) as run:
        assert recorded(tmp_path) == run
        assert (run.url, run.data, run.started_at) == (URL, str(tmp_path), AT)
    assert recorded(tmp_path) is None


def test_a_record_that_a_kill_left_behind_does_not_claim_the_directory(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(
        '{"url":"u","data":"d","profile":"demo","pid":1,"started_at":"2026-11-23T04:00:00Z"}'
    )
    (tmp_path / "run.lock").touch()
    assert recorded(tmp_path) is not None
    assert not is_locked(tmp_path)


def test_a_torn_record_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"url":')
    assert recorded(tmp_path) is None


def test_looking_makes_no_directory(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "nowhere")
    assert recorded(tmp_path / "nowhere") is None
    assert not (tmp_path / "nowhere").exists()
