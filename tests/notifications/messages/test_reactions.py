from common.contracts.applications.applications import (
    ApplicationRecommended,
    ApplicationWithdrawn,
    ChainStage,
    SupplementRequested,
)
from common.kernel.event import Event
from support.casts.casenews import (
    APPLICATION,
    EMAIL,
    FIRM,
    PERSON,
    SECRETS,
    accepted,
    hearing_opened,
    known_case,
    objected,
    rejected,
    returned,
    submitted,
)
from support.service.alone import START, Alone


async def test_a_submission_keeps_its_contact_and_is_confirmed_once_after_two_deliveries(service: Alone) -> None:
    event_id = await service.deliver(submitted())
    await service.deliver(submitted(), event_id=event_id)

    (contact,) = await service.rows("contacts")
    (message,) = await service.rows("messages")
    assert (contact["id"], contact["name"], contact["email"]) == (FIRM, PERSON, EMAIL)
    assert (message["event_id"], message["event_type"], message["org"]) == (event_id, "ApplicationSubmitted", FIRM)
    assert (message["state"], message["email"]) == ("queued", EMAIL)
    assert "SQ-1" in message["subject"]
    assert not [secret for secret in SECRETS if secret in message["subject"] + message["body"]]
    assert await service.rows("outbox") == []


async def test_the_applicant_is_notified_of_each_turn_of_his_application_in_both_languages(service: Alone) -> None:
    turns: list[tuple[Event, str, str]] = [
        (returned(), "请补正。", "returned"),
        (
            ApplicationRecommended(
                **APPLICATION, chain_stage=ChainStage.CITY, agency="SD-370100", recommended_at=START
            ),
            "推荐",
            "recommended",
        ),
        (
            SupplementRequested(**APPLICATION, reason="缺检验报告。", due_on=START.date()),
            "缺检验报告。",
            "2015-10-08",
        ),
        (rejected(), "不在目录内。", "not"),
        (ApplicationWithdrawn(**APPLICATION, reason="不再申报。"), "撤回", "withdrawn"),
    ]

    await known_case(service)
    for event, zh, en in turns:
        await service.deliver(event)
        (message,) = [row for row in await service.rows("messages") if row["event_type"] == type(event).__name__]
        assert (message["org"], message["state"]) == (FIRM, "awaiting_contact")
        assert zh in message["subject"] + message["body"]
        assert en in message["subject"] + message["body"]

    assert len(await service.rows("messages")) == len(turns)
    assert await service.rows("dead_letters") == []


async def test_the_firm_is_asked_for_its_position_and_reads_neither_the_grounds_nor_who_objects(
    service: Alone,
) -> None:
    await known_case(service)
    await service.deliver(hearing_opened())
    assert [row for row in await service.rows("messages") if row["event_type"] == "HearingOpened"] == []
    await service.deliver(accepted())
    await service.deliver(objected())

    (message,) = [row for row in await service.rows("messages") if row["event_type"] == "HearingOpened"]
    assert message["org"] == FIRM
    text = message["subject"] + message["body"]
    assert [word for word in ("请说明商标来源。", "2015年12月1日", "2015-12-01") if word not in text] == []
    assert not [secret for secret in SECRETS if secret in text]
