from common.contracts.registry import BrandRegistered
from common.contracts.review import Outcome
from support.registering import NUMBER, programme_published, review_completed
from support.service import Alone


async def _numbers(service: Alone) -> list[str]:
    return sorted(row["number"] for row in await service.rows("brands"))


async def test_a_recognised_title_is_registered_once_whatever_is_delivered_twice(service: Alone) -> None:
    await service.tell(programme_published())
    event = review_completed()
    event_id = await service.tell(event)

    await service.tell(event, event_id=event_id)

    (row,) = await service.rows("brands")
    assert (row["number"], row["state"].value, row["review_id"]) == (NUMBER, "active", event.review_id)
    (told,) = await service.told()
    assert (told["type"], told["key"]) == (BrandRegistered.type_name(), row["id"])
    assert [change["action"] for change in await service.rows("brand_changes")] == ["register"]
    causes = [
        (one["actor_sub"], one["caused_by"]) for one in await service.rows("audit") if one["action"] == "register"
    ]
    assert causes == [("system", event_id)]


async def test_a_title_waits_for_the_rules_it_was_granted_under(service: Alone) -> None:
    event = review_completed()
    await service.tell(event)
    (parked,) = await service.rows("parked")
    before = await _numbers(service)

    await service.tell(programme_published())

    assert parked["waiting_for"] == f"programme:{event.registration and event.registration.programme_digest}"
    assert (before, await _numbers(service)) == ([], [NUMBER])
    assert await service.rows("parked") == []
    assert await service.rows("dead_letters") == []


async def test_each_honour_and_year_counts_its_own_numbers(service: Alone) -> None:
    await service.tell(programme_published())
    for year in (2015, 2015, 2016):
        await service.tell(review_completed(year=year))

    assert await _numbers(service) == ["SDMP-2015-00001-B", "SDMP-2015-00002-9", "SDMP-2016-00001-L"]


async def test_no_brand_without_a_recognition(service: Alone) -> None:
    await service.tell(review_completed(outcome=Outcome.NOT_RECOGNISED, registration=None))

    assert await service.rows("brands") == []
    assert await service.rows("parked") == []
    assert await service.told() == []
