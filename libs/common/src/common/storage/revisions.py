"""Drafting the next migration of a service from the difference between its code and its migrations; a person reads it.

`python -m common.storage.revisions <service> <title_in_words>` writes `<package>/migrations/000N_<title>.py`.
"""

import asyncio
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from common.storage.engine import open_database
from common.storage.migrations import COMPATIBILITY, migrate, scripts

HEADER = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

import common.storage.columns
import common.storage.records

revision = "{revision}"
down_revision = {down!r}
FLOOR = "{revision}"


def upgrade() -> None:
    """Bring the tables forward."""
    {body}
'''


def _render(kind: str, value: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 -- Alembic's own callback
    if kind == "type" and type(value).__module__.startswith("common."):
        # An enum is stored as text: a migration must not depend on what the class holds later.
        return "sa.Text()" if type(value).__name__ == "EnumText" else f"common.storage.columns.{type(value).__name__}()"
    return False


def _draft(connection: Connection, metadata: MetaData) -> str:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name in {"alembic_version", COMPATIBILITY.name})

    context = MigrationContext.configure(
        connection, opts={"include_name": ours, "render_item": _render, "target_metadata": metadata}
    )
    upgrade = produce_migrations(context, metadata).upgrade_ops
    if upgrade is None:
        raise ValueError("nothing to migrate")
    return render_python_code(upgrade, render_item=_render, migration_context=context)


async def draft(package: str, metadata: MetaData, title: str) -> Path:
    """Write the migration that brings the newest migrated state to the code's tables; returns its path."""
    directory = scripts(package)
    newest = directory.get_current_head()
    revision = f"{int(newest or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/draft.db")
        try:
            if newest is not None:
                await migrate(database, package)
            async with database.write() as connection:
                body = await connection.run_sync(_draft, metadata)
        finally:
            await database.close()
    path = Path(directory.versions) / f"{revision}_{title.replace(' ', '_')}.py"
    path.write_text(HEADER.format(title=title.capitalize(), revision=revision, down=newest, body=body))
    return path


if __name__ == "__main__":
    _, name, *words = sys.argv
    service = importlib.import_module(f"{name}_service.service").SERVICE
    sys.stdout.write(f"{asyncio.run(draft(service.package, service.metadata, ' '.join(words)))}\n")
