from itertools import permutations

import pytest

from common.contracts.registry.brands import BrandRegistered
from common.contracts.review.reviews import Outcome
from support.casts.registering import NUMBER, Case, case, programme_published, register
from support.service.alone import Alone


async def _numbers(service: Alone) -> list[str]:
    return sorted(row["number"] for row in await service.rows("brands"))


async def test_a_recognised_title_is_registered_once_whatever_is_delivered_twice(service: Alone) -> None:
    one = case()
    for event in (programme_published(), *one.grounds):
        await service.deliver(event, event_id=await service.deliver(event))
    event_id = await service.deliver(one.completed)

    await service.deliver(one.completed, event_id=event_id)

    (row,) = await service.rows("brands")
    assert (row["number"], row["state"].value, row["review_id"]) == (NUMBER, "active", one.completed.review_id)
    (published,) = await service.published()
    assert (published["type"], published["key"]) == (BrandRegistered.type_name(), row["id"])
    assert [change["action"] for change in await service.rows("brand_changes")] == ["register"]
    causes = [
        (one["actor_sub"], one["caused_by"], one["subject_type"])
        for one in await service.rows("audit")
        if one["action"] == "register"
    ]
    assert sorted(causes) == [("system", event_id, "brands"), ("system", event_id, "registrations")]
    (registration,) = await service.rows("registrations")
    assert (registration["id"], registration["state"].value, registration["brand_number"]) == (
        event_id,
        "registered",
        NUMBER,
    )


ORDERS = list(permutations(range(6)))


@pytest.mark.parametrize("order", ORDERS[:: len(ORDERS) // 24], ids=str)
async def test_whatever_order_the_grounds_come_in_the_title_is_registered_with_the_last(
    on_sqlite: Alone, order: tuple[int, ...]
) -> None:
    one = case()
    events = [programme_published(), *one.grounds, one.completed]
    counts = []

    for place in order:
        await on_sqlite.deliver(events[place])
        counts.append(len(await on_sqlite.rows("brands")))

    assert counts == [0, 0, 0, 0, 0, 1]
    assert await on_sqlite.rows("parked") == []
    assert await on_sqlite.rows("dead_letters") == []


async def test_what_a_registration_waits_for_is_named_and_one_after_the_other_is_waited_for(service: Alone) -> None:
    one = case()
    waits: list[str] = []
    for event in (one.completed, programme_published(), *one.grounds):
        await service.deliver(event)
        waits += [row["waiting_for"] for row in await service.rows("parked") if row["key"] == one.completed.review_id]

    assert list(dict.fromkeys(waits)) == [
        f"programme:{one.accepted.programme_digest}",
        f"acceptance:{one.accepted.application_id}",
        f"announcement:{one.announced.announcement_id}",
    ]
    assert await _numbers(service) == [NUMBER]


async def test_each_honour_and_year_counts_its_own_numbers(service: Alone) -> None:
    for year in (2015, 2015, 2016):
        await register(service, year=year)

    assert await _numbers(service) == ["SDMP-2015-00001-B", "SDMP-2015-00002-9", "SDMP-2016-00001-L"]


async def test_no_brand_without_a_recognition(service: Alone) -> None:
    changes = {"outcome": Outcome.NOT_RECOGNISED, "registration": None}
    await service.deliver(case().completed.model_copy(update=changes))

    assert await service.rows("brands") == []
    assert await service.rows("registrations") == []
    assert await service.rows("parked") == []
    assert await service.published() == []


async def test_fifteen_forged_recognitions_make_no_brand(service: Alone) -> None:
    genuine = case()
    for event in (programme_published(), *genuine.grounds, genuine.completed):
        await service.deliver(event)
    for _ in range(15):
        await service.deliver(case().completed)

    assert await _numbers(service) == [NUMBER]
    assert {row["waiting_for"].partition(":")[0] for row in await service.rows("parked")} == {"acceptance"}


def _second(one: Case) -> Case:
    """Return the same case recognised by a second review."""
    other = one.completed.model_copy(update={"review_id": "rev_second"})
    return Case(**{**vars(one), "completed": other})


async def test_an_application_has_one_brand(service: Alone) -> None:
    one = case()
    for event in (programme_published(), *one.grounds, one.completed, _second(one).completed):
        await service.deliver(event)

    assert await _numbers(service) == [NUMBER]
    assert [row["reason_code"] for row in await service.rows("dead_letters")] == ["contradicts-brand"]
