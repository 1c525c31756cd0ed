from common.contracts.review.reviews import ReviewOpened, WithdrawalSettled
from support.casts.actors import id_of
from support.casts.reviewing import (
    EXPERTS,
    ROUND,
    Round,
    accepted,
    audited,
    definition,
    expert,
    opened,
    published,
    uscc,
    withdrawn,
)
from support.service.alone import Alone


async def test_an_acceptance_opens_one_review_after_two_deliveries(service: Alone) -> None:
    rules = definition()
    await service.deliver(published(rules))
    await service.deliver(opened(rules))

    event_id = await service.deliver(accepted(rules))
    await service.deliver(accepted(rules), event_id=event_id)

    (row,) = await service.rows("reviews")
    assert (row["state"], row["application_id"], row["item"]) == ("pending", "app_1", "旅游接待服务1")
    assert row["snapshot"] == accepted(rules).snapshot
    (event,) = await service.published()
    assert (event["type"], event["key"]) == (ReviewOpened.type_name(), row["id"])
    assert event["data"] == {
        "review_id": row["id"],
        "application_id": "app_1",
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "applicant_id": id_of(uscc(1)),
        "applicant": uscc(1),
        "division": "370102",
    }
    assert await audited(service, row["id"]) == [("system", "open", None, "pending")]
    (audit,) = [one for one in await service.rows("audit") if one["subject_id"] == row["id"]]
    assert audit["caused_by"] == event_id


async def test_a_case_waits_for_its_round_and_its_withdrawal_waits_behind_it(service: Alone) -> None:
    rules = definition()
    await service.deliver(published(rules))

    await service.deliver(accepted(rules))
    await service.deliver(withdrawn())
    await service.deliver(accepted(rules, 2))

    waiting = [(row["key"], row["waiting_for"]) for row in await service.rows("parked")]
    assert waiting == [("app_1", f"round:{ROUND}"), ("app_1", None), ("app_2", f"round:{ROUND}")]
    assert await service.rows("reviews") == []

    await service.deliver(opened(rules))

    states = {row["application_id"]: row["state"] for row in await service.rows("reviews")}
    assert states == {"app_1": "withdrawn", "app_2": "pending"}
    assert await service.rows("parked") == []


async def test_a_withdrawal_ends_the_review_once_and_is_answered(service: Alone) -> None:
    round_ = await Round(service).open()

    event_id = await service.deliver(withdrawn())
    await service.deliver(withdrawn(), event_id=event_id)

    assert [row["state"] for row in await service.rows("reviews")] == ["withdrawn"]
    assert await audited(service, round_.reviews["app_1"]) == [
        ("system", "open", None, "pending"),
        ("system", "withdraw", "pending", "withdrawn"),
    ]
    opened, settled = await service.published()
    assert [opened["type"], settled["type"]] == [ReviewOpened.type_name(), WithdrawalSettled.type_name()]
    assert settled["key"] == round_.reviews["app_1"]
    assert (settled["data"]["outcome"], settled["data"]["concluded_as"]) == ("withdrawn", None)


async def test_a_withdrawal_removes_open_sheets_from_the_experts_worklists(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.draw()

    await service.deliver(withdrawn())

    for sub in EXPERTS:
        desk = (await service.send("GET", "/v1/sheets?waiting_for=me", who=expert(sub))).json()["items"]
        assert [one["review_id"] for one in desk] == [round_.reviews["app_2"]]


async def test_a_withdrawn_case_leaves_its_place_on_the_list_vacant(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    deliberation = await round_.confirm()

    await service.deliver(withdrawn())
    body = {"deliberation_id": deliberation["id"], "document_number": "8号", "effective_on": "2015-12-20"}
    announced = await round_.post("/v1/announcements", body, who="office|SD-OFFICE")

    assert [one["application_id"] for one in announced["items"]] == ["app_2"]
    states = {row["application_id"]: row["state"] for row in await service.rows("reviews")}
    assert states == {"app_1": "withdrawn", "app_2": "recognised"}


async def test_after_the_outcome_a_withdrawal_is_too_late_and_says_so(service: Alone) -> None:
    await (await Round(service).open()).announce()

    await service.deliver(withdrawn())

    assert [row["state"] for row in await service.rows("reviews")] == ["recognised"]
    (settled,) = await service.published(WithdrawalSettled)
    assert (settled["data"]["outcome"], settled["data"]["concluded_as"]) == ("too_late", "recognised")
    assert "注销" in settled["data"]["reason"]
    assert await service.rows("dead_letters") == []


async def test_a_withdrawal_of_a_case_that_was_never_accepted_is_set_aside(service: Alone) -> None:
    await Round(service).open()

    await service.deliver(withdrawn(9))

    (letter,) = await service.rows("dead_letters")
    assert (letter["key"], letter["reason_code"]) == ("app_9", "contradicts-review")
    assert await service.published(WithdrawalSettled) == []
    assert [row["state"] for row in await service.rows("reviews")] == ["pending"]


async def test_a_case_that_the_conclusion_does_not_name_is_set_aside(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.draw()

    await service.deliver(accepted(definition(), 3))

    assert len(await service.rows("reviews")) == 2
    (letter,) = await service.rows("dead_letters")
    assert letter["reason"].endswith("contradicts-conclusion: application_id")
