import json

import pytest

from common.contracts.envelope import Audience, topic
from common.contracts.review import ObjectionFiled, ObjectionResolved
from support.programmes import full_scores
from support.reviewing import (
    APPLICANT,
    DEPARTMENT,
    EVERYBODY,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    Round,
    audited,
    objection,
    uscc,
    vote,
)
from support.service import Alone

PLANTED = ["张三丰异议", "zhang@planted.example"]


async def test_an_objection_is_filed_and_the_objector_is_told_to_nobody(service: Alone) -> None:
    round_ = await Round(service).open()
    notice = await round_.notice()
    body = objection(notice["id"], name=PLANTED[0], contact=PLANTED[1])

    filed = await service.send("POST", "/v1/objections", body, who=PARTNER)

    assert filed.status_code == 201
    view = filed.json()
    assert view == {
        "id": view["id"],
        "version": view["version"],
        "notice_id": notice["id"],
        "review_id": round_.reviews["app_1"],
        "application_id": "app_1",
        "applicant": uscc(1),
        "grounds": "所列荣誉已过期。",
        "state": "filed",
        "filed_at": "2015-10-08T01:00:00Z",
        "answer": None,
        "answered_at": None,
        "allowed_actions": [],
    }
    (told,) = await service.told(ObjectionFiled)
    assert told["data"]["objector"] == {"name": PLANTED[0], "contact": PLANTED[1], "real_name": True}
    (outside,) = [
        row for row in await service.rows("outbox")
        if row["topic"] == topic("review", Audience.AGENCY) and row["type"] == ObjectionFiled.type_name()
    ]  # fmt: skip
    assert json.loads(outside["payload"]) == {
        key: value for key, value in told["data"].items() if key not in {"objector", "grounds"}
    }
    (row,) = await service.rows("objections")
    assert row["objector"] == told["data"]["objector"]
    for who in EVERYBODY:
        for path in (
            "/v1/objections",
            f"/v1/objections/{view['id']}",
            f"/v1/reviews/{view['review_id']}",
            "/v1/notices",
        ):
            text = (await service.send("GET", path, who=who)).text
            assert not [value for value in (*PLANTED, "partner-1") if value in text]
    assert not [value for value in PLANTED if value in json.dumps(await service.rows("audit"), default=str)]


async def test_who_sees_an_objection_and_on_whose_desk_it_lies(service: Alone) -> None:
    round_ = await Round(service).open()
    notice = await round_.notice()
    filed = await round_.post("/v1/objections", objection(notice["id"]), who=PARTNER)
    path = f"/v1/objections/{filed['id']}"
    expected = {OFFICER: ["uphold", "reject"], OFFICE: [], OBSERVER: [], PARTNER: []}

    for who, allowed in expected.items():
        read = await service.send("GET", path, who=who)
        assert (read.status_code, read.json()["allowed_actions"]) == (200, allowed)
    for who in (one for one in EVERYBODY if one not in expected):
        hidden = await service.send("GET", path, who=who)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "objection-not-found")
        assert (await service.send("GET", "/v1/objections", who=who)).json()["items"] == []
    assert (await service.send("GET", path)).status_code == 401
    desks = {
        who: len((await service.send("GET", "/v1/objections?waiting_for=me", who=who)).json()["items"])
        for who in (OFFICER, OFFICE, PARTNER)
    }
    assert desks == {OFFICER: 1, OFFICE: 0, PARTNER: 0}


async def test_an_objection_is_taken_on_the_last_day_and_refused_on_the_next(service: Alone) -> None:
    notice = await (await Round(service).open()).notice()
    assert notice["closes_on"] == "2015-10-16"

    service.legal.move(days=8, hours=14, minutes=59)  # 23:59 in Shanghai
    last = await service.send("POST", "/v1/objections", objection(notice["id"]), who=APPLICANT)
    service.legal.move(minutes=1)
    late = await service.send("POST", "/v1/objections", objection(notice["id"]), who=APPLICANT)

    assert last.status_code == 201
    assert (late.status_code, late.json()["code"]) == (409, "notice-closed")
    assert len(await service.rows("objections")) == 1


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
    service: Alone, other: dict[str, object], status: int, code: str
) -> None:
    round_ = await Round(service, firms=2).open()
    notice = await round_.notice({"app_2": full_scores("SERVICE_BRAND", share="0.5")})

    refused = await service.send("POST", "/v1/objections", objection(notice["id"]) | other, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await service.rows("objections") == []
    assert await service.told(ObjectionFiled) == []


@pytest.mark.parametrize(
    ("verdict", "action", "case"), [("upheld", "uphold", "outside"), ("rejected", "reject", "shortlisted")]
)
async def test_an_answer_decides_whether_the_case_keeps_its_place(
    service: Alone, verdict: str, action: str, case: str
) -> None:
    round_ = await Round(service, firms=2, quota=1).open()
    notice = await round_.notice()
    (listed,) = notice["items"]
    filed = await round_.post("/v1/objections", objection(notice["id"], listed["application_id"]), who=PARTNER)
    body = {"verdict": verdict, "reason": "经核实。"}
    path = f"/v1/objections/{filed['id']}/answers"

    answered = await service.send("POST", path, body, who=OFFICER, If_Match=f'"{filed["version"]}"')

    assert answered.status_code == 201
    view = answered.json()
    assert (view["state"], view["answer"], view["allowed_actions"]) == (verdict, "经核实。", [])
    (told,) = await service.told(ObjectionResolved)
    assert {key: told["data"][key] for key in ("objection_id", "verdict", "reason", "applicant")} == {
        "objection_id": filed["id"],
        "verdict": verdict,
        "reason": "经核实。",
        "applicant": listed["applicant"],
    }
    assert await audited(service, filed["id"]) == [
        ("partner-1", "file", None, "filed"),
        ("officer-1", action, "filed", verdict),
    ]
    states = sorted(row["state"] for row in await service.rows("reviews"))
    assert states == sorted([case, "outside"])
    again = await service.send("POST", path, body, who=OFFICER)
    assert (again.status_code, again.json()["code"]) == (409, "objection-answered")
    assert (again.json()["current_state"], again.json()["allowed_actions"]) == (verdict, [])


async def test_only_the_recognition_body_answers_and_with_the_version_it_saw(service: Alone) -> None:
    round_ = await Round(service).open()
    filed = await round_.post("/v1/objections", objection((await round_.notice())["id"]), who=PARTNER)
    path, body = f"/v1/objections/{filed['id']}/answers", {"verdict": "upheld", "reason": "经核实。"}

    for who in (OFFICE, OBSERVER, DEPARTMENT, PARTNER, APPLICANT):
        assert (await service.send("POST", path, body, who=who)).status_code == 403
    stale = await service.send("POST", path, body, who=OFFICER, If_Match='"9"')
    wrong = await service.send("POST", path, body | {"verdict": "maybe"}, who=OFFICER)
    missing = await service.send("POST", "/v1/objections/obj_none/answers", body, who=OFFICER)

    assert [one.status_code for one in (stale, wrong, missing)] == [412, 422, 404]
    assert [row["state"] for row in await service.rows("objections")] == ["filed"]


async def test_an_open_objection_holds_the_deliberation_until_it_is_answered(service: Alone) -> None:
    round_ = await Round(service).open()
    notice = await round_.notice()
    filed = await round_.post("/v1/objections", objection(notice["id"]), who=PARTNER)
    service.legal.move(days=9)

    held = await service.send("POST", "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER)
    await round_.post(f"/v1/objections/{filed['id']}/answers", {"verdict": "rejected", "reason": "不成立。"})
    freed = await service.send("POST", "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER)

    assert (held.status_code, held.json()["code"]) == (409, "objection-open")
    assert freed.status_code == 201
