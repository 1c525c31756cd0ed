from common.contracts.review import AnnouncementPublished, ReviewCompleted
from support.programmes import full_scores
from support.reviewing import EVERYBODY, OFFICE, Round, announcement, audited, uscc
from support.service import Alone


async def test_the_announcement_tells_the_whole_list_and_every_case_gets_its_outcome(service: Alone) -> None:
    round_ = await Round(service, firms=3, quota=2, reserve=1).open()
    scores = {
        f"app_{n}": full_scores("SERVICE_BRAND", share=share) for n, share in ((1, "0.7"), (2, "0.9"), (3, "0.8"))
    }

    view = await round_.announce(scores)

    firms = [(item["application_id"], item["applicant"], item["rank"]) for item in view["items"]]
    assert firms == [("app_2", uscc(2), 1), ("app_3", uscc(3), 2)]
    assert (view["document_number"], view["effective_on"], view["year"]) == ("鲁名牌字〔2015〕8号", "2015-12-20", 2015)
    assert (await service.send("GET", f"/v1/announcements/{view['id']}")).json() == view
    (told,) = await service.told(AnnouncementPublished)
    assert told["data"] == {
        "announcement_id": view["id"],
        "round_id": "rnd_2015",
        "honour": "SERVICE_BRAND",
        "year": 2015,
        "document_number": "鲁名牌字〔2015〕8号",
        "effective_on": "2015-12-20",
        "items": view["items"],
    }
    completed = {one["data"]["application_id"]: one["data"] for one in await service.told(ReviewCompleted)}
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


async def test_only_a_confirmed_list_is_announced_and_once(service: Alone) -> None:
    round_ = await Round(service).open()
    deliberation = await round_.deliberate()
    body = announcement(deliberation["id"])

    early = await service.send("POST", "/v1/announcements", body, who=OFFICE)
    await round_.post(f"/v1/deliberations/{deliberation['id']}/confirmations", who=OFFICE)
    announced = await service.send("POST", "/v1/announcements", body, who=OFFICE)
    again = await service.send("POST", "/v1/announcements", body | {"document_number": "9号"}, who=OFFICE)

    assert (early.status_code, early.json()["code"], early.json()["current_state"]) == (
        409, "action-not-allowed", "concluded",
    )  # fmt: skip
    assert early.json()["allowed_actions"] == []
    assert announced.status_code == 201
    assert announced.headers["Location"] == f"/v1/announcements/{announced.json()['id']}"
    assert (again.status_code, again.json()["code"]) == (409, "deliberation-decided")
    assert len(await service.told(ReviewCompleted)) == 1


async def test_only_the_office_announces_and_everybody_reads(service: Alone) -> None:
    round_ = await Round(service).open()
    confirmed = await round_.confirm()
    for who in (one for one in EVERYBODY if one != OFFICE):
        refused = await service.send("POST", "/v1/announcements", announcement(confirmed["id"]), who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    unknown = await service.send("POST", "/v1/announcements", announcement("dlb_none"), who=OFFICE)
    missing = await service.send("GET", "/v1/announcements/ann_none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "deliberation-not-found")
    assert (missing.status_code, missing.json()["code"]) == (404, "announcement-not-found")
    assert await service.rows("announcements") == []

    await round_.post("/v1/announcements", announcement(confirmed["id"]), who=OFFICE)

    for honour, count in (("SERVICE_BRAND", 1), ("FAMOUS_PRODUCT", 0)):
        assert len((await service.send("GET", f"/v1/announcements?honour={honour}")).json()["items"]) == count
