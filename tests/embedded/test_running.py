from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedded.running import DataInUseError, announced, claimed, is_claimed, recorded

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000"


def test_one_process_owns_a_data_directory(tmp_path: Path) -> None:
    with claimed(tmp_path), announced(tmp_path, url=URL, profile="demo", started_at=AT):
        assert is_claimed(tmp_path)
        with pytest.raises(DataInUseError, match=rf"process \d+ at {URL}; stop it first"), claimed(tmp_path):
            pass
    assert not is_claimed(tmp_path)


def test_the_record_tells_where_it_runs_and_goes_with_it(tmp_path: Path) -> None:
    with announced(tmp_path, url=URL, profile="demo", started_at=AT) as run:
        assert recorded(tmp_path) == run
        assert (run.url, run.data, run.started_at) == (URL, str(tmp_path), AT)
    assert recorded(tmp_path) is None


def test_a_record_that_a_kill_left_behind_does_not_claim_the_directory(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(
        '{"url":"u","data":"d","profile":"demo","pid":1,"started_at":"2026-11-23T04:00:00Z"}'
    )
    (tmp_path / "run.lock").touch()
    assert recorded(tmp_path) is not None
    assert not is_claimed(tmp_path)


def test_a_torn_record_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"url":')
    assert recorded(tmp_path) is None


def test_looking_makes_no_directory(tmp_path: Path) -> None:
    assert not is_claimed(tmp_path / "nowhere")
    assert recorded(tmp_path / "nowhere") is None
    assert not (tmp_path / "nowhere").exists()
