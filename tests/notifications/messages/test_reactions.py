from common.contracts.applications import ApplicationRecommended, ApplicationWithdrawn, Level, SupplementRequested
from common.contracts.envelope import Event
from support.casenews import APPLICATION, EMAIL, FIRM, PERSON, SECRETS, rejected, returned, submitted
from support.service import START, Alone


async def test_a_submission_keeps_its_contact_and_is_confirmed_once_after_two_deliveries(service: Alone) -> None:
    event_id = await service.tell(submitted())
    await service.tell(submitted(), event_id=event_id)

    (contact,) = await service.rows("contacts")
    (message,) = await service.rows("messages")
    assert (contact["id"], contact["name"], contact["email"]) == (FIRM, PERSON, EMAIL)
    assert (message["event_id"], message["event_type"], message["org"]) == (event_id, "ApplicationSubmitted", FIRM)
    assert (message["state"], message["email"]) == ("queued", EMAIL)
    assert "SQ-1" in message["subject"]
    assert not [secret for secret in SECRETS if secret in message["subject"] + message["body"]]
    assert await service.rows("outbox") == []


async def test_each_turn_of_an_application_is_told_to_its_applicant_in_both_languages(service: Alone) -> None:
    turns: list[tuple[Event, str, str]] = [
        (returned(), "请补正。", "returned"),
        (
            ApplicationRecommended(**APPLICATION, level=Level.CITY, agency="SD-370100", recommended_at=START),
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

    for event, zh, en in turns:
        await service.tell(event)
        (message,) = [row for row in await service.rows("messages") if row["event_type"] == type(event).__name__]
        assert (message["org"], message["state"]) == (FIRM, "awaiting_contact")
        assert zh in message["subject"] + message["body"]
        assert en in message["subject"] + message["body"]

    assert len(await service.rows("messages")) == len(turns)
    assert await service.rows("dead_letters") == []
