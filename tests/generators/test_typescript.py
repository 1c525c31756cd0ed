"""orval and hey-api take our document whole, their clients compile and call the platform; ajv takes the events."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.contracts.asyncapi import document as asyncapi
from common.contracts.schema import schema_documents
from support.generators.source import Source, camel
from support.generators.tools import DOWNLOAD_SECONDS, ran, tool

HERE = Path(__file__).parent
LOCKED = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = (20, 19)
COMPILER = {
    "strict": True,
    "target": "ES2022",
    "lib": ["ES2022", "DOM", "DOM.Iterable"],
    "types": ["node"],
    "skipLibCheck": True,
    "module": "CommonJS",
    "moduleResolution": "node10",
    "outDir": "out",
}


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the locked packages, none of whose scripts was run."""
    node, npm = tool("node", "nodejs"), tool("npm", "npm")
    version = ran(node, "--version", cwd=HERE).strip()
    if tuple(map(int, version.removeprefix("v").split(".")[:2])) < OLDEST_NODE:
        pytest.skip(f"Node.js {version} is older than 20.19, which the generators need")
    folder = tmp_path_factory.mktemp("npm")
    for name in LOCKED:
        shutil.copy(HERE / "npm" / name, folder)
    ran(npm, "ci", cwd=folder, seconds=DOWNLOAD_SECONDS)
    return folder


def place(npm: Path, folder: Path) -> None:
    """Make a folder a package with the installed ones."""
    (folder / "node_modules").symlink_to(npm / "node_modules")
    (folder / "package.json").write_text('{"type": "commonjs"}', "utf-8")


def compiled(npm: Path, folder: Path) -> None:
    """Compile what is in the folder, strictly."""
    settings = {"compilerOptions": COMPILER, "include": ["*.ts", "made/**/*.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings), "utf-8")
    ran(npm / "node_modules/.bin/tsc", "--project", ".", cwd=folder)


def exported(text: str) -> set[str]:
    """Return what a module of TypeScript exports."""
    return set(re.findall(r"^export (?:const|type|interface) (\w+)", text, re.MULTILINE))


def test_orval(source: Source, npm: Path, tmp_path: Path) -> None:
    place(npm, tmp_path)
    ran(npm / "node_modules/.bin/orval", "--input", source.file, "--output", "client.ts", cwd=tmp_path)
    found = exported((tmp_path / "client.ts").read_text("utf-8"))
    assert (source.schemas() | set(map(camel, source.operations()))) - found == set()
    shutil.copy(HERE / "clients/orval/calls.ts", tmp_path)
    compiled(npm, tmp_path)
    source.call(tool("node", "nodejs"), "out/calls.js", code="AG-ORVAL", cwd=tmp_path)


def test_hey_api(source: Source, npm: Path, tmp_path: Path) -> None:
    place(npm, tmp_path)
    ran(npm / "node_modules/.bin/openapi-ts", "-i", source.file, "-o", "made", cwd=tmp_path)
    made = tmp_path / "made"
    assert set(map(camel, source.operations())) - exported((made / "sdk.gen.ts").read_text("utf-8")) == set()
    assert source.schemas() - exported((made / "types.gen.ts").read_text("utf-8")) == set()
    shutil.copy(HERE / "clients/hey-api/calls.ts", tmp_path)
    compiled(npm, tmp_path)
    source.call(tool("node", "nodejs"), "out/calls.js", code="AG-HEY-API", cwd=tmp_path)


def test_ajv_takes_every_schema_of_an_event_in_its_strictest_mode(npm: Path, tmp_path: Path) -> None:
    place(npm, tmp_path)
    schemas = [*schema_documents("https://mingpai.example.org").values(), *components()]
    assert len({schema["$id"] for schema in schemas}) == len(schemas) > 100
    planted = {"$id": "https://mingpai.example.org/planted", "type": "string", "x-audience": "public"}
    (tmp_path / "schemas.json").write_text(json.dumps([*schemas, planted]), "utf-8")
    shutil.copy(HERE / "clients/ajv/strict.js", tmp_path)
    refused = json.loads(ran(tool("node", "nodejs"), "strict.js", "schemas.json", cwd=tmp_path))
    assert refused == {planted["$id"]: 'strict mode: unknown keyword: "x-audience"'}


def components() -> Iterator[dict[str, Any]]:
    """Yield every schema of the AsyncAPI document as a JSON Schema of its own, with absolute references."""
    base = "https://mingpai.example.org/components/"
    document = json.loads(json.dumps(asyncapi()["components"]).replace('"#/components/schemas/', f'"{base}'))
    yield from ({"$id": f"{base}{name}", **schema} for name, schema in document["schemas"].items())
    for name, message in document["messages"].items():
        for part in ("headers", "payload"):
            if part in message:
                yield {"$id": f"{base}{name}/{part}", **message[part]}
