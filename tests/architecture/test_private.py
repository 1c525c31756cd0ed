"""All places that make files are walked; each way of making one is planted and found."""

from pathlib import Path

import pytest

from support.rules.private import BUILDING, MAKER, SHARED, files_made_elsewhere

ROOT = Path(__file__).parents[2]
PLANTED = "services/x/src/x_service/made.py"


def test_files_and_folders_are_made_in_one_place() -> None:
    assert files_made_elsewhere(ROOT) == []


def test_the_exceptions_exist() -> None:
    assert [name for name in sorted({MAKER, *BUILDING, *SHARED}) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(
    "source",
    [
        "path.mkdir()",
        "path.mkdir(0o700, parents=True)",
        "os.makedirs(path)",
        "path.touch(mode=0o600)",
        "path.open('w')",
        "open(path, 'ab')",
        "open(path, mode='x')",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "path.write_text('x')",
        "path.write_bytes(b'x')",
        "(folder / 'x').write_text('x')",
        "tempfile.mkdtemp()",
        "shutil.copytree(a, b)",
        "shutil.copy(a, b)",
    ],
)
def test_each_way_of_making_a_file_is_found(tmp_path: Path, source: str) -> None:
    path = tmp_path / PLANTED
    path.parent.mkdir(parents=True)
    path.write_text(f"x = 1\n{source}\n")

    assert files_made_elsewhere(tmp_path) == [f"{PLANTED}:2: use common.files.private"]


@pytest.mark.parametrize(
    "source",
    [
        "path.open()",
        "open(path, 'rb')",
        "copy.copy(x)",
        "private_file(path).write_text('x')",
        "os.open(p, os.O_RDONLY)",
    ],
)
def test_reading_makes_nothing(tmp_path: Path, source: str) -> None:
    path = tmp_path / PLANTED
    path.parent.mkdir(parents=True)
    path.write_text(f"{source}\n")

    assert files_made_elsewhere(tmp_path) == []
