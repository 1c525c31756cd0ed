from support.programmes import programme
from support.registering import HONOUR, programme_published, review_completed
from support.service import Alone


async def test_a_published_edition_is_kept_whole_once(service: Alone) -> None:
    event = programme_published()
    event_id = await service.tell(event)

    await service.tell(event, event_id=event_id)

    rules = programme(HONOUR)
    (row,) = await service.rows("rules")
    assert (row["id"], row["honour"], row["edition"], row["definition"]) == (rules.digest, HONOUR, 1, rules.definition)
    audit = [(one["action"], one["actor_sub"], one["caused_by"]) for one in await service.rows("audit")]
    assert audit == [("learn", "system", event_id)]
    assert await service.told() == []


async def test_other_rules_do_not_release_what_waits_for_these(service: Alone) -> None:
    await service.tell(review_completed())

    await service.tell(programme_published("SERVICE_BRAND"))
    waiting = [row["waiting_for"] for row in await service.rows("parked")]
    await service.tell(programme_published())

    assert waiting == [f"programme:{programme(HONOUR).digest}"]
    assert await service.rows("parked") == []
    assert len(await service.rows("brands")) == 1
