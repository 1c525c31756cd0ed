"""`make migration` drafts a file that needs no mending: ruff accepts it, and it makes the tables of the code."""

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from alembic import op
from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint

from common.kernel.model import metadata as new_metadata
from common.storage.columns import EnumText, JsonText
from common.storage.database.engine import Database
from common.storage.migrations import steps
from common.storage.migrations.drafts import StepMissingError, draft
from common.storage.migrations.runner import differences, migrate, record_steps, scripts
from common.storage.records import records
from registry_service.supervision.acts.lifecycle import State

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the missing folder for the migrations of a planted service, under the project's ruff configuration."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "planted_service").mkdir()
    (tmp_path / "planted_service" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "planted_service", raising=False)
    return tmp_path / "planted_service" / "migrations"


@pytest.fixture
def code() -> MetaData:
    """Return the tables of a planted service: the record tables and one of its own."""
    made = new_metadata()
    records(made)
    Table(
        "things",
        made,
        Column("id", Text, primary_key=True),
        Column("state", EnumText(State), nullable=False, index=True),
        Column("answers", JsonText),
        Column("size", Integer),
        UniqueConstraint("state", "size"),
    )
    return made


def ruff(*arguments: str) -> str:
    """Return what ruff says; the cache is left alone."""
    command = [sys.executable, "-m", "ruff", *arguments, "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 -- this interpreter
    return "" if done.returncode == 0 else done.stdout + done.stderr


def complaints(path: Path) -> str:
    return ruff("check", "--quiet", str(path)) + ruff("format", "--check", "--quiet", str(path))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.py"))


def head_of(package: str) -> tuple[str, str | None, str]:
    script = next(iter(scripts(package).walk_revisions()))
    down = script.down_revision
    assert down is None or isinstance(down, str)
    return script.revision, down, script.module.FLOOR


async def test_the_first_migration_of_a_service_is_accepted_by_ruff_and_makes_its_tables(
    folder: Path, code: MetaData, database: Database
) -> None:
    path = await draft("planted_service", code, "first tables")
    await migrate(database, "planted_service")

    assert path == folder / "0001_first_tables.py"
    assert complaints(path) == ""
    assert head_of("planted_service") == ("0001", None, "0001")
    assert await differences(database, code) == []


@pytest.mark.usefixtures("folder")
async def test_the_record_tables_are_made_by_their_steps_and_not_spelled_out(code: MetaData) -> None:
    path = await draft("planted_service", code, "first tables")
    source = path.read_text("utf-8")

    assert record_steps("planted_service") == [step.__name__ for step in steps.STEPS]
    assert [name for name in code.tables if f'"{name}"' in source] == ["things"]
    assert "###" not in source


async def test_a_step_that_the_service_has_not_called_yet_is_called_by_its_next_migration(
    folder: Path, code: MetaData, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await draft("planted_service", code, "first tables")

    def records_0002() -> None:
        op.add_column("audit", Column("seal", Text))

    monkeypatch.setattr(steps, "STEPS", (*steps.STEPS, records_0002))
    monkeypatch.setattr(steps, "records_0002", records_0002, raising=False)
    code.tables["audit"].append_column(Column("seal", Text))
    path = await draft("planted_service", code, "audit rows have a seal")
    await migrate(database, "planted_service")

    assert path == folder / "0002_audit_rows_have_a_seal.py"
    assert path.read_text("utf-8").endswith('"""Bring the tables forward."""\n    steps.records_0002()\n')
    assert complaints(path) == ""
    assert head_of("planted_service") == ("0002", "0001", "0001")
    assert await differences(database, code) == []


async def test_a_changed_record_table_without_a_step_is_refused_with_the_statements_of_a_step(
    folder: Path, code: MetaData
) -> None:
    await draft("planted_service", code, "first tables")
    code.tables["outbox"].append_column(Column("urgent", Text))
    Table("others", code, Column("id", Text, primary_key=True))

    with pytest.raises(StepMissingError, match="add the next step") as refused:
        await draft("planted_service", code, "outbox rows can be urgent")

    assert 'add_column(sa.Column("urgent"' in str(refused.value).replace("'", '"')
    assert "others" not in str(refused.value)
    assert names(folder) == ["0001_first_tables.py"]


async def test_a_new_column_of_an_existing_service_is_drafted_for_the_version_that_still_runs(
    folder: Path, database: Database
) -> None:
    migrations = ROOT / "services/registry/src/registry_service/migrations"
    shutil.copytree(migrations, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = len(names(folder))
    code = new_metadata()
    for table in import_module("registry_service.service").SERVICE.metadata.tables.values():
        table.to_metadata(code)
    code.tables["brands"].append_column(Column("ends_on", Text, index=True))

    path = await draft("planted_service", code, "Brands have an end.")
    await migrate(database, "planted_service")

    assert path == folder / f"{before + 1:04d}_brands_have_an_end.py"
    assert complaints(path) == ""
    assert head_of("planted_service") == (f"{before + 1:04d}", f"{before:04d}", f"{before:04d}")
    assert path.read_text("utf-8").startswith('"""Brands have an end."""\n')
    assert "steps" not in path.read_text("utf-8")
    assert await differences(database, code) == []


@pytest.mark.usefixtures("folder")
async def test_a_change_of_a_column_or_constraint_is_drafted_so_that_sqlite_can_make_it(
    code: MetaData, database: Database
) -> None:
    await draft("planted_service", code, "first tables")
    code.tables["things"].c.state.nullable = True
    code.tables["things"].append_constraint(UniqueConstraint("size"))

    path = await draft("planted_service", code, "a thing may have no state")
    await migrate(database, "planted_service")

    assert complaints(path) == ""
    assert await differences(database, code) == []


async def test_a_draft_without_a_difference_is_an_empty_migration_for_rows_to_be_filled(
    folder: Path, code: MetaData
) -> None:
    await draft("planted_service", code, "first tables")

    path = await draft("planted_service", code, "fill the sizes (things)")

    assert path == folder / "0002_fill_the_sizes_things.py"
    assert complaints(path) == ""


@pytest.mark.parametrize("title", ["", "   ", "../up", 'ends"""', "back\\slash", "two\nlines", "{body}"])
async def test_a_title_that_is_not_made_of_words_is_refused(folder: Path, code: MetaData, title: str) -> None:
    with pytest.raises(ValueError, match="a title is made of words"):
        await draft("planted_service", code, title)
    assert names(folder) == []
