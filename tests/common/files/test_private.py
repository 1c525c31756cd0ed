import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from common.files.privacy import warn_of_readable
from common.files.private import open_private, private_file, private_folder, readable_by_others


@pytest.fixture(autouse=True)
def _generous(without_umask: None) -> None:
    """The rights come from us, not from the system's mask."""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_and_those_above_it_are_made_for_the_owner_alone(tmp_path: Path) -> None:
    assert private_folder(tmp_path / "a" / "b" / "c") == tmp_path / "a" / "b" / "c"
    assert {mode(path) for path in tmp_path.rglob("*")} == {0o700}
    private_folder(tmp_path / "a" / "b" / "c")


def test_a_folder_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    private_folder(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o755, 0o700)


@pytest.mark.parametrize("how", ["wb", "ab", "xb", "w+b"])
def test_a_file_is_made_for_the_owner_alone(tmp_path: Path, how: str) -> None:
    with open_private(tmp_path / "x", how) as file:
        file.write(b"x")
    assert (mode(tmp_path / "x"), (tmp_path / "x").read_bytes()) == (0o600, b"x")


def test_an_empty_file_is_made_once_and_keeps_its_content(tmp_path: Path) -> None:
    private_file(tmp_path / "x").write_text("kept")
    assert (private_file(tmp_path / "x").read_text(), mode(tmp_path / "x")) == ("kept", 0o600)


def test_what_others_may_read_is_found_and_named_at_start(tmp_path: Path) -> None:
    data = private_folder(tmp_path / "var")
    private_file(data / "fine")
    (data / "link").symlink_to("/")
    assert list(readable_by_others(data)) == []
    assert list(readable_by_others(tmp_path / "missing")) == []

    private_file(data / "bus.db").chmod(0o640)
    private_folder(data / "files" / "sha256").chmod(0o701)

    assert list(readable_by_others(data)) == [data / "bus.db", data / "files" / "sha256"]
    with capture_logs() as said:
        warn_of_readable(data)
        warn_of_readable(tmp_path / "missing")
    assert said == [
        {
            "event": "data-readable-by-others",
            "log_level": "warning",
            "count": 2,
            "paths": [str(data / "bus.db"), str(data / "files" / "sha256")],
            "repair": f"chmod -R go= {data}",
        }
    ]
