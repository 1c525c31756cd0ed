"""Files of others: each named with its origin and licence, unchanged, and none unnamed."""

import hashlib
import tomllib
from pathlib import Path

from common.web.documents.pages import STATIC

VENDORED = tomllib.loads((STATIC / "VENDORED.toml").read_text())
OURS = {"mingpai.css", "docs.js", "events-docs.js", "VENDORED.toml"}


def test_every_vendored_file_is_as_it_came() -> None:
    for package in VENDORED["package"]:
        for file in package["file"]:
            content = (STATIC / package["folder"] / file["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"], file["name"]


def test_every_file_is_ours_or_named() -> None:
    named = {f"{package['folder']}/{file['name']}" for package in VENDORED["package"] for file in package["file"]}
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    assert found == named | OURS


def test_every_package_says_where_it_comes_from() -> None:
    for package in VENDORED["package"]:
        assert package["origin"] == f"npm:{package['name']}@{package['version']}"
        assert package["integrity"].startswith("sha512-")
        assert package["licence"] == "Apache-2.0"
        assert "LICENSE" in {file["name"] for file in package["file"]}


def test_our_own_scripts_and_styles_call_nobody() -> None:
    for name in OURS - {"VENDORED.toml"}:
        text = Path(STATIC / name).read_text()
        assert "://" not in text, name
        assert "@import" not in text, name
