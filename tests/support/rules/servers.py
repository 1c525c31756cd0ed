"""One way to serve, one class of applications, no address taken from what the caller says: rules over our sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from support.rules.sources import OURS, files

HTTP = "libs/common/src/common/process/http"
SERVERS = frozenset({f"{HTTP}/protocol.py", f"{HTTP}/serving.py"})
_READS = re.compile(r"(^|\.)headers\.get(list)?$")
SITE = "libs/common/src/common/web/site.py"
PATH_PARTS = frozenset({"path", "query"})
"""The parts of a request's URL that do not come from its Host field."""
SAID_OF_THE_HOST = frozenset({"host", "forwarded", "x-forwarded-host", "x-forwarded-for", "x-forwarded-proto"})


def other_servers(root: Path) -> list[str]:
    """One module imports uvicorn: where the one server is made, so that its options are there once."""
    return [
        f"{path}:{node.lineno}: uvicorn is for common/process/http/serving.py"
        for path, node in _nodes(root)
        if isinstance(node, ast.Import | ast.ImportFrom) and path not in SERVERS
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if name.partition(".")[0] == "uvicorn"
    ]


def other_sites(root: Path) -> list[str]:
    """Every application is a `Site`: HEAD, problem documents, no redirects."""
    return [
        f"{path}:{node.lineno}: make a Site instead"
        for path, node in _nodes(root)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"FastAPI", "Starlette"}
        and path != SITE
    ]


def hosts_believed(root: Path) -> list[str]:
    """No code reads the Host field or a field of a proxy, directly or in a URL that Starlette made from it."""
    inside: dict[str, set[ast.AST]] = {}
    found = []
    for path, node in _nodes(root):
        allowed = inside.setdefault(path, set())
        if isinstance(node, ast.Attribute) and node.attr in PATH_PARTS:
            allowed.add(node.value)
        if isinstance(node, ast.Attribute) and node not in allowed and _has_the_host(node):
            found.append(f"{path}:{node.lineno}: {ast.unparse(node)} follows what the caller says")
        if isinstance(node, ast.Call | ast.Subscript) and _reads_a_field_of_the_host(node):
            found.append(f"{path}:{node.lineno}: {ast.unparse(node)} is what the caller says")
    return found


def read_headers(root: Path) -> dict[str, str]:
    """Return the request fields that our code reads, each with a place."""
    found: dict[str, str] = {}
    for path, node in _nodes(root):
        if isinstance(node, ast.Call) and _READS.search(ast.unparse(node.func)) and node.args:
            found |= dict.fromkeys(_text(node.args[0]), f"{path}:{node.lineno}")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Header":
            aliases = [name for one in node.keywords if one.arg == "alias" for name in _text(one.value)]
            found |= dict.fromkeys(aliases, f"{path}:{node.lineno}")
    return found


def _has_the_host(node: ast.Attribute) -> bool:
    of = ast.unparse(node.value).rpartition(".")[2]
    return (of in {"request", "request_"} and node.attr in {"url", "base_url", "url_for"}) or (
        node.attr in {"url_for", "url_path_for"} and of in {"request", "request_", "app"}
    )


def _reads_a_field_of_the_host(node: ast.Call | ast.Subscript) -> bool:
    if isinstance(node, ast.Subscript):
        of, names = ast.unparse(node.value), list(_text(node.slice))
    else:
        of, names = ast.unparse(node.func), [name for each in node.args[:1] for name in _text(each)]
    return "headers" in of and bool(SAID_OF_THE_HOST & set(names))


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value.lower()


def _nodes(root: Path) -> Iterator[tuple[str, ast.AST]]:
    for path in files(root, *OURS):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield str(path.relative_to(root)), node
