"""Drafting the next migration of a service from the difference between its code and its migrations; a person reads it.

`python -m common.storage.migrations.drafts <service> <title in words>` writes `<package>/migrations/000N_<title>.py`.
The tables that every service has are never spelled out: the draft calls their steps (steps.py) that are missing.
"""

import asyncio
import importlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations import Operations
from alembic.operations.ops import UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from common.storage.database.engine import open_database
from common.storage.migrations import steps
from common.storage.migrations.runner import is_service_table, migrate, record_steps, scripts
from common.storage.records import records

_MIGRATION: Final = '''"""{title}."""

{imports}

revision = "{revision}"
down_revision = {down!r}
FLOOR = "{floor}"


def upgrade() -> None:
    """Bring the tables forward."""
{body}
'''
_IMPORTS: Final = (
    ("sa.", "import sqlalchemy as sa"),
    ("op.", "from alembic import op"),
    ("", ""),
    ("common.storage.columns.", "import common.storage.columns"),
    ("steps.", "from common.storage.migrations import steps"),
)
"""The import that each text in a migration's statements needs, sorted as ruff sorts; "" separates the groups."""
_STORED_AS: Final = {"EnumText": "sa.Text()", "Key": "sa.String()"}
"""Types that a migration names by what the database stores: it must not depend on a later enum, or on a later fold."""
_TITLE: Final = re.compile(r"[^\W_][\w ,;:()'-]*")


class StepMissingError(Exception):
    """The record tables of the code differ from what their steps make: the change needs a step first."""


async def draft(package: str, metadata: MetaData, title: str) -> Path:
    """Write the migration that brings the newest migrated state to the code's tables; returns its path.

    Raises ValueError for a title that is not made of words, and StepMissingError.
    """
    title = title.strip().rstrip(".")
    if not _TITLE.fullmatch(title):
        raise ValueError(f"{title!r}: a title is made of words")
    _make_folder(package)
    newest = scripts(package).get_current_head()
    called = record_steps(package)
    missing = [step for step in steps.STEPS if step.__name__ not in called]
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/draft.db")
        try:
            if newest is not None:
                await migrate(database, package)
            async with database.write() as connection:
                body = await connection.run_sync(_body, metadata, missing)
        finally:
            await database.close()
    revision = f"{int(newest or 0) + 1:04d}"
    source = _MIGRATION.format(
        title=title[0].upper() + title[1:],
        imports="\n".join(line for sign, line in _IMPORTS if sign in body).strip(),
        revision=revision,
        down=newest,
        floor=newest or revision,
        body=body,
    )
    words = re.sub(r"\W+", "_", title.lower()).strip("_")
    path = Path(scripts(package).versions) / f"{revision}_{words}.py"
    path.write_text(_formatted(source, path), "utf-8")
    return path


def _make_folder(package: str) -> None:
    """Make the folder of the migrations, which a new service does not have yet."""
    Path(str(files(package).joinpath("migrations"))).mkdir(exist_ok=True)


def _body(connection: Connection, metadata: MetaData, missing: Sequence[Callable[[], None]]) -> str:
    """Return the statements of the migration; the missing steps are run on the connection first."""
    options = {"include_name": is_service_table, "render_item": _render, "target_metadata": metadata}
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context):
        for step in missing:
            step()
    upgrade = produce_migrations(context, metadata).upgrade_ops or UpgradeOps(ops=[])
    made_by_steps = MetaData()
    records(made_by_steps)
    of_records = UpgradeOps(ops=[op for op in upgrade.ops if getattr(op, "table_name", None) in made_by_steps.tables])
    if of_records.ops:
        raise StepMissingError(
            "the record tables have changed: add the next step to storage/migrations/steps.py, for example\n"
            + _statements(of_records, context)
        )
    calls = "".join(f"    steps.{step.__name__}()\n" for step in missing)
    return calls + (_statements(upgrade, context) if upgrade.ops else "")


def _statements(operations: UpgradeOps, context: MigrationContext) -> str:
    rendered = render_python_code(operations, render_as_batch=True, render_item=_render, migration_context=context)
    lines = [line for line in rendered.splitlines() if not line.lstrip().startswith("# ###")]
    return "\n".join(line if line.startswith(" ") or not line else f"    {line}" for line in lines)


def _render(kind: str, value: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 -- Alembic's own callback
    if kind == "type" and type(value).__module__.startswith("common."):
        return _STORED_AS.get(type(value).__name__, f"common.storage.columns.{type(value).__name__}()")
    return False


def _formatted(source: str, path: Path) -> str:
    """Return the source as ruff formats it under the configuration that applies at the path."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(path), "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 -- this interpreter and no shell
    if done.returncode:
        raise RuntimeError(f"ruff could not format {path}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    _, name, *words = sys.argv
    service = importlib.import_module(f"{name}_service.service").SERVICE
    drafted = asyncio.run(draft(service.package, service.metadata, " ".join(words)))
    sys.stdout.write(f"read it before you keep it: {drafted}\n")
