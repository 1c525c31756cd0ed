"""Who may change which table: the last part of every migration, and a check when a service starts.

On PostgreSQL the tables belong to the migration role; the running role gets exactly the rights that the code needs. On
both databases triggers refuse, to every role, each change of a row that is kept (storage/kept.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, text
from sqlalchemy.engine import Row
from sqlalchemy.sql.compiler import IdentifierPreparer

from common.storage.database.engine import Database
from common.storage.kept import Kept, kept_tables

READ_ONLY: Final = ("alembic_version", "compatibility")
"""The tables of the migrations themselves: the running role only reads them."""
_PREFIX: Final = "keep_"
_EVENTS: Final = ("update", "delete", "insert")
"""What SQLite has a trigger for, at each kept table."""
_FUNCTION: Final = f"""\
CREATE OR REPLACE FUNCTION {_PREFIX}rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the rows of % stay as they are', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$"""


class UnprotectedError(Exception):
    """A table whose rows are kept can be changed; the text says which and how."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The tables of a service, and the role that it runs as: None on SQLite, which has no roles."""

    metadata: MetaData
    role: str | None = None


def protect(connection: Connection, rights: Rights) -> None:
    """Make the triggers again and give the running role its rights, in the transaction of the migration.

    A role that owns the tables is left as it is, since its rights cannot be limited; `check_rights` finds it.
    """
    dialect = connection.dialect
    for table, rule in kept_tables(rights.metadata):
        for statement in _triggers(dialect.name, dialect.identifier_preparer, table, rule):
            connection.exec_driver_sql(statement)
    if dialect.name == "postgresql" and rights.role is not None:
        owner, schema = connection.execute(text("SELECT current_user, current_schema()")).one()
        if owner != rights.role:
            for statement in grants(dialect.identifier_preparer, rights, schema=schema):
                connection.exec_driver_sql(statement)


def grants(quoting: IdentifierPreparer, rights: Rights, *, schema: str) -> Iterator[str]:
    """Yield the statements that give the running role of PostgreSQL exactly its rights to the tables of a schema."""
    role, where = quoting.quote_identifier(rights.role or ""), quoting.quote_identifier(schema)
    kept = {table.name: rule for table, rule in kept_tables(rights.metadata)}
    yield f"REVOKE CREATE ON SCHEMA {where} FROM PUBLIC"
    yield f"REVOKE ALL ON SCHEMA {where} FROM {role}"
    yield f"GRANT USAGE ON SCHEMA {where} TO {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {where} FROM {role}"
    for name in READ_ONLY:
        yield f"GRANT SELECT ON {where}.{name} TO {role}"
    for name in sorted(rights.metadata.tables):
        rule = kept.get(name)
        given = "SELECT, INSERT, UPDATE, DELETE" if rule is None else "SELECT, INSERT"
        if rule is not None and rule.changes:
            given += f", UPDATE ({', '.join(map(quoting.quote, rule.changes))})"
        yield f"GRANT {given} ON {where}.{quoting.quote(name)} TO {role}"


async def check_rights(database: Database, metadata: MetaData, *, strict: bool) -> None:
    """Raise UnprotectedError when a kept table has no trigger, or, if `strict`, when this role may change its rows."""
    async with database.read() as connection:
        await connection.run_sync(_check, metadata, strict)


def _check(connection: Connection, metadata: MetaData, strict: bool) -> None:  # noqa: FBT001 -- run_sync passes no keywords
    for table, rule in kept_tables(metadata):
        if connection.dialect.name == "sqlite":
            asked = (
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table AND name LIKE :name"
            )
            found = connection.execute(text(asked), {"table": table.name, "name": f"{_PREFIX}%"}).scalar_one()
        else:
            found = connection.execute(
                text(_ENABLED), {"table": table.name, "name": f"{_PREFIX}{table.name}"}
            ).scalar_one()
            if strict and (more := _excess(connection, table, rule)):
                raise UnprotectedError(
                    f"the role may {', '.join(more)} {table.name}, whose rows are kept: run as a role that only has the"
                    " rights that the migration gives, and migrate as the role that owns the tables"
                )
        if found < (len(_EVENTS) if connection.dialect.name == "sqlite" else 1):
            raise UnprotectedError(f"the rows of {table.name} are not protected by a trigger: migrate first")


_ENABLED: Final = (
    "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(:table)) AND tgname = :name"
    " AND tgenabled <> 'D'"
)
_RIGHTS: Final = """\
SELECT has_table_privilege(c.oid, 'DELETE') AS "delete", has_table_privilege(c.oid, 'TRUNCATE') AS "truncate",
       has_table_privilege(c.oid, 'TRIGGER') AS "add triggers to", pg_has_role(c.relowner, 'MEMBER') AS "alter",
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attname <> ALL (CAST(:changes AS text[])) AND has_column_privilege(c.oid, a.attnum, 'UPDATE')) AS "update"
FROM pg_class c WHERE c.oid = to_regclass(quote_ident(:table))"""


def _excess(connection: Connection, table: Table, rule: Kept) -> list[str]:
    """Return what this role may do to the table beyond inserting and reading."""
    given = {"table": table.name, "changes": list(rule.changes)}
    row: Row[Any] = connection.execute(text(_RIGHTS), given).one()
    return [name for name, may in row._mapping.items() if may]  # noqa: SLF001 -- SQLAlchemy's public name for it


def _triggers(dialect: str, quoting: IdentifierPreparer, table: Table, rule: Kept) -> Iterator[str]:
    name, where = f"{_PREFIX}{table.name}", quoting.quote(table.name)
    fixed = [quoting.quote(column.name) for column in table.c if column.name not in rule.changes]
    update = f"UPDATE OF {', '.join(fixed)}" if rule.changes else "UPDATE"
    if dialect == "postgresql":
        yield _FUNCTION
        yield (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {update} OR DELETE OR TRUNCATE ON {where}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {_PREFIX}rows()"
        )
        return
    refused = f"SELECT RAISE(ABORT, 'the rows of {table.name} stay as they are')"
    for event, change, then in zip(
        _EVENTS, (update, "DELETE", "INSERT"), (refused, refused, _refuse_stored(quoting, table, rule)), strict=True
    ):
        yield f"DROP TRIGGER IF EXISTS {name}_from_{event}"
        yield f"CREATE TRIGGER {name}_from_{event} BEFORE {change} ON {where} BEGIN {then}; END"


def unique_keys(table: Table) -> list[tuple[str, ...]]:
    """Return the columns of each key of a table: its primary key, unique constraints and unique indexes."""
    keys = [table.primary_key.columns.keys()]
    keys += [one.columns.keys() for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [one.columns.keys() for one in table.indexes if one.unique]
    return sorted({tuple(key) for key in keys if key})


def _refuse_stored(quoting: IdentifierPreparer, table: Table, rule: Kept) -> str:
    """Return what SQLite does before an insert, with its own message when a row with a key of the new one is stored.

    `INSERT OR REPLACE` would remove that row without firing the trigger of a deletion, unless the writer asks for it.
    """
    where = quoting.quote(table.name)
    cases = []
    for key in (*unique_keys(table), ("rowid",)):
        same = " AND ".join(f"{quoting.quote(column)} = NEW.{quoting.quote(column)}" for column in key)
        said = f"UNIQUE constraint failed: {', '.join(f'{table.name}.{column}' for column in key)}"
        then = "RAISE(IGNORE)" if rule.absorbs else f"RAISE(ABORT, '{said}')"
        cases.append(f"WHEN EXISTS (SELECT 1 FROM {where} WHERE {same}) THEN {then}")  # noqa: S608 -- our own names
    return f"SELECT CASE {' '.join(cases)} END"
