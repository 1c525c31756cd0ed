"""Migrations run as the role that owns the tables; production refuses that the service runs as that role."""

from pathlib import Path

import asyncpg
import pytest

from common.process.migrating import bring_forward
from common.settings import Settings, UnusableSettingsError
from common.storage.database.engine import open_database
from common.storage.migrations.rights import check_rights
from registry_service.service import SERVICE
from support.service.databases import owner_url
from support.service.processes import ran

PRODUCTION = {
    "MINGPAI_PROFILE": "production",
    "MINGPAI_ISSUER": "https://login.example.org",
    "MINGPAI_CURSOR_SECRET": "q7Zp2fX0vK9sLw4TbN8yRc1HdM6uJgEa",
    "MINGPAI_URL": "https://mingpai.example.org",
    "MINGPAI_MAIL_FROM": "office@given.example.org",
    "MINGPAI_TRUSTED_PROXIES": "127.0.0.1",
}


def settings(database: str, migration: str | None = None, **more: str) -> Settings:
    given = {} if migration is None else {"MINGPAI_MIGRATION_URL": migration}
    return Settings.for_service("registry", {"MINGPAI_DATABASE_URL": database, **given, **more})


async def test_the_tables_belong_to_the_migration_role_and_the_running_role_passes_the_check_of_production(
    postgres_url: str,
) -> None:
    await bring_forward(SERVICE, settings(postgres_url, owner_url(postgres_url), **PRODUCTION))

    connection = await asyncpg.connect(postgres_url)
    try:
        asked = "SELECT DISTINCT tableowner || '' FROM pg_tables WHERE schemaname = current_schema()"
        running: str = await connection.fetchval("SELECT current_user || ''")
        assert [row[0] for row in await connection.fetch(asked)] == [f"{running}_owner"]
    finally:
        await connection.close()
    database = open_database(postgres_url)
    try:
        await check_rights(database, SERVICE.metadata, strict=True)
    finally:
        await database.close()


@pytest.mark.parametrize("named", [True, False])
async def test_production_refuses_to_migrate_as_the_running_role_before_it_connects(*, named: bool) -> None:
    url = "postgresql://registry:q7Zp2fX0vK9s@127.0.0.1:1/registry"
    with pytest.raises(UnusableSettingsError, match="REGISTRY_MIGRATION_URL: production refuses tables"):
        await bring_forward(SERVICE, settings(url, url if named else None, **PRODUCTION))


async def test_the_demo_may_migrate_as_the_running_role_and_sqlite_has_no_roles(
    postgres_url: str, tmp_path: Path
) -> None:
    for url in (owner_url(postgres_url), f"sqlite:///{tmp_path / 'service.db'}"):
        await bring_forward(SERVICE, settings(url))
        database = open_database(url)
        try:
            await check_rights(database, SERVICE.metadata, strict=False)
        finally:
            await database.close()


async def test_a_process_in_production_refuses_a_role_that_may_change_the_audit(postgres_url: str) -> None:
    await bring_forward(SERVICE, settings(postgres_url, owner_url(postgres_url)))
    environ = PRODUCTION | {"MINGPAI_DATABASE_URL": owner_url(postgres_url), "MINGPAI_PORT": "1", **DISTRIBUTED}

    refused = ran("registry", "api", environ)

    assert refused.returncode != 0
    assert "the role may delete, truncate, add triggers to, alter, update audit" in refused.stderr


DISTRIBUTED = {"MINGPAI_SHAPE": "distributed", "MINGPAI_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}


@pytest.mark.parametrize(
    ("database", "migration", "problem"),
    [
        ("sqlite:///x.db", "sqlite:///x.db", "MINGPAI_MIGRATION_URL: must be a postgresql: URL"),
        ("sqlite:///x.db", "postgresql://o@h/d", "MINGPAI_DATABASE_URL: must be a postgresql: URL"),
        ("postgresql://r@h/d", "postgresql://h/d", "MINGPAI_MIGRATION_URL: must name its role"),
        ("postgresql://h/d", "postgresql://o@h/d", "MINGPAI_DATABASE_URL: must name its role"),
    ],
)
def test_two_urls_that_are_not_those_of_two_roles_are_refused(database: str, migration: str, problem: str) -> None:
    with pytest.raises(UnusableSettingsError) as refused:
        settings(database, migration)
    assert any(one.startswith(problem) for one in refused.value.problems)


def test_the_service_is_filled_into_both_urls() -> None:
    both = settings("postgresql://{service}@h/{service}", "postgresql://{service}_owner@h/{service}")
    assert (both.database_url, both.migration_url) == (
        "postgresql://registry@h/registry",
        "postgresql://registry_owner@h/registry",
    )
