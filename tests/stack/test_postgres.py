"""The stack's PostgreSQL: a role and a database per service, and no way from one into another's."""

from collections.abc import Iterator

import asyncpg
import pytest

from embedded.parts import SERVICES
from stack.postgres import PostgresMissing, PostgresServer, binaries
from support.postgres import server_for_tests

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
            server.create(name, password=f"word-of-{name}")
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
async def test_a_service_owns_its_database(server: PostgresServer, name: str) -> None:
    url = server.url(name, password=f"word-of-{name}")

    assert await asked(url, "SELECT current_database() || '/' || current_user") == f"{name}/{name}"
    assert await asked(url, "SELECT has_schema_privilege('public', 'CREATE')") is True


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
    url = server.url("applications", password="word-of-applications")
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
