"""Every route in every role, against tables written by hand: a route that is in none does not exist or is refused.

The tables are `access/<service>.yaml`. Refused is 401 without a token and 403 `role-missing` in a role; whatever else
an allowed call meets (an empty body, an unknown id) comes after.
"""

from pathlib import Path
from typing import Final

import pytest
import yaml

from common.kernel.actor import Role
from common.service import EVERYWHERE
from embedded.origin.parts import SERVICES
from support.service.platform import Platform

FOLDER: Final = Path(__file__).with_name("access")


def admitted(words: str) -> frozenset[str]:
    """Return who a line of a table admits."""
    match words:
        case "everyone":
            return frozenset({"anybody", *Role})
        case "members":
            return frozenset(Role)
        case _:
            return frozenset(map(Role, words.split()))


TABLES: Final[dict[str, dict[str, frozenset[str]]]] = {
    path.stem: {route: admitted(words) for route, words in yaml.safe_load(path.read_text("utf-8")).items()}
    for path in sorted(FOLDER.glob("*.yaml"))
}
TABLE: Final = {route: allowed for table in TABLES.values() for route, allowed in table.items()}


def test_each_table_holds_the_nouns_of_its_service() -> None:
    assert {name: {route.split("/")[2] for route in table} for name, table in TABLES.items()} == {
        service.name: {*service.nouns, *(router.noun for router in EVERYWHERE)} for service in SERVICES
    }


def test_a_role_that_does_not_exist_is_no_expectation() -> None:
    with pytest.raises(ValueError, match="minister"):
        admitted("office minister")


@pytest.mark.asyncio(loop_scope="module")
async def test_the_tables_and_the_openapi_document_have_the_same_routes(shared_platform: Platform) -> None:
    routes = {f"{method} {path}" for method, path in await shared_platform.operations()}
    assert routes - TABLE.keys() == set(), "write who may call it into tests/api/access/<service>.yaml"
    assert TABLE.keys() - routes == set(), "no such route: take it out of tests/api/access/<service>.yaml"


@pytest.mark.asyncio(loop_scope="module")
async def test_every_route_admits_the_roles_of_its_table_and_no_other(shared_platform: Platform) -> None:
    before = await shared_platform.row_counts()
    wrong = [
        f"{route} as {who}: {verdict}, but {'allowed' if who in allowed else 'refused'} by the table"
        for route, allowed in TABLE.items()
        for who in ["anybody", *Role]
        if (verdict := await answered(shared_platform, route, who)) != due(who, allowed)
    ]
    assert wrong == []
    assert await shared_platform.row_counts() == before


def due(who: str, allowed: frozenset[str]) -> str:
    """Return the verdict that the table asks for."""
    if who in allowed:
        return "allowed"
    return "401 unauthenticated" if who == "anybody" else "403 role-missing"


async def answered(platform: Platform, route: str, who: str) -> str:
    """Call a route with an empty body and an unknown id; returns `allowed` or how it was refused."""
    method, path = route.split()
    target = "/".join("unknown-1" if part.startswith("{") else part for part in path.split("/"))
    headers = await platform.headers(None if who == "anybody" else who, method)
    answer = await platform.client.request(method, target, headers=headers, json={} if method != "GET" else None)
    refused = answer.status_code in {401, 403} or answer.is_server_error
    return f"{answer.status_code} {answer.json()['code']}" if refused else "allowed"
