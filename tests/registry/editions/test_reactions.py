from support.casts.programmes import programme
from support.casts.registering import HONOUR, case, programme_published
from support.service.alone import Alone


async def test_a_published_edition_is_kept_whole_once(service: Alone) -> None:
    event = programme_published()
    event_id = await service.deliver(event)

    await service.deliver(event, event_id=event_id)

    rules = programme(HONOUR)
    (row,) = await service.rows("rules")
    assert (row["id"], row["honour"], row["edition"], row["definition"]) == (rules.digest, HONOUR, 1, rules.definition)
    audit = [(one["action"], one["actor_sub"], one["caused_by"]) for one in await service.rows("audit")]
    assert audit == [("learn", "system", event_id)]
    assert await service.published() == []


async def test_other_rules_do_not_release_what_waits_for_these(service: Alone) -> None:
    one = case()
    for event in (one.completed, *one.grounds):
        await service.deliver(event)

    await service.deliver(programme_published("SERVICE_BRAND"))
    waiting = [row["waiting_for"] for row in await service.rows("parked")]
    await service.deliver(programme_published())

    assert waiting.count(f"programme:{programme(HONOUR).digest}") == 2
    assert await service.rows("parked") == []
    assert len(await service.rows("brands")) == 1
