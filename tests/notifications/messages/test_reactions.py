from datetime import date

from common.contracts.applications.applications import (
    ApplicationRecommended,
    ApplicationWithdrawn,
    ChainStage,
    DeadlineMoved,
    SupplementRequested,
)
from common.contracts.review.reminders import DeskReminded, Reminded
from common.kernel.event import Event
from support.casts.casenews import (
    APPLICATION,
    EMAIL,
    FIRM,
    PERSON,
    SECRETS,
    accepted,
    hearing_moved,
    hearing_opened,
    known_case,
    objected,
    rejected,
    returned,
    submitted,
)
from support.service.alone import START, Alone

DUE = date(2015, 10, 20)


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
        (
            DeadlineMoved(**APPLICATION, clock="supplement", due_on_before=START.date(), due_on_after=DUE),
            "补正期限由 2015年10月8日 顺延至 2015年10月20日",
            "(supplement) ends on 2015-10-20 instead of 2015-10-08",
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


async def test_a_firm_learns_that_it_may_state_its_position_longer(on_sqlite: Alone) -> None:
    await known_case(on_sqlite)
    await on_sqlite.deliver(accepted())
    await on_sqlite.deliver(hearing_moved())

    (message,) = [row for row in await on_sqlite.rows("messages") if row["event_type"] == "HearingMoved"]
    assert message["org"] == FIRM
    assert "2015年12月1日 顺延至 2015年12月2日" in message["body"]
    assert "until 2015-12-02 instead of 2015-12-01" in message["body"]


async def test_an_expert_is_reminded_in_person_and_the_mail_names_no_case(on_sqlite: Alone) -> None:
    own, other = "expert|FIRM|370102|expert-1", "expert|FIRM|370102|expert-2"
    address = {"org": "expert:expert-1", "name": "评委", "email": "expert-1@experts.example"}
    refused = await on_sqlite.send("POST", "/v1/contacts", address, who=other)
    named = await on_sqlite.send("POST", "/v1/contacts", address, who=own)
    about = {"kind": Reminded.SHEET, "about_id": "sht_1", "clock": "scoring", "recipients": ("expert:expert-1",)}
    for number, overdue in enumerate((False, True)):
        await on_sqlite.deliver(DeskReminded(reminder_id=f"drm_{number}", due_on=DUE, overdue=overdue, **about))

    assert (refused.status_code, refused.json()["code"], named.status_code) == (403, "not-your-contact", 201)
    messages = sorted(await on_sqlite.rows("messages"), key=lambda row: row["id"])
    assert [(row["org"], row["email"], row["subject"]) for row in messages] == [
        ("expert:expert-1", "expert-1@experts.example", "评审事项即将到期 / A term is about to end"),
        ("expert:expert-1", "expert-1@experts.example", "评审事项已逾期 / A term has passed"),
    ]
    assert "评分表 sht_1 的评分期限至 2015年10月20日 止，请及时办理。" in messages[0]["body"]
    assert "The term of the score sheet sht_1 (scoring) ended on 2015-10-20. Please act." in messages[1]["body"]
    for who, shown in ((own, 2), (other, 0)):
        assert len((await on_sqlite.send("GET", "/v1/messages", who=who)).json()["items"]) == shown
