"""Each fault of a round that `docs/stories.md` lists is played by the tests that it names."""

import ast
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FAULTS: Final = 21
"""The number of faults that the page lists; one that is left out is a round that nobody tries."""


def rows() -> dict[str, list[str]]:
    """Return the tests of each fault, as `file::function`."""
    table = re.findall(r"^\| (?!What|-)(.+?) \|.*?\| (`.+`) \|$", (ROOT / "docs/stories.md").read_text(), re.MULTILINE)
    return {fault: re.findall(r"`(.+?)`", tests) for fault, tests in table}


def plays(test: str) -> bool:
    """Return whether the file has a function of this name that pytest collects."""
    path, _, name = test.partition("::")
    if not name.startswith("test_") or not (ROOT / path).is_file():
        return False
    tree = ast.parse((ROOT / path).read_text())
    return any(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name for one in tree.body)


def test_each_fault_has_its_tests() -> None:
    found = rows()

    assert [test for tests in found.values() for test in tests if not plays(test)] == []
    assert [fault for fault, tests in found.items() if not tests] == []
    assert len(found) == FAULTS


def test_a_test_that_is_not_there_is_found() -> None:
    assert not plays("tests/architecture/test_stories.py::test_nothing")
    assert not plays("tests/architecture/test_nowhere.py::test_each_fault_has_its_tests")
    assert plays("tests/architecture/test_stories.py::test_each_fault_has_its_tests")
