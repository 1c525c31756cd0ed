"""PostgreSQL schemas for tests, with roles of their own; one with a service's tables is emptied and lent again."""

import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from common.storage.migrations.rights import READ_ONLY

_HOLDS: Final[dict[str, tuple[str, str]]] = {}
"""The package whose tables a schema has, and how they were made, by the schema's name."""
_EMPTY: Final = """\
DO $$ DECLARE one record; filled boolean; BEGIN
    SET LOCAL session_replication_role = replica;  -- rows that are kept can be removed
    FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = '{schema}' AND tablename NOT IN ({kept}) LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM {schema}.%I)', one.name) INTO filled;
        IF filled THEN  -- not DELETE: new rows would take the places of the old ones, and be read in another order
            EXECUTE format('TRUNCATE {schema}.%I', one.name);
        END IF;
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = '{schema}' LOOP
        EXECUTE format('ALTER SEQUENCE {schema}.%I RESTART', one.name);
    END LOOP;
END $$"""
_SHAPE: Final = """\
SELECT string_agg(
    concat_ws(' ', c.relname, c.relnatts, c.relchecks, replace(c.relacl::text, c.relnamespace::regnamespace::text, ''),
              (SELECT string_agg(concat(t.tgname, t.tgenabled), ' ' ORDER BY t.tgname) FROM pg_trigger t
               WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)),
    E'\\n' ORDER BY c.relname)
FROM pg_class c WHERE c.relnamespace = to_regnamespace($1)"""


async def note_tables(owner: asyncpg.Connection, package: str) -> None:
    """Note that the schema of this connection has a service's tables, as its migrations make them."""
    schema = await owner.fetchval("SELECT current_schema()")
    _HOLDS[schema] = package, await owner.fetchval(_SHAPE, schema)


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, which has its running role's name, and the password of its roles."""

    name: str
    password: str


@dataclass
class Schemas:
    """The schemas of a run on one server."""

    admin_url: str
    _free: dict[str, list[Schema]] = field(default_factory=lambda: defaultdict(list))

    @asynccontextmanager
    async def lent(self, package: str) -> AsyncIterator[Schema]:
        """Lend a schema: one with the package's tables and no rows where there is one, else an empty one."""
        admin = await asyncpg.connect(self.admin_url)
        try:
            schema = self._free[package].pop() if self._free[package] else await _made(admin)
            yield schema
            holds, shape = _HOLDS.get(schema.name, ("", None))
            if shape is not None and shape == await admin.fetchval(_SHAPE, schema.name):
                await admin.execute(_EMPTY.format(schema=schema.name, kept=", ".join(f"'{one}'" for one in READ_ONLY)))
                self._free[holds].append(schema)
            else:  # without tables, or the test has changed them, their triggers or rights
                await _drop(admin, schema.name)
        finally:
            await admin.close()

    async def drop(self) -> None:
        """Drop the schemas that wait to be lent again."""
        admin = await asyncpg.connect(self.admin_url)
        try:
            for schema in (schema for free in self._free.values() for schema in free):
                await _drop(admin, schema.name)
        finally:
            await admin.close()


async def _made(admin: asyncpg.Connection) -> Schema:
    schema = Schema(f"test_{secrets.token_hex(6)}", secrets.token_hex(16))
    for role in (schema.name, f"{schema.name}_owner"):
        await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{schema.password}'")
        await admin.execute(f"ALTER ROLE {role} SET search_path = {schema.name}")
    await admin.execute(f"CREATE SCHEMA {schema.name} AUTHORIZATION {schema.name}_owner")
    return schema


async def _drop(admin: asyncpg.Connection, name: str) -> None:
    await admin.execute(f"DROP OWNED BY {name}, {name}_owner CASCADE")
    await admin.execute(f"DROP ROLE {name}, {name}_owner")
