"""A download carries its name, is not guessed at and runs nothing, for every name."""

import ast
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, strategies as st

from common.web.answers.files import download_headers

ROOT = Path(__file__).parents[3]


def names_in(header: str) -> tuple[str, str]:
    """Return the plain and the full name of a Content-Disposition, read by a library of another kind of message."""
    message = Message()
    message["Content-Disposition"] = header.partition("; filename*=")[0]
    plain = message.get_filename()
    charset, _, full = header.partition("filename*=")[2].partition("''")
    assert charset == "UTF-8"
    return str(plain), unquote(full, errors="strict")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_every_name_arrives_whole(name: str) -> None:
    headers = download_headers(name)

    assert all(value.isascii() and value.isprintable() for value in headers.values())
    assert headers["Content-Disposition"].startswith("attachment; ")
    plain, full = names_in(headers["Content-Disposition"])
    assert full == name
    assert len(plain) <= len(name)
    assert not set(plain) & set('"\\/;%')


@pytest.mark.parametrize(
    "name", ["营业执照 2015.pdf", 'a"b.pdf', "a\\b.pdf", "a;filename=x.exe", "100%.pdf", "../x.pdf", "é.pdf"]
)
def test_the_protections_are_always_there(name: str) -> None:
    headers = download_headers(name)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert names_in(headers["Content-Disposition"])[1] == name


def test_nothing_else_writes_the_header() -> None:
    """Walks our code: who sends a file for saving takes the headers from the one function."""
    found = [
        str(path.relative_to(ROOT))
        for folder in ("libs", "services", "deploy")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lower() == "content-disposition"
    ]
    assert found == [
        "libs/common/src/common/web/access/origins.py",  # names it among those that front ends may read
        "libs/common/src/common/web/answers/files.py",
    ]
