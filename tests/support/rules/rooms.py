"""Which file a thing belongs in: refusals in `refusals.py`, the tests of a model beside the other tests of its noun."""

import ast
from collections.abc import Iterator
from pathlib import Path

from support.rules.sources import OURS, files

CATEGORIES = frozenset(
    {
        "MingpaiError",
        "NotFound",
        "NotAllowed",
        "Refused",
        "Conflict",
        "Stale",
        "Invalid",
        "WebRefusal",
        "Waitable",
        "LostRace",
    }
)
KERNEL = "libs/common/src/common/kernel/errors.py"
"""The categories themselves, and the one refusal that the kernel raises."""


def stray_refusals(root: Path) -> list[str]:
    """A class of a category that has a code is defined in a `refusals.py`: it is found where it is looked for."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: {node.name} belongs into a refusals.py"
        for path in files(root, *OURS)
        if path.name != "refusals.py" and str(path.relative_to(root)) != KERNEL
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and _has_code(node)
    ]


def untested_models(root: Path) -> list[str]:
    """A model with behaviour has its `tests/<service>/<noun>/test_model.py`, which touches nothing and is fast."""
    return [
        f"{model.relative_to(root)}: {test} is missing"
        for model in files(root, "services")
        if model.name == "model.py" and _behaves(ast.parse(model.read_text("utf-8")))
        for test in [f"tests/{model.relative_to(root).parts[1]}/{model.parent.name}/test_model.py"]
        if not (root / test).exists()
    ]


def counted_numbers(root: Path) -> list[str]:
    """A number that a service gives is taken from a counter: one more than the highest row is given twice."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: take the number from a counter (storage/database/counters.py)"
        for path in files(root, "services")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.expr) and (_is_highest(node) or _is_next_of_a_count(node))
    ]


def _is_highest(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "func.max"


def _is_next_of_a_count(node: ast.expr) -> bool:
    one = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and ast.unparse(node.right) == "1"
    return one and isinstance(node, ast.BinOp) and isinstance(node.left, ast.Await)


def _behaves(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree))


def _has_code(node: ast.ClassDef) -> bool:
    of_category = any(ast.unparse(base).rpartition(".")[2] in CATEGORIES for base in node.bases)
    return of_category and "code" in _assigned(node)


def _assigned(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.Assign):
            yield from (ast.unparse(target) for target in each.targets)
        if isinstance(each, ast.AnnAssign):
            yield ast.unparse(each.target)
