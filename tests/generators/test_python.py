"""openapi-python-client takes our document whole: no warning, every operation, and its client calls the platform."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from support.generators.source import Source
from support.generators.tools import DOWNLOAD_SECONDS, ran

HERE = Path(__file__).parent
OURS = Path(sys.executable).parent


def installed(folder: Path) -> Path:
    """Make an environment of the generator's own and return its programs: the project needs other versions."""
    uv, python = OURS / "uv", folder / "bin/python"
    ran(uv, "venv", "-q", "--python", sys.executable, folder, cwd=HERE)
    lock = HERE / "python/requirements.lock"
    ran(
        uv,
        "pip",
        "install",
        "-q",
        "--python",
        python,
        "--require-hashes",
        "-r",
        lock,
        cwd=HERE,
        seconds=DOWNLOAD_SECONDS,
    )
    return folder / "bin"


@pytest.mark.timeout(2 * DOWNLOAD_SECONDS)
def test_openapi_python_client(source: Source, tmp_path: Path) -> None:
    tools, made = installed(tmp_path / "tools"), tmp_path / "made"
    command = [tools / "openapi-python-client", "generate", "--path", source.file, "--output-path", made]
    said = ran(*command, cwd=tmp_path, environ={"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"})
    assert "arning" not in said, said
    package = made / "mingpai_client"
    assert {file.stem for file in package.glob("api/*/[a-z]*.py")} == source.operations()
    models = set(re.findall(r'"(\w+)",', (package / "models/__init__.py").read_text("utf-8")))
    assert source.schemas() - models == set()
    shutil.copy(HERE / "clients/python/calls.py", made)
    ran(OURS / "mypy", "--python-executable", tools / "python", "mingpai_client", "calls.py", cwd=made)
    source.call(tools / "python", "calls.py", code="AG-PYTHON", cwd=made)
