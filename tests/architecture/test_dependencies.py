"""A member declares every library that it imports and none that it does not use: deptry, with each `pyproject.toml`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = pytest.param(ROOT, "tests", id="dev")
MEMBERS = [
    pytest.param(path.parent, "src", id=path.parent.name)
    for pattern in ("libs/*", "services/*", "deploy/*")
    for path in sorted(ROOT.glob(f"{pattern}/pyproject.toml"))
]


def issues(folder: Path, sources: str) -> list[str]:
    """Return what deptry reports about the sources below the folder of a `pyproject.toml`."""
    command = [sys.executable, "-m", "deptry", "--no-ansi", sources]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 -- this interpreter
    found = [line for line in ran.stderr.splitlines() if ": DEP" in line]
    assert ran.returncode == bool(found), ran.stderr
    return found


@pytest.mark.parametrize(("folder", "sources"), [*MEMBERS, TESTS])
def test_what_is_imported_is_declared_and_what_is_declared_is_used(folder: Path, sources: str) -> None:
    assert issues(folder, sources) == []


def member_with(tmp_path: Path, *, dependency: str = "", source: str = "") -> Path:
    """Copy a member, with one more dependency or one more module."""
    folder = shutil.copytree(ROOT / "services" / "applications", tmp_path / "applications")
    declared = folder / "pyproject.toml"
    declared.write_text(
        declared.read_text("utf-8").replace("dependencies = [", f"dependencies = [{dependency}"), "utf-8"
    )
    (folder / "src" / "applications_service" / "planted.py").write_text(source, "utf-8")
    return folder


def test_a_dependency_without_use_is_found(tmp_path: Path) -> None:
    folder = member_with(tmp_path, dependency='"pyyaml>=6",')

    assert issues(folder, "src") == [
        "pyproject.toml: DEP002 'pyyaml' defined as a dependency but not used in the codebase"
    ]


def test_an_import_that_is_not_declared_is_found(tmp_path: Path) -> None:
    (issue,) = issues(member_with(tmp_path, source="import httpx\n"), "src")

    assert "planted.py:1:8: DEP003 'httpx'" in issue
