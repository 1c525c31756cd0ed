from datetime import date

import pytest

from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.deliberations import ListConfirmed, ListedCase, list_digest
from common.contracts.review.reviews import ReviewCompleted
from common.kernel.actor import SYSTEM
from review_service.decision.announcements.model import Announcement
from support.casts.programmes import full_scores
from support.casts.reviewing import EVERYBODY, OFFICE, Round, announcement, audited, uscc, withdrawn
from support.service.alone import Alone


async def test_the_announcement_publishes_the_whole_list_and_every_case_gets_its_outcome(service: Alone) -> None:
    round_ = await Round(service, firms=3, quota=2, reserve=1).open()
    scores = {
        f"app_{n}": full_scores("SERVICE_BRAND", share=share) for n, share in ((1, "0.7"), (2, "0.9"), (3, "0.8"))
    }

    view = await round_.announce(scores)

    firms = [(item["application_id"], item["applicant"], item["rank"]) for item in view["items"]]
    assert firms == [("app_2", uscc(2), 1), ("app_3", uscc(3), 2)]
    assert (view["document_number"], view["effective_on"], view["year"]) == ("鲁名牌字〔2015〕8号", "2015-12-20", 2015)
    assert (await service.send("GET", f"/v1/announcements/{view['id']}")).json() == view
    (published,) = await service.published(AnnouncementPublished)
    assert published["data"] == {
        "announcement_id": view["id"],
        "deliberation_id": view["deliberation_id"],
        "list_digest": view["list_digest"],
        "round_id": "rnd_2015",
        "honour": "SERVICE_BRAND",
        "year": 2015,
        "document_number": "鲁名牌字〔2015〕8号",
        "effective_on": "2015-12-20",
        "items": view["items"],
    }
    completed = {one["data"]["application_id"]: one["data"] for one in await service.published(ReviewCompleted)}
    assert {key: (one["outcome"], one["rank"], one["reasons"]) for key, one in completed.items()} == {
        "app_2": ("recognised", 1, []),
        "app_3": ("recognised", 2, []),
        "app_1": ("not_recognised", 3, ["reserve"]),
    }
    assert {one["announcement_id"] for one in completed.values()} == {view["id"]}
    assert completed["app_1"]["registration"] is None
    assert completed["app_2"]["registration"]["document_number"] == "鲁名牌字〔2015〕8号"
    assert completed["app_2"]["recommenders"] == ["SD-370102", "SD-370100"]
    states = [(await service.rows(table))[0]["state"] for table in ("rankings", "deliberations", "announcements")]
    assert states == ["announced", "announced", "published"]
    assert await audited(service, view["id"]) == [("office-1", "publish", None, "published")]
    assert (await service.send("GET", "/v1/deliberations?waiting_for=me", who=OFFICE)).json()["items"] == []


async def test_a_case_withdrawn_after_the_confirmation_is_not_announced_and_the_list_keeps_its_digest(
    service: Alone,
) -> None:
    round_ = await Round(service, firms=2).open()
    confirmed = await round_.confirm()
    (published,) = await service.published(ListConfirmed)
    await service.deliver(withdrawn(2))

    view = await round_.post("/v1/announcements", announcement(confirmed["id"]), who=OFFICE)

    listed = [ListedCase.model_validate(item) for item in published["data"]["items"]]
    assert sorted(case.application_id for case in listed) == ["app_1", "app_2"]
    assert [item["application_id"] for item in view["items"]] == ["app_1"]
    assert view["list_digest"] == confirmed["list_digest"] == published["data"]["list_digest"] == list_digest(listed)
    assert [one["data"]["application_id"] for one in await service.published(ReviewCompleted)] == ["app_1"]


async def test_only_a_confirmed_list_is_announced_and_once(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    deliberation = await round_.deliberate()
    body = announcement(deliberation["id"])

    early = await on_sqlite.send("POST", "/v1/announcements", body, who=OFFICE)
    await round_.post(f"/v1/deliberations/{deliberation['id']}/confirmations", who=OFFICE)
    announced = await on_sqlite.send("POST", "/v1/announcements", body, who=OFFICE)
    again = await on_sqlite.send("POST", "/v1/announcements", body | {"document_number": "9号"}, who=OFFICE)

    assert (early.status_code, early.json()["code"], early.json()["current_state"]) == (
        409, "action-not-allowed", "concluded",
    )  # fmt: skip
    assert early.json()["allowed_actions"] == []
    assert announced.status_code == 201
    assert announced.headers["Location"] == f"/v1/announcements/{announced.json()['id']}"
    assert (again.status_code, again.json()["code"]) == (409, "deliberation-decided")
    assert len(await on_sqlite.published(ReviewCompleted)) == 1


async def test_only_the_office_announces_and_everybody_reads(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    confirmed = await round_.confirm()
    for who in (one for one in EVERYBODY if one != OFFICE):
        refused = await on_sqlite.send("POST", "/v1/announcements", announcement(confirmed["id"]), who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    unknown = await on_sqlite.send("POST", "/v1/announcements", announcement("dlb_none"), who=OFFICE)
    missing = await on_sqlite.send("GET", "/v1/announcements/ann_none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "deliberation-not-found")
    assert (missing.status_code, missing.json()["code"]) == (404, "announcement-not-found")
    assert await on_sqlite.rows("announcements") == []

    await round_.post("/v1/announcements", announcement(confirmed["id"]), who=OFFICE)

    for honour, count in (("SERVICE_BRAND", 1), ("FAMOUS_PRODUCT", 0)):
        assert len((await on_sqlite.send("GET", f"/v1/announcements?honour={honour}")).json()["items"]) == count


@pytest.mark.parametrize(
    "spelling", ["鲁名牌字〔2015〕8-1号", "鲁名牌字〔２０１５〕８－１号", " 鲁名牌字 〔2015〕 8–1 号"]
)
async def test_two_spellings_of_one_document_number_are_one_document(service: Alone, spelling: str) -> None:
    async with service.runtime.transaction(actor=SYSTEM, correlation=service.runtime.own_correlation()) as work:
        before = Announcement(
            id="ann_before",
            deliberation_id="dlb_before",
            list_digest="sha256:0",
            round_id="rnd_2014",
            honour="SERVICE_BRAND",
            year=2014,
            document_number=spelling,
            effective_on=date(2015, 1, 1),
            published_at=work.now,
            published_by="office-1",
            recognised_by={},
            confirmed_by={},
        )
        work.add(before)
    confirmed = await (await Round(service).open()).confirm()

    body = announcement(confirmed["id"], number="鲁名牌字〔2015〕8-1号")
    refused = await service.send("POST", "/v1/announcements", body, who=OFFICE)

    assert (refused.status_code, refused.json()["code"]) == (409, "document-number-taken")
    assert [row["document_number"] for row in await service.rows("announcements")] == [spelling]
