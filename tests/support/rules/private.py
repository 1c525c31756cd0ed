"""Where files and folders are made: in one module, which makes them for their owner alone. A rule over a tree."""

import ast
from pathlib import Path
from typing import Final

from support.rules.sources import files

RUNNING: Final = ("libs", "services", "deploy")
MAKER: Final = "libs/common/src/common/files/private.py"
BUILDING: Final = frozenset(
    {
        "deploy/ci/install.py",
        "deploy/embedded/src/embedded/docs/generated.py",
        "deploy/stack/src/stack/commands/containers.py",
        "deploy/stack/src/stack/servers/kafka/jars.py",
        "libs/common/src/common/contracts/schema.py",
        "libs/common/src/common/storage/migrations/drafts.py",
    }
)
"""What developers run: it makes files of the checkout, and the cache of public programs, never the platform's data."""
SHARED: Final = frozenset({"deploy/stack/src/stack/machine/places.py"})
"""The folder above those of another user, which he must be able to enter: it holds nothing else."""
_MAKING: Final = frozenset({"mkdir", "makedirs", "touch", "mkdtemp", "mkstemp", "copytree", "copy", "copy2"})
_OPENING: Final = frozenset({"open", "fdopen"})
_WRITING: Final = frozenset({"write_text", "write_bytes"})
_MADE: Final = frozenset({"private_file"})
_MODES: Final = frozenset("wax+")


def files_made_elsewhere(root: Path) -> list[str]:
    """A call that makes a file or folder is in the one module that makes them, or is one of a developer's tools."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: use common.files.private"
        for path in files(root, *RUNNING)
        if str(path.relative_to(root)) not in {MAKER, *BUILDING, *SHARED}
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _makes(node)
    ]


def _makes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _MAKING:
        return not (name == "copy" and not (isinstance(call.func, ast.Attribute) and _is(call.func.value, "shutil")))
    if name in _WRITING and isinstance(call.func, ast.Attribute):
        return not (isinstance(call.func.value, ast.Call) and getattr(call.func.value.func, "id", "") in _MADE)
    if name in _OPENING:
        return any(_is_mode(value) for value in [*call.args, *(word.value for word in call.keywords)])
    return False


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_mode(node: ast.expr) -> bool:
    """Return whether the argument is a mode that writes ("wb", "a"), or a flag of `os.open` that makes the file."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return len(node.value) <= len("xb+") and bool(set(node.value) & _MODES)
    return any(isinstance(part, ast.Attribute) and part.attr == "O_CREAT" for part in ast.walk(node))
