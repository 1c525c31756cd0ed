import stat
from pathlib import Path

import pytest

from common.files.atomic import write_durably


def test_the_file_has_the_complete_new_content_and_the_given_mode(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    write_durably(path, b"old")
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["b.json"]


def test_a_failed_write_leaves_the_old_content_and_no_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.mkdir()
    (path / "kept").touch()
    with pytest.raises(OSError, match=r"directory|not empty"):
        write_durably(path, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.json"]
