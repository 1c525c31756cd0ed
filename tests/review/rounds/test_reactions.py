from support.casts.reviewing import ROUND, accepted, audited, definition, opened, published
from support.service.alone import Alone


async def test_a_programme_is_learned_whole_and_once_after_two_deliveries(service: Alone) -> None:
    rules = definition()

    event_id = await service.deliver(published(rules))
    await service.deliver(published(rules), event_id=event_id)

    (row,) = await service.rows("rules")
    assert row["id"] == published(rules).digest
    assert (row["honour"], row["edition"], row["definition"]) == ("SERVICE_BRAND", 1, rules)
    assert await audited(service, row["id"]) == [("system", "learn", None, None)]
    assert await service.rows("dead_letters") == []


async def test_a_round_is_learned_once_after_two_deliveries_without_an_event(service: Alone) -> None:
    rules = definition()
    await service.deliver(published(rules))

    event_id = await service.deliver(opened(rules))
    await service.deliver(opened(rules), event_id=event_id)

    (row,) = await service.rows("rounds")
    assert (row["id"], row["honour"], row["year"]) == (ROUND, "SERVICE_BRAND", 2015)
    assert row["programme_digest"] == published(rules).digest
    assert await service.published() == []


async def test_a_round_waits_for_its_rules_and_resumes_when_they_arrive(service: Alone) -> None:
    rules = definition()

    await service.deliver(opened(rules))

    (parked,) = await service.rows("parked")
    assert (parked["waiting_for"], parked["dead"]) == (f"programme:{published(rules).digest}", False)
    assert await service.rows("rounds") == []

    await service.deliver(published(rules))

    assert [row["id"] for row in await service.rows("rounds")] == [ROUND]
    assert await service.rows("parked") == []


async def test_other_rules_do_not_resume_a_round(service: Alone) -> None:
    await service.deliver(opened(definition(quota=7)))

    await service.deliver(published(definition()))

    assert await service.rows("rounds") == []
    assert len(await service.rows("parked")) == 1


async def test_events_that_come_in_reverse_order_still_open_the_review(service: Alone) -> None:
    rules = definition()

    await service.deliver(accepted(rules))
    await service.deliver(opened(rules))
    await service.deliver(published(rules))

    assert [row["state"] for row in await service.rows("reviews")] == ["pending"]
    assert await service.rows("parked") == []
