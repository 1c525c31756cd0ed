"""The house rules over source files, as functions of a tree: each returns its violations as `path:line: what`.

A rule knows nothing of this checkout, so that a test can plant a violation in a folder of its own and see it found.
"""

import ast
import io
import os
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

MAX_LINES = 400
MAX_MODULES = 12
MAX_MODULE_DOCSTRING = 5
OURS = ("libs", "services", "deploy")
CODE = (*OURS, "tests", "examples", "clients")
BANNED_NAMES = frozenset({"utils", "util", "helpers", "helper", "misc", "manager", "base"})
BANNED_SUFFIXES = ("Impl", "Data", "Info")
READS_THE_ENVIRONMENT = frozenset(
    {
        "libs/common/src/common/settings/reading.py",
        "deploy/embedded/src/embedded/cli.py",
        "deploy/stack/src/stack/cli.py",
    }
)
"""Settings, and the launchers' mains, which hand the environment on."""

ANATOMY = frozenset(
    {"routes", "reactions", "mailing", "following", "handover", "commands", "storage", "model", "lifecycle", "refusals"}
)
"""Names that a module of a noun may have; every other one is a pure algorithm."""

_NOUN_DEPTH = len(("services", "s", "src", "s_service", "stage", "noun", "module.py"))
_OPENS = frozenset({"open", "read_text", "read_bytes", "write_text", "write_bytes", "create_engine", "sessionmaker"})
_SKIPPED = frozenset({"node_modules", "var", "__pycache__"})
_SUPPRESSION = re.compile(r"#\s*(?:type:\s*ignore|noqa|ruff:|mypy:|pragma:|pylint:|pyright:|nosec)", re.IGNORECASE)
_REASONED = re.compile(
    r"# noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)* -- \S.{5,}|# type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]  # \S.{3,}"
)
_WORDS = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|home|root|Users)/[a-z]\w*"),
    "the host of a package index": re.compile(
        r"https?://(?:[\w.-]*pypi|files\.pythonhosted|registry\.npmjs|[\w.-]*mirror)"
    ),
    "how it was written": re.compile(
        r"\b(?:this|previous|next|another|last|earlier) session\b|\bchatbot\b", re.IGNORECASE
    ),
}
_ADDRESS = re.compile(r"://|--(extra-)?index-url|--find-links| @ ")
_NPM_ADDRESS = re.compile(r'"resolved"|"version": "[^"]*[:/]')
_TEXTS = frozenset(
    {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".sh", ".lock", ".json", ".html", ".js", ".css", ".in"}
    | {"", ".conf", ".properties", ".sql", ".xml"}  # Makefile, Dockerfile and what the containers mount
)


def files(root: Path, *folders: str, suffixes: frozenset[str] = frozenset({".py"})) -> Iterator[Path]:
    """Yield the files below these folders (the whole tree without), sorted; hidden and made ones are left out."""
    for folder in folders or (".",):
        for place, below, names in os.walk(root / folder):
            below[:] = sorted(name for name in below if name not in _SKIPPED and not name.startswith("."))
            for name in sorted(names):
                if Path(name).suffix in suffixes and not name.startswith("."):
                    yield Path(place) / name


def too_long(root: Path) -> list[str]:
    """Nothing is over 400 lines, but for migrations, which are drafted."""
    return [
        f"{path.relative_to(root)}: {lines} lines, {MAX_LINES} are allowed"
        for path in files(root, *CODE)
        if path.parent.name != "migrations" and (lines := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    ]


def crowded(root: Path) -> list[str]:
    """No folder of ours holds more than twelve modules, `__init__.py` and migrations aside: it is grouped first."""
    modules = Counter(
        path.parent for path in files(root, *OURS) if path.name != "__init__.py" and path.parent.name != "migrations"
    )
    return [
        f"{folder.relative_to(root)}: {count} modules, {MAX_MODULES} are allowed"
        for folder, count in sorted(modules.items())
        if count > MAX_MODULES
    ]


def banned_names(root: Path) -> list[str]:
    """No file, folder or class has a name that says nothing."""
    found = []
    for path in files(root, *CODE):
        where = path.relative_to(root)
        found += [
            f"{where}: the name {part!r} is banned" for part in (*where.parts[:-1], path.stem) if part in BANNED_NAMES
        ]
        found += [
            f"{where}:{node.lineno}: {node.name} ends in a banned suffix"
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.ClassDef) and node.name.endswith(BANNED_SUFFIXES)
        ]
    return found


def unreasoned_suppressions(root: Path) -> list[str]:
    """Every suppression names its code and carries a reason: `noqa: X -- why`, `type: ignore[x]  # why`."""
    return [
        f"{path.relative_to(root)}:{line}: {comment} needs its code and a reason"
        for path in files(root, *CODE)
        for line, comment in _comments(path)
        if _SUPPRESSION.match(comment) and not _REASONED.match(comment)
    ]


def unreasoned_lint_settings(root: Path) -> list[str]:
    """Every rule that `pyproject.toml` switches off says why, in a comment of its own line or its group's."""
    path = root / "pyproject.toml"
    found, inside = [], False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if re.match(r'(ignore|"[^"]+") = \[', line):
            inside = True
        if inside and re.search(r'"[A-Z]+[0-9]+"', line) and "#" not in line:
            found.append(f"pyproject.toml:{number}: {line.strip()} is switched off without a reason")
        inside = inside and "]" not in line.partition("#")[0].replace("= [", "")
    return found


def poor_docstrings(root: Path) -> list[str]:
    """Every module of ours starts with one to five lines; every public class and function has a docstring."""
    found = []
    for path in files(root, *OURS):
        where, tree = path.relative_to(root), _tree(path)
        lines = len((ast.get_docstring(tree) or "").splitlines())
        if not 0 < lines <= MAX_MODULE_DOCSTRING:
            found.append(f"{where}:1: a module docstring of {lines} lines; one to five are asked")
        found += [
            f"{where}:{node.lineno}: {node.name} has no docstring"
            for node in _public(tree)
            if not ast.get_docstring(node)
        ]
    return found


def environment_reads(root: Path) -> list[str]:
    """Nobody but `Settings` and the launcher's main reads the environment."""
    found = []
    for path in files(root, *OURS):
        where = path.relative_to(root)
        if str(where) in READS_THE_ENVIRONMENT:
            continue
        for node in ast.walk(_tree(path)):
            name = node.attr if isinstance(node, ast.Attribute) else node.name if isinstance(node, ast.alias) else ""
            if name in {"environ", "environb", "getenv", "getenvb"} and _is_of_os(node):
                found.append(f"{where}:{getattr(node, 'lineno', 0)}: reads the environment")
    return found


def sleeps(root: Path) -> list[str]:
    """No test sleeps to be in step: it waits for an event, or looks again and again under a deadline."""
    found = []
    for path in files(root, "tests"):
        for node in _calls_outside_polling(_tree(path)):
            called = ast.unparse(node.func)
            yields = called == "asyncio.sleep" and [ast.unparse(each) for each in node.args] == ["0"]
            if called in {"asyncio.sleep", "time.sleep", "sleep"} and not yields:
                found.append(f"{path.relative_to(root)}:{node.lineno}: {ast.unparse(node)} is no way to be in step")
    return found


def impure(root: Path) -> list[str]:
    """Model, lifecycle, refusals and the programme's rules open nothing and know no session.

    Import contracts see packages only; SQLAlchemy's session and `open` are seen here.
    """
    session = {"sqlalchemy.ext", "sqlalchemy.orm.Session", "sqlalchemy.orm.sessionmaker", "sqlalchemy.create_engine"}
    pure = [p for p in files(root, "services") if p.stem in {"model", "lifecycle", "refusals"}]
    found = []
    for path in [*pure, *files(root, "libs/common/src/common/programme")]:
        for node in ast.walk(_tree(path)):
            imported = []
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [f"{node.module}.{alias.name}" for alias in node.names]
            bad = [name for name in imported if any(f"{name}.".startswith(f"{part}.") for part in session)]
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _OPENS:
                bad.append(ast.unparse(node.func))
            found += [f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}: {name} is I/O" for name in bad]
    return found


def impure_algorithms(root: Path) -> list[str]:
    """A module of a noun that bears no name of the anatomy is a pure algorithm: what it knows of its service is pure.

    It may import refusals and lifecycles, of any noun, and other algorithms of its own noun.
    """
    found = []
    for path in files(root, "services"):
        parts = path.relative_to(root).parts
        if len(parts) != _NOUN_DEPTH or path.stem in {*ANATOMY, "__init__"}:
            continue
        noun = ".".join(parts[3:-1])
        for node in ast.walk(_tree(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                of_package = [f"{node.module}.{alias.name}" for alias in node.names]
                names = of_package if node.module == noun else [node.module]
            found += [
                f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}: {name} is not pure"
                for name in names
                if "_service." in name
                and not name.endswith((".refusals", ".lifecycle"))
                and (not name.startswith(f"{noun}.") or name.rpartition(".")[2] in ANATOMY)
            ]
    return found


def stray_words(root: Path) -> list[str]:
    """No page or file mentions one machine, one package index, or how it was written."""
    this = Path(__file__).name
    planted = "test_sources.py"
    found = []
    for path in files(root, suffixes=_TEXTS):
        if path.name in {this, planted}:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found += [
                f"{path.relative_to(root)}:{number}: names {what}" for what, word in _WORDS.items() if word.search(line)
            ]
    return found


def addresses_in_locks(root: Path) -> list[str]:
    """A lock names packages and hashes, never where they were fetched from; npm's also links to the authors' pages."""
    return [
        f"{path.relative_to(root)}:{number}: holds an address"
        for path in files(root, suffixes=frozenset({".lock", ".json"}))
        if path.suffix == ".lock" or path.name == "package-lock.json"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (_NPM_ADDRESS if path.suffix == ".json" else _ADDRESS).search(line)
    ]


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _tree(path: Path) -> ast.Module:
    return _parsed(path.read_text("utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            if not any("overload" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _is_of_os(node: ast.AST) -> bool:
    return isinstance(node, ast.alias) or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os")


def _calls_outside_polling(node: ast.AST, *, deadline: bool = False, polling: bool = False) -> Iterator[ast.Call]:
    """Yield the calls that are not in a loop under `asyncio.timeout`."""
    if isinstance(node, ast.AsyncWith) and any("asyncio.timeout" in ast.unparse(item) for item in node.items):
        deadline = True
    if isinstance(node, ast.While) and deadline:
        polling = True
    if isinstance(node, ast.Call) and not polling:
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls_outside_polling(child, deadline=deadline, polling=polling)
