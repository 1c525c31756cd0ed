import pytest

from common.contracts.registry.brands import BrandExpired, BrandRegistered, BrandTookEffect
from registry_service.register.brands import commands
from support.casts.registering import NUMBER, act, bring_to, read, register, run_calendar
from support.service.alone import Alone


async def test_a_pending_title_takes_effect_on_its_day_in_shanghai_and_it_is_published(service: Alone) -> None:
    await register(service, effective_on="2015-10-09")
    service.legal.move(hours=14, minutes=59)
    early = await run_calendar(service)
    service.legal.move(minutes=1)

    assert (early, await run_calendar(service), await run_calendar(service)) == (0, 1, 0)
    assert (await read(service))["state"] == "active"
    assert [one["type"] for one in await service.published()] == [
        BrandRegistered.type_name(),
        BrandTookEffect.type_name(),
    ]
    moves = [(row["action"], row["to_state"].value, row["approved_by"]) for row in await service.rows("brand_changes")]
    assert sorted(moves) == [("register", "pending_effect", "system"), ("take_effect", "active", "system")]


async def test_a_title_expires_the_day_after_its_last_and_it_is_published_once(service: Alone) -> None:
    await register(service)
    await act(service, "suspend")
    service.legal.at = service.legal.at.replace(year=2018, day=7)
    last_day = await run_calendar(service)
    service.legal.move(days=1)

    assert (last_day, await run_calendar(service), await run_calendar(service)) == (0, 1, 0)
    assert (await read(service))["state"] == "expired"
    (event,) = await service.published(BrandExpired)
    assert (event["data"]["number"], event["data"]["state"], event["data"]["expired_on"]) == (
        NUMBER,
        "expired",
        "2018-10-08",
    )
    assert (event["data"]["version_before"], event["data"]["version_after"]) == (2, 3)
    (row,) = [row for row in await service.rows("audit") if row["action"] == "expire"]
    assert (row["actor_sub"], row["from_state"], row["to_state"]) == ("system", "suspended", "expired")


async def test_what_comes_due_on_one_day_is_moved_some_at_a_time_until_none_is_left(
    service: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "BATCH", 2)
    for _ in range(3):
        await register(service, effective_on="2015-10-09")
    service.legal.move(days=1)

    assert [await run_calendar(service) for _ in range(3)] == [2, 1, 0]
    assert {row["state"].value for row in await service.rows("brands")} == {"active"}


async def test_what_has_ended_is_left_as_it_is(on_sqlite: Alone) -> None:
    await bring_to(on_sqlite, "revoked")
    on_sqlite.legal.move(days=4 * 366)

    assert await run_calendar(on_sqlite) == 0
    assert (await read(on_sqlite))["state"] == "revoked"
