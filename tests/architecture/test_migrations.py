import sys
from importlib import import_module
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import Column, MetaData, Table, Text

from common.kernel.model import metadata
from common.storage.database.engine import Database
from common.storage.migrations.runner import differences, head, migrate, record_steps, scripts
from common.storage.migrations.steps import STEPS

PACKAGES = ("applications_service", "review_service", "registry_service", "notifications_service")
MIGRATION = '''"""Planted."""

revision = "{revision}"
down_revision = {down!r}
FLOOR = "0001"


def upgrade() -> None:
    """Change nothing."""
'''


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "planted_service" / "migrations").mkdir(parents=True)
    (tmp_path / "planted_service" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "planted_service", raising=False)
    return tmp_path / "planted_service" / "migrations"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_migrations_of_a_service_are_one_numbered_line(package: str) -> None:
    line = list(reversed(list(scripts(package).walk_revisions())))
    numbers = [f"{number:04d}" for number in range(1, len(line) + 1)]

    assert [script.revision for script in line] == numbers
    assert [Path(script.path).name[:4] for script in line] == numbers
    assert head(package) == numbers[-1]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_migration_names_the_oldest_head_that_can_live_with_it(package: str) -> None:
    line = {script.revision: script.module.FLOOR for script in scripts(package).walk_revisions()}

    assert [revision for revision, floor in line.items() if floor not in line or floor > revision] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_migrations_of_a_service_call_every_record_step_once_in_order(package: str) -> None:
    assert record_steps(package) == [step.__name__ for step in STEPS]


def test_a_record_step_that_is_called_twice_is_found(planted: Path) -> None:
    for revision, down in (("0001", None), ("0002", "0001")):
        source = MIGRATION.format(revision=revision, down=down) + "    steps.records_0001()\n"
        (planted / f"{revision}_planted.py").write_text(source, "utf-8")

    assert record_steps("planted_service") == ["records_0001", "records_0001"]


@pytest.mark.parametrize("package", PACKAGES)
async def test_the_migrations_make_the_tables_of_the_code(package: str, database: Database) -> None:
    await migrate(database, package)

    assert await differences(database, import_module(f"{package}.service").SERVICE.metadata) == []


async def test_a_table_that_no_migration_makes_is_a_difference(database: Database) -> None:
    await migrate(database, "registry_service")
    code: MetaData = metadata()
    for table in import_module("registry_service.service").SERVICE.metadata.tables.values():
        table.to_metadata(code)
    Table("forgotten", code, Column("id", Text, primary_key=True))

    found = await differences(database, code)

    assert [(kind, table.name) for kind, table in found] == [("add_table", "forgotten")]


def test_two_heads_are_refused(planted: Path) -> None:
    for revision, down in (("0001", None), ("0002", "0001"), ("0003", "0001")):
        (planted / f"{revision}_planted.py").write_text(MIGRATION.format(revision=revision, down=down), "utf-8")

    with pytest.raises(CommandError, match="multiple heads"):
        head("planted_service")
