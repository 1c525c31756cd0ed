"""The record tables are made by numbered steps that stay as they are when the tables of the code change."""

import ast
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Text

from common.kernel.model import metadata
from common.storage.database.engine import Database
from common.storage.migrations import steps
from common.storage.migrations.runner import differences
from common.storage.migrations.steps import STEPS, called_in
from common.storage.records import records


def _run(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        for step in STEPS:
            step()


async def test_the_steps_make_the_record_tables_of_the_code(database: Database) -> None:
    code = metadata()
    records(code)
    async with database.write() as connection:
        await connection.run_sync(_run)
        await connection.commit()

    assert await differences(database, code) == []


async def test_a_record_table_that_no_step_makes_so_is_a_difference(database: Database) -> None:
    code = metadata()
    records(code).outbox.append_column(Column("urgent", Text))
    async with database.write() as connection:
        await connection.run_sync(_run)
        await connection.commit()

    found = await differences(database, code)

    assert [(kind, table, column.name) for kind, _, table, column in found] == [("add_column", "outbox", "urgent")]


def test_the_steps_are_numbered_without_gaps() -> None:
    assert [step.__name__ for step in STEPS] == [f"records_{number:04d}" for number in range(1, len(STEPS) + 1)]


def test_a_step_does_not_use_the_tables_of_the_code_which_change() -> None:
    tree = ast.parse(Path(steps.__file__).read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert "common.storage.records" not in imported


def test_the_steps_that_a_migration_calls_are_found_in_their_order() -> None:
    source = """
from common.storage.migrations import steps

def upgrade() -> None:
    op.create_table("records_0001")
    steps.records_0001()
    steps.unknown()
    if True:
        steps.records_0001()
"""
    assert called_in(source) == ["records_0001", "records_0001"]
    assert called_in("steps.records_0001") == []
