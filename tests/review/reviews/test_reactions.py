import pytest

from common.contracts.applications import ApplicationWithdrawn
from common.contracts.review import ReviewCompleted, ReviewOpened
from support.reviewing import EXPERTS, ROUND, Round, accepted, audited, definition, expert, opened, published, uscc
from support.service import Alone


def withdrawn(number: int = 1) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(
        application_id=f"app_{number}",
        round_id=ROUND,
        honour="SERVICE_BRAND",
        applicant=uscc(number),
        division="370102",
        reason="本年度不再申报。",
    )


async def test_an_acceptance_opens_one_review_after_two_deliveries(service: Alone) -> None:
    rules = definition()
    await service.tell(published(rules))
    await service.tell(opened(rules))

    event_id = await service.tell(accepted(rules))
    await service.tell(accepted(rules), event_id=event_id)

    (row,) = await service.rows("reviews")
    assert (row["state"], row["application_id"], row["item"]) == ("pending", "app_1", "旅游接待服务1")
    assert row["snapshot"] == accepted(rules).snapshot
    (told,) = await service.told()
    assert (told["type"], told["key"]) == (ReviewOpened.type_name(), row["id"])
    assert told["data"] == {
        "review_id": row["id"],
        "application_id": "app_1",
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "applicant": uscc(1),
        "division": "370102",
    }
    assert await audited(service, row["id"]) == [("system", "open", None, "pending")]
    (audit,) = [one for one in await service.rows("audit") if one["subject_id"] == row["id"]]
    assert audit["caused_by"] == event_id


async def test_a_case_waits_for_its_round_and_its_withdrawal_waits_behind_it(service: Alone) -> None:
    rules = definition()
    await service.tell(published(rules))

    await service.tell(accepted(rules))
    await service.tell(withdrawn())
    await service.tell(accepted(rules, 2))

    waiting = [(row["key"], row["waiting_for"]) for row in await service.rows("parked")]
    assert waiting == [("app_1", f"round:{ROUND}"), ("app_1", None), ("app_2", f"round:{ROUND}")]
    assert await service.rows("reviews") == []

    await service.tell(opened(rules))

    states = {row["application_id"]: row["state"] for row in await service.rows("reviews")}
    assert states == {"app_1": "removed", "app_2": "pending"}
    assert await service.rows("parked") == []


async def test_a_withdrawal_ends_the_review_once_and_tells_nothing_of_its_own(service: Alone) -> None:
    round_ = await Round(service).open()

    event_id = await service.tell(withdrawn())
    await service.tell(withdrawn(), event_id=event_id)

    assert [row["state"] for row in await service.rows("reviews")] == ["removed"]
    assert await audited(service, round_.reviews["app_1"]) == [
        ("system", "open", None, "pending"),
        ("system", "remove", "pending", "removed"),
    ]
    assert [told["type"] for told in await service.told()] == [ReviewOpened.type_name()]


async def test_a_withdrawal_takes_open_sheets_off_the_experts_desks(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.draw()

    await service.tell(withdrawn())

    for sub in EXPERTS:
        desk = (await service.send("GET", "/v1/sheets?waiting_for=me", who=expert(sub))).json()["items"]
        assert [one["review_id"] for one in desk] == [round_.reviews["app_2"]]


async def test_a_withdrawn_case_leaves_its_place_on_the_list_vacant(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    deliberation = await round_.confirm()

    await service.tell(withdrawn())
    body = {"deliberation_id": deliberation["id"], "document_number": "8号", "effective_on": "2015-12-20"}
    announced = await round_.post("/v1/announcements", body, who="office|SD-OFFICE")

    assert [one["application_id"] for one in announced["items"]] == ["app_2"]
    states = {row["application_id"]: row["state"] for row in await service.rows("reviews")}
    assert states == {"app_1": "removed", "app_2": "recognised"}


@pytest.mark.parametrize("number", [1, 9])
async def test_after_the_outcome_or_for_an_unknown_case_a_withdrawal_changes_nothing(
    service: Alone, number: int
) -> None:
    await (await Round(service).open()).announce()

    await service.tell(withdrawn(number))

    assert [row["state"] for row in await service.rows("reviews")] == ["recognised"]
    assert await service.rows("dead_letters") == []


async def test_a_case_accepted_after_the_ranking_ends_at_once_with_the_reason(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.rank()

    await service.tell(accepted(definition(), 3))

    (late,) = [row for row in await service.rows("reviews") if row["application_id"] == "app_3"]
    assert (late["state"], late["reasons"]) == ("not_recognised", ["本届名单已排定，受理晚于评审。"])
    (told,) = await service.told(ReviewCompleted)
    assert (told["data"]["applicant"], told["data"]["outcome"]) == (uscc(3), "not_recognised")
    states = {row["application_id"]: row["state"] for row in await service.rows("reviews")}
    assert states == {"app_1": "shortlisted", "app_2": "shortlisted", "app_3": "not_recognised"}
