import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from common.kernel.actor import ANONYMOUS, Actor, Role
from common.process.legal_clock import DEMO_START, LegalClock
from embedded.demo.clock import demo_clock_app
from support.service.launcher import HandClock, client_of

PATH = "/v1/demo/clock"


@pytest.fixture
def legal(tmp_path: Path, clock: HandClock) -> LegalClock:
    return LegalClock(tmp_path / "demo-clock.json", clock, start=DEMO_START)


@pytest.fixture
async def caller(legal: LegalClock) -> AsyncIterator[httpx.AsyncClient]:
    # The caller is the one that the header names.
    async def who(request: Request) -> Actor:
        role = request.headers.get("x-role")
        return Actor(sub="p", org="AG", roles=frozenset({Role(role)})) if role else ANONYMOUS

    async with client_of(demo_clock_app(legal, who)) as client:
        client.headers["x-role"] = "office"
        yield client


async def test_everyone_may_read_the_legal_clock_which_starts_on_8_october_2015(caller: httpx.AsyncClient) -> None:
    del caller.headers["x-role"]
    answer = await caller.get(PATH)
    assert answer.json() == {"now": "2015-10-08T01:00:00Z", "today": "2015-10-08"}


async def test_it_moves_to_an_instant_and_by_days_and_stays_there_after_a_restart(
    caller: httpx.AsyncClient, tmp_path: Path, clock: HandClock
) -> None:
    answer = await caller.post(PATH, json={"now": "2015-11-02T23:30:00+08:00"})
    assert (answer.status_code, answer.json()) == (200, {"now": "2015-11-02T15:30:00Z", "today": "2015-11-02"})
    answer = await caller.post(PATH, json={"advance_days": 1})
    assert answer.json()["now"] == "2015-11-03T15:30:00Z"
    again = LegalClock(tmp_path / "demo-clock.json", clock, start=DEMO_START)
    assert again.now() == datetime(2015, 11, 3, 15, 30, tzinfo=UTC)


async def test_it_never_goes_back(caller: httpx.AsyncClient, legal: LegalClock) -> None:
    before = legal.now()
    answer = await caller.post(PATH, json={"now": "2015-10-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (409, "clock-goes-forward")
    assert legal.now() == before


async def test_a_clock_that_cannot_be_written_asks_to_come_back(tmp_path: Path, clock: HandClock) -> None:
    class Stuck(LegalClock):
        def advance_to(self, at: datetime) -> None:
            raise OSError(at)

    async def office(_: Request) -> Actor:
        return Actor(sub="p", org="AG", roles=frozenset({Role.OFFICE}))

    async with client_of(demo_clock_app(Stuck(tmp_path / "clock.json", clock), office)) as client:
        answer = await client.post(PATH, json={"advance_days": 1})
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")


@pytest.mark.parametrize("role", [role.value for role in Role if role not in {Role.OFFICE, Role.ADMINISTRATOR}])
async def test_other_roles_may_not_move_it(caller: httpx.AsyncClient, legal: LegalClock, role: str) -> None:
    before = legal.now()
    answer = await caller.post(PATH, json={"advance_days": 1}, headers={"x-role": role})
    assert (answer.status_code, answer.json()["code"]) == (403, "role-missing")
    assert legal.now() == before


@pytest.mark.parametrize("role", ["office", "administrator"])
async def test_the_office_and_the_administrator_may(caller: httpx.AsyncClient, role: str) -> None:
    assert (await caller.post(PATH, json={"advance_days": 1}, headers={"x-role": role})).status_code == 200


async def test_nobody_moves_it_without_a_token(caller: httpx.AsyncClient, legal: LegalClock) -> None:
    before = legal.now()
    del caller.headers["x-role"]
    answer = await caller.post(PATH, json={"advance_days": 1})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert legal.now() == before


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{}", 422, "request-invalid"),
        (b'{"now": "2015-11-02T00:00:00Z", "advance_days": 1}', 422, "request-invalid"),
        (b'{"now": "2015-11-02T00:00:00"}', 422, "request-invalid"),
        (b'{"now": "tomorrow"}', 422, "request-invalid"),
        (b'{"now": 1446422400}', 422, "request-invalid"),
        (b'{"advance_days": 0}', 422, "request-invalid"),
        (b'{"advance_days": -1}', 422, "request-invalid"),
        (b'{"advance_days": 1.5}', 422, "request-invalid"),
        (b'{"advance_days": "1"}', 422, "request-invalid"),
        (b'{"advance_days": 99999}', 422, "request-invalid"),
        (b'{"advance_days": 100000000000000000000}', 422, "number-out-of-range"),
        (b'{"now": "9999-12-31T23:59:59Z"}', 422, "request-invalid"),
        (b'{"now": "2100-01-01T00:00:01+08:00"}', 422, "clock-too-far"),
        (b'{"day": 1}', 422, "request-invalid"),
        (b"[]", 422, "request-invalid"),
        (b'{"advance_days": 1, "advance_days": 2}', 400, "duplicate-key"),
        (b"{", 400, "malformed-json"),
        (b'{"advance_days": NaN}', 400, "malformed-json"),
    ],
)
async def test_bad_input_is_a_problem_document_and_moves_nothing(
    caller: httpx.AsyncClient, legal: LegalClock, body: bytes, status: int, code: str
) -> None:
    before = legal.now()
    answer = await caller.post(PATH, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert legal.now() == before


async def test_moving_the_legal_clock_leaves_the_systems_alone(
    caller: httpx.AsyncClient, clock: HandClock, tmp_path: Path
) -> None:
    before = clock.now()
    await caller.post(PATH, json={"advance_days": 30})
    assert clock.now() == before
    offset = json.loads((tmp_path / "demo-clock.json").read_text())["offset_seconds"]
    assert before + timedelta(seconds=offset) == datetime(2015, 11, 7, 1, 0, tzinfo=UTC)
