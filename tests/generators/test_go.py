"""openapi-generator's client in Go takes our document whole, compiles and calls the platform."""

import re
import shutil
from pathlib import Path

import pytest

from support.generators.openapi_generator import generated
from support.generators.source import Source, pascal
from support.generators.tools import DOWNLOAD_SECONDS, ran, tool

CALLS = Path(__file__).parent / "clients/go/main.go"


@pytest.mark.timeout(2 * DOWNLOAD_SECONDS)
def test_openapi_generator_for_go(source: Source, tmp_path: Path) -> None:
    go = tool("go", "golang-go")
    made = generated(source, "go", tmp_path)
    text = "".join(file.read_text("utf-8") for file in made.glob("*.go"))
    assert set(re.findall(r"^func \(a \*\w+\) (\w+)\(ctx", text, re.MULTILINE)) == set(map(pascal, source.operations()))
    assert source.schemas() - set(re.findall(r"^type (\w+) ", text, re.MULTILINE)) == set()
    (made / "calls").mkdir()
    shutil.copy(CALLS, made / "calls")
    ran(go, "build", "-o", "call", "./calls", cwd=made, seconds=DOWNLOAD_SECONDS)
    ran(go, "vet", ".", "./calls", cwd=made, seconds=DOWNLOAD_SECONDS)
    source.call(made / "call", code="AG-GO", cwd=made)
