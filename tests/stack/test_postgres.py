"""The stack's PostgreSQL: a role and a database per service, and no way from one into another's."""

from collections.abc import Iterator

import asyncpg
import pytest

from embedded.origin.parts import SERVICES
from stack.servers.postgres import PostgresMissing, PostgresServer, binaries
from support.service.postgres import server_for_tests

NAMES = [service.name for service in SERVICES]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    try:
        server = server_for_tests()
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    try:
        server.start()
        for name in NAMES:
            server.create(name, password=f"word-of-{name}", owner_password=f"owner-word-of-{name}")
        yield server
    finally:
        server.stop()


async def asked(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.parametrize("name", NAMES)
async def test_a_service_may_connect_to_its_database_and_make_nothing_in_it(server: PostgresServer, name: str) -> None:
    url = server.url(name, password=f"word-of-{name}")

    assert await asked(url, "SELECT current_database() || '/' || current_user") == f"{name}/{name}"
    assert await asked(url, "SELECT has_schema_privilege('public', 'CREATE')") is False
    assert await asked(url, f"SELECT has_database_privilege('{name}', 'CREATE, TEMPORARY')") is False
    assert await asked(url, f"SELECT pg_has_role('{name}_owner', 'MEMBER')") is False


@pytest.mark.parametrize("name", NAMES)
async def test_the_owner_makes_the_tables_of_its_own_database(server: PostgresServer, name: str) -> None:
    url = server.url(f"{name}_owner", password=f"owner-word-of-{name}", database=name)

    assert await asked(url, "SELECT has_schema_privilege('public', 'CREATE')") is True
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match='permission denied for database "postgres"'):
        await asked(server.url(f"{name}_owner", password=f"owner-word-of-{name}", database="postgres"), "SELECT 1")


@pytest.mark.parametrize("other", [name for name in NAMES if name != "registry"] + ["postgres", "template1"])
async def test_the_registry_cannot_connect_to_another_database(server: PostgresServer, other: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f'permission denied for database "{other}"'):
        await asked(server.url("registry", password="word-of-registry", database=other), "SELECT 1")


async def test_a_service_cannot_log_in_as_another(server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asked(server.url("review", password="word-of-registry"), "SELECT 1")


async def test_a_service_is_no_superuser_and_makes_neither_roles_nor_databases(server: PostgresServer) -> None:
    question = (
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = 'review'"
    )

    assert await asked(server.url("review", password="word-of-review"), question) is False


async def test_what_was_committed_before_a_kill_is_there_afterwards(server: PostgresServer) -> None:
    url = server.url("applications_owner", password="owner-word-of-applications", database="applications")
    await asked(url, "CREATE TABLE kept (what text)")
    await asked(url, "INSERT INTO kept VALUES ('acknowledged')")
    killed = server.pid

    server.kill()
    server.start()

    assert server.pid != killed
    assert await asked(url, "SELECT what FROM kept") == "acknowledged"


def test_the_newest_binaries_are_found() -> None:
    try:
        found = binaries()
    except PostgresMissing as missing:
        pytest.skip(str(missing))

    assert (found / "initdb").exists()
