"""`make install` on a fresh checkout: what it runs, and that two at once do not disturb each other."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
# Stands in for .venv/bin/python and .venv/bin/uv: notes its call, and fails when another one runs at the same time.
PROGRAM = """#!/bin/sh
mkdir busy 2>/dev/null || { echo "Permission denied" >&2; exit 1; }
echo "$(basename "$0") $*" >>calls
sleep 0.5
rmdir busy
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Provide a checkout whose Python and uv install nothing."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-uv.lock", "deploy/ci/install.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for found in [*ROOT.glob("libs/*/pyproject.toml"), *ROOT.glob("*/*/pyproject.toml")]:
        (tmp_path / found.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(found, tmp_path / found.relative_to(ROOT))
    for name in ("python", "uv"):
        program = tmp_path / ".venv" / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(PROGRAM)
        program.chmod(0o755)
    return tmp_path


def making(checkout: Path) -> "subprocess.Popen[str]":
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.Popen(
        ["make", "install"],  # noqa: S607 -- the system's own
        cwd=checkout, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_two_at_once_install_once_and_the_second_says_for_what_it_waits(checkout: Path) -> None:
    both = [making(checkout), making(checkout)]
    said = [one.communicate(timeout=SECONDS)[0] for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    calls = (checkout / "calls").read_text().splitlines()
    assert [call.partition(" ")[0] for call in calls] == ["python", "uv", "uv"]
    waited = [text for text in said if "waiting: process " in text]
    assert len(waited) == 1, said
    assert "is installing into .venv" in waited[0]
    assert "installing the locked packages" not in waited[0]


def test_what_is_installed_is_not_installed_again_before_the_lock_changes(checkout: Path) -> None:
    for _ in range(2):
        assert "Error" not in making(checkout).communicate(timeout=SECONDS)[0]
    assert len((checkout / "calls").read_text().splitlines()) == 3

    newer = (checkout / ".venv" / ".installed").stat().st_mtime + 1
    os.utime(checkout / "requirements.lock", (newer, newer))
    one = making(checkout)
    assert "installing the locked packages" in one.communicate(timeout=SECONDS)[0]
    assert len((checkout / "calls").read_text().splitlines()) == 6


def test_when_a_step_fails_the_installation_is_not_marked_as_done(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "uv").write_text("#!/bin/sh\nexit 3\n")

    one = making(checkout)
    one.communicate(timeout=SECONDS)

    assert one.returncode != 0
    assert not (checkout / ".venv" / ".installed").exists()
