import json

import pytest

from common.contracts.review.objections import HearingOpened, ObjectionFiled, ObjectionResolved
from common.contracts.review.rankings import ShortlistChanged
from common.kernel.event import Audience, topic
from support.casts.actors import id_of
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    APPLICANT,
    DEPARTMENT,
    EVERYBODY,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    Round,
    announcement,
    audited,
    firm,
    objection,
    upload,
    uscc,
    vote,
)
from support.service.alone import Alone

UPHELD = {"verdict": "upheld", "reason": "经核实。"}
SAID = {"statement": "商标系受让取得。"}
PLANTED = ["张三丰异议", "zhang@planted.example"]


async def test_an_objection_is_filed_with_evidence_and_only_the_officer_sees_the_objector(service: Alone) -> None:
    round_ = await Round(service).open()
    notice = await round_.notice()
    body = objection(notice["id"], name=PLANTED[0], contact=PLANTED[1])
    drafted = await round_.post("/v1/objections", body, who=PARTNER)
    path = f"/v1/objections/{drafted['id']}"
    bare = await service.send("POST", f"{path}/filings", who=PARTNER)
    evidence = (await upload(service, f"{path}/evidence", who=PARTNER)).json()["evidence"]

    view = await round_.post(f"{path}/filings", who=PARTNER)

    assert (bare.status_code, bare.json()["code"]) == (409, "evidence-missing")
    assert view == {
        "id": view["id"],
        "version": view["version"],
        "notice_id": notice["id"],
        "review_id": round_.reviews["app_1"],
        "application_id": "app_1",
        "applicant_id": id_of(uscc(1)),
        "applicant": uscc(1),
        "grounds": "所列荣誉已过期。",
        "objector": None,
        "evidence": evidence,
        "state": "filed",
        "filed_at": "2015-10-08T01:00:00Z",
        "clock": "objection_investigation",
        "due_on": "2015-10-28",
        "overdue_at": None,
        "escalated": False,
        "investigation_due_on": "2015-10-28",  # fifteen working days; Saturday the 10th was one
        "question": None,
        "hearing_due_on": None,
        "statement": None,
        "stated_at": None,
        "answer": None,
        "answered_at": None,
        "allowed_actions": [],
        "actions": [],
    }
    (published,) = await service.published(ObjectionFiled)
    assert published["data"]["objector"] == {"name": PLANTED[0], "contact": PLANTED[1], "real_name": True}
    (outside,) = [
        row for row in await service.rows("outbox")
        if row["topic"] == topic("review", Audience.AGENCY) and row["type"] == ObjectionFiled.type_name()
    ]  # fmt: skip
    assert json.loads(outside["payload"]) == {
        key: value for key, value in published["data"].items() if key not in {"objector", "grounds"}
    }
    (row,) = await service.rows("objections")
    assert row["objector"] == published["data"]["objector"]
    for who in EVERYBODY:
        for place in ("/v1/objections", path, f"/v1/reviews/{view['review_id']}", "/v1/notices"):
            text = (await service.send("GET", place, who=who)).text
            shown = PLANTED if who == OFFICER and place.startswith("/v1/objections") else []
            assert [value for value in (*PLANTED, "partner-1") if value in text] == shown
    assert not [value for value in PLANTED if value in json.dumps(await service.rows("audit"), default=str)]
    for who, status in ((PARTNER, 200), (OFFICER, 200), (OFFICE, 404), (OBSERVER, 404), (firm(1), 404)):
        read = await service.send("GET", f"{path}/evidence/{evidence[0]['digest']}", who=who)
        assert (who, read.status_code) == (who, status)


async def test_a_draft_is_its_authors_alone(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    drafted = await round_.post("/v1/objections", objection((await round_.notice())["id"]), who=PARTNER)
    path = f"/v1/objections/{drafted['id']}"

    for who in (OFFICER, OFFICE, OBSERVER, APPLICANT, firm(1)):
        hidden = [
            await on_sqlite.send("GET", path, who=who),
            await on_sqlite.send("POST", f"{path}/filings", who=who),
            await upload(on_sqlite, f"{path}/evidence", who=who),
        ]
        assert [(one.status_code, one.json()["code"]) for one in hidden] == [(404, "objection-not-found")] * 3
    assert (await on_sqlite.send("GET", path, who=PARTNER)).json()["allowed_actions"] == ["attach", "file"]


async def test_who_sees_an_objection_and_on_whose_worklist_it_is(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    notice = await round_.notice()
    filed = await round_.object(notice["id"])
    path = f"/v1/objections/{filed['id']}"
    expected = {OFFICER: ["hear", "reject"], OFFICE: [], OBSERVER: [], PARTNER: []}

    for who, allowed in expected.items():
        read = await on_sqlite.send("GET", path, who=who)
        assert (read.status_code, read.json()["allowed_actions"]) == (200, allowed)
    for who in (one for one in EVERYBODY if one not in expected):
        hidden = await on_sqlite.send("GET", path, who=who)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "objection-not-found")
        assert (await on_sqlite.send("GET", "/v1/objections", who=who)).json()["items"] == []
    assert (await on_sqlite.send("GET", path)).status_code == 401
    assert await desks(on_sqlite) == {OFFICER: 1, OFFICE: 0, PARTNER: 0, firm(1): 0}
    await round_.post(f"{path}/hearings", {"question": "请说明。"})
    assert await desks(on_sqlite) == {OFFICER: 0, OFFICE: 0, PARTNER: 0, firm(1): 1}


async def desks(service: Alone) -> dict[str, int]:
    """Return how many objections wait for each of these."""
    return {
        who: len((await service.send("GET", "/v1/objections?waiting_for=me", who=who)).json()["items"])
        for who in (OFFICER, OFFICE, PARTNER, firm(1))
    }


async def test_the_firm_is_asked_without_learning_who_objects_and_the_objector_learns_the_answer(
    service: Alone,
) -> None:
    round_ = await Round(service, firms=2).open()
    filed = await round_.object((await round_.notice())["id"])
    path = f"/v1/objections/{filed['id']}"
    early = await service.send("POST", f"{path}/answers", UPHELD, who=OFFICER)

    asked = await round_.post(f"{path}/hearings", {"question": "请说明商标来源。"})
    runs = await service.send("POST", f"{path}/answers", UPHELD, who=OFFICER)
    seen = (await service.send("GET", path, who=firm(1))).json()
    others = [await service.send("POST", f"{path}/statements", SAID, who=who) for who in (firm(2), OFFICER)]
    stated = await service.send("POST", f"{path}/statements", SAID, who=firm(1))

    assert (early.status_code, early.json()["code"]) == (409, "firm-not-asked")
    assert (asked["state"], asked["hearing_due_on"]) == ("hearing", "2015-10-14")
    assert (runs.status_code, runs.json()["code"]) == (409, "hearing-runs")
    assert (seen["question"], seen["hearing_due_on"], seen["allowed_actions"]) == (
        "请说明商标来源。", "2015-10-14", ["state_position"],
    )  # fmt: skip
    assert (seen["grounds"], seen["objector"], seen["evidence"]) == (None, None, [])
    assert [one.status_code for one in others] == [404, 403]
    assert (stated.status_code, stated.json()["state"]) == (201, "stated")
    (published,) = await service.published(HearingOpened)
    assert published["data"]["due_on"] == "2015-10-14"
    await round_.post(f"{path}/answers", UPHELD)
    shown = (await service.send("GET", path, who=PARTNER)).json()
    assert (shown["state"], shown["answer"]) == ("upheld", "经核实。")


async def test_an_objection_is_taken_on_the_last_day_and_refused_on_the_next(on_sqlite: Alone) -> None:
    notice = await (await Round(on_sqlite).open()).notice()
    assert notice["closes_on"] == "2015-10-16"

    on_sqlite.legal.move(days=8, hours=14, minutes=59)  # 23:59 in Shanghai
    last = await on_sqlite.send("POST", "/v1/objections", objection(notice["id"]), who=APPLICANT)
    on_sqlite.legal.move(minutes=1)
    late = await on_sqlite.send("POST", "/v1/objections", objection(notice["id"]), who=APPLICANT)

    assert last.status_code == 201
    assert (late.status_code, late.json()["code"]) == (409, "notice-closed")
    assert len(await on_sqlite.rows("objections")) == 1


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"real_name": False}, 422, "real-name-needed"),
        ({"application_id": "app_9"}, 422, "not-on-notice"),
        ({"application_id": "app_2"}, 422, "not-on-notice"),
        ({"notice_id": "ntc_none"}, 404, "notice-not-found"),
    ],
)
async def test_what_is_no_admissible_objection(
    on_sqlite: Alone, other: dict[str, object], status: int, code: str
) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    notice = await round_.notice({"app_2": full_scores("SERVICE_BRAND", share="0.5")})

    refused = await on_sqlite.send("POST", "/v1/objections", objection(notice["id"]) | other, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await on_sqlite.rows("objections") == []
    assert await on_sqlite.published(ObjectionFiled) == []


@pytest.mark.parametrize(
    ("verdict", "action", "case"), [("upheld", "uphold", "not_recognised"), ("rejected", "reject", "shortlisted")]
)
async def test_an_answer_decides_whether_the_case_keeps_its_place(
    service: Alone, verdict: str, action: str, case: str
) -> None:
    round_ = await Round(service, firms=2, quota=1, reserve_call="automatic").open()
    notice = await round_.notice()
    (listed,) = notice["items"]
    filed = await round_.object(notice["id"], listed["application_id"])
    await round_.hear(filed["id"], int(listed["application_id"].removeprefix("app_")))
    body = {"verdict": verdict, "reason": "经核实。"}
    path = f"/v1/objections/{filed['id']}/answers"

    answered = await service.send("POST", path, body, who=OFFICER)

    assert answered.status_code == 201
    view = answered.json()
    assert (view["state"], view["answer"], view["allowed_actions"]) == (verdict, "经核实。", [])
    (published,) = await service.published(ObjectionResolved)
    assert {key: published["data"][key] for key in ("objection_id", "verdict", "reason", "applicant")} == {
        "objection_id": filed["id"],
        "verdict": verdict,
        "reason": "经核实。",
        "applicant": listed["applicant"],
    }
    assert (await audited(service, filed["id"]))[-1] == ("officer-1", action, "stated", verdict)
    states = {row["application_id"]: row["state"] for row in await service.rows("reviews")}
    reserve = "shortlisted" if verdict == "upheld" else "outside"
    assert sorted(states.values()) == sorted([case, reserve])
    assert states[listed["application_id"]] == case
    changes = [(one["data"]["change"], one["data"]["ground"]) for one in await service.published(ShortlistChanged)]
    assert changes == ([("left", "objection_upheld"), ("called_up", None)] if verdict == "upheld" else [])
    again = await service.send("POST", path, body, who=OFFICER)
    assert (again.status_code, again.json()["code"]) == (409, "objection-answered")
    assert (again.json()["current_state"], again.json()["allowed_actions"]) == (verdict, [])


async def test_who_is_called_up_after_an_upheld_objection_is_recognised_after_a_notice_of_his_own(
    on_sqlite: Alone,
) -> None:
    round_ = await Round(on_sqlite, firms=2, quota=1, reserve_call="automatic").open()
    notice = await round_.notice()
    (first,) = [item["application_id"] for item in notice["items"]]
    await round_.uphold(notice["id"], first)
    on_sqlite.legal.move(days=9)

    unseen = await on_sqlite.send("POST", "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER)
    own = await round_.post("/v1/notices", {"ranking_id": notice["ranking_id"]})
    early = await on_sqlite.send("POST", "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER)
    on_sqlite.legal.move(days=12)
    voted = await round_.vote(notice["ranking_id"])
    await round_.post(f"/v1/deliberations/{voted['id']}/confirmations", who=OFFICE)
    announced = await round_.post("/v1/announcements", announcement(voted["id"]), who=OFFICE)

    (second,) = [item["application_id"] for item in own["items"]]
    assert {first, second} == {"app_1", "app_2"}
    assert [(one.status_code, one.json()["code"]) for one in (unseen, early)] == [
        (409, "notice-missing"),
        (409, "notice-still-open"),
    ]
    assert own["supplementary"] is True
    assert [item["application_id"] for item in announced["items"]] == [second]


async def test_only_the_recognition_body_answers_and_with_the_version_it_saw(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    filed = await round_.object((await round_.notice())["id"])
    path, body = f"/v1/objections/{filed['id']}/answers", UPHELD

    early = await on_sqlite.send("POST", path, body, who=OFFICE)
    assert (early.status_code, early.json()["code"]) == (409, "objection-not-gone-up")
    for who in (OBSERVER, DEPARTMENT, PARTNER, APPLICANT):
        assert (await on_sqlite.send("POST", path, body, who=who)).status_code == 403
    stale = await on_sqlite.send("POST", path, body, who=OFFICER, If_Match='"9"')
    wrong = await on_sqlite.send("POST", path, body | {"verdict": "maybe"}, who=OFFICER)
    missing = await on_sqlite.send("POST", "/v1/objections/obj_none/answers", body, who=OFFICER)

    assert [one.status_code for one in (stale, wrong, missing)] == [412, 422, 404]
    assert [row["state"] for row in await on_sqlite.rows("objections")] == ["filed"]


async def test_an_open_objection_holds_the_deliberation_until_it_is_answered(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    notice = await round_.notice()
    filed = await round_.object(notice["id"])
    on_sqlite.legal.move(days=9)

    held = await on_sqlite.send("POST", "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER)
    await round_.post(f"/v1/objections/{filed['id']}/answers", {"verdict": "rejected", "reason": "不成立。"})
    freed = await on_sqlite.send("POST", "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER)

    assert (held.status_code, held.json()["code"]) == (409, "objection-open")
    assert freed.status_code == 201


async def test_a_case_on_hold_with_its_objection_does_not_keep_the_others_waiting(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    notice = await round_.notice()
    await round_.object(notice["id"])
    await round_.post(f"/v1/reviews/{round_.reviews['app_1']}/holds", {"reason": "异议待查。"}, who=OFFICE)
    on_sqlite.legal.move(days=9)

    voted = await round_.post("/v1/deliberations", vote(notice["ranking_id"]))

    assert voted["items"] == [round_.reviews["app_2"]]


@pytest.mark.parametrize(("inside_only", "status"), [(True, 409), (False, 201)])
async def test_a_late_objection_is_taken_where_the_programme_says_so(
    on_sqlite: Alone, *, inside_only: bool, status: int
) -> None:
    says = {"inside_notice_only": inside_only, "evidence": False}
    round_ = await Round(on_sqlite, objections=says).open()
    notice = await round_.notice()
    on_sqlite.legal.move(days=9)

    late = await on_sqlite.send("POST", "/v1/objections", objection(notice["id"]), who=PARTNER)

    assert late.status_code == status
    if status == 201:
        path = f"/v1/objections/{late.json()['id']}/filings"
        assert (await on_sqlite.send("POST", path, who=PARTNER)).status_code == 201  # without evidence
