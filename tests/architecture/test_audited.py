"""Every move is audited: the state of a thing is set by `record` alone, and no code changes its rows in another way."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from common.kernel.model import Aggregate
from embedded.origin.parts import SERVICES

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "libs/common/src/common/kernel/model.py"
COMMON = ROOT / "libs/common/src/common"
SOURCES = [
    *(ROOT / "services").glob("*/src/*/**/*.py"),
    *(path for folder in ("editions", "kernel") for path in (COMMON / folder).glob("*.py")),
]
STATEMENTS = {"delete", "insert", "text", "update"}
FEED = "services/notifications/src/notifications_service/feed/events/following.py"
"""It writes the feed, which is no aggregate."""


def assigned_states(source: str) -> list[int]:
    """Return the lines that set an attribute `state`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store):
            found.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            found.append(node.lineno)
    return found


def changing_statements(source: str) -> list[str]:
    """Return the names of SQL statements that change rows and that the source imports."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {one.name for node in imports if (node.module or "").startswith("sqlalchemy") for one in node.names}
    return sorted(names & STATEMENTS)


def test_the_state_of_a_thing_is_set_in_one_place() -> None:
    found = [path.relative_to(ROOT).as_posix() for path in SOURCES if assigned_states(path.read_text("utf-8"))]
    assert found == [KERNEL.relative_to(ROOT).as_posix()]


def test_no_service_changes_rows_by_statements_of_its_own() -> None:
    services = [path for path in SOURCES if path.is_relative_to(ROOT / "services") and "migrations" not in path.parts]
    changing = {path.relative_to(ROOT).as_posix() for path in services if changing_statements(path.read_text("utf-8"))}
    assert changing == {FEED}


def test_every_action_whose_actor_is_hidden_is_a_move_of_its_noun() -> None:
    hiding = [one.class_ for one in Aggregate.registry.mappers if one.class_.ANONYMOUS]
    assert [one.__name__ for one in hiding] == ["Objection"]
    for one in hiding:
        lifecycle = import_module(one.__module__).LIFECYCLE
        assert {move.action for move in lifecycle.moves} >= one.ANONYMOUS


def test_every_prefix_of_an_id_is_given_by_one_class_of_one_service() -> None:
    given = [one.class_.PREFIX for one in Aggregate.registry.mappers if one.class_.PREFIX is not None]
    assert sorted(given) == sorted(prefix for service in SERVICES for prefix in service.prefixes)
    assert len(given) == len(set(given)) > 15


@pytest.mark.parametrize("planted", ["brand.state = x", "a, b.state = x", "brand.state: S = x", "setattr(brand, n, x)"])
def test_a_state_that_is_set_elsewhere_is_found(planted: str) -> None:
    assert assigned_states(planted) == [1]


def test_a_statement_that_changes_rows_is_found() -> None:
    assert changing_statements("from sqlalchemy import select, update") == ["update"]
