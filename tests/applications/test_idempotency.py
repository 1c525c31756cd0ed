"""The same request twice at once: one effect, and the second is refused with an advice to retry for the answer."""

import asyncio
from pathlib import Path

import asyncpg
import httpx

from applications_service.service import SERVICE
from support.service.alone import Alone, alone
from support.service.waiting import eventually

AGENCY = {"code": "SD-370102", "kind": "county", "name": "历下区局", "division": "370102", "parent": None}


async def enter(service: Alone, body: dict[str, object] | None = None) -> httpx.Response:
    return await service.send("POST", "/v1/agencies", body or AGENCY, who="administrator|OPS", key="click")


def assert_in_flight(refused: httpx.Response) -> None:
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-in-flight")
    assert refused.json()["retryable"] is True


async def test_of_two_clicks_at_once_one_enters_and_the_other_gets_its_answer_later(service: Alone) -> None:
    answers = await asyncio.gather(enter(service), enter(service))

    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert first.status_code == 201
    assert_in_flight(second)
    again = await enter(service)
    assert (again.status_code, again.content) == (201, first.content)
    assert len(await service.rows("agencies")) == len(await service.rows("audit")) == 1


async def test_a_click_that_another_process_is_working_on_is_in_flight_too(postgres_url: str, tmp_path: Path) -> None:
    async with (
        alone(SERVICE, postgres_url, tmp_path / "one") as one,
        alone(SERVICE, postgres_url, tmp_path / "two") as two,
    ):
        holder = await asyncpg.connect(postgres_url)
        held = holder.transaction()
        await held.start()
        await holder.execute("LOCK TABLE agencies IN EXCLUSIVE MODE")
        first = asyncio.create_task(enter(one))

        async def first_waits_for_the_table() -> bool:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'agencies'::regclass"
            return bool(await holder.fetchval(waiting) == 1)

        await eventually(first_waits_for_the_table)
        assert_in_flight(await enter(two))
        await held.rollback()
        await holder.close()

        entered = await first
        assert entered.status_code == 201
        again = await enter(two)
        assert (again.status_code, again.content) == (201, entered.content)
        assert again.headers["idempotent-replayed"] == "true"
        other = await enter(two, {**AGENCY, "name": "别的局"})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
        assert len(await two.rows("agencies")) == 1
