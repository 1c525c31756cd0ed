import stat
from pathlib import Path

import pytest

from embedded.durable import write_durably


def test_the_file_holds_the_whole_new_content_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    write_durably(path, b"old", mode=0o600)
    write_durably(path, b"new", mode=0o600)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["b.json"]


def test_a_write_that_fails_leaves_the_old_content_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.mkdir()
    (path / "kept").touch()
    with pytest.raises(OSError, match=r"directory|not empty"):
        write_durably(path, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.json"]
