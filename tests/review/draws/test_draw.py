import hashlib

from common.contracts.review import PanelDrawn
from support.reviewing import (
    ADMINISTRATOR,
    APPLICANT,
    DEPARTMENT,
    EXPERTS,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    ROUND,
    Round,
    audited,
    expert,
    person,
    uscc,
)
from support.service import Alone

BODY = {"round_id": ROUND, "seed": "draw seed"}


async def test_a_draw_gives_each_waiting_case_its_panel_and_lays_out_the_sheets(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.pool()

    drawn = await service.send("POST", "/v1/draws", BODY, who=OFFICER)

    assert drawn.status_code == 201
    view = drawn.json()
    assert drawn.headers["Location"] == f"/v1/draws/{view['id']}"
    assert (view["round_id"], view["seed"], view["panel_size"], view["drawn_by"]) == (
        ROUND,
        "draw seed",
        3,
        "officer-1",
    )
    pool = [row["id"] for row in await service.rows("experts")]
    for panel in view["panels"]:
        tickets = {one: hashlib.sha256(f"draw seed\n{panel['review_id']}\n{one}".encode()).digest() for one in pool}
        assert panel["drawn"] == sorted(pool, key=lambda one: tickets[one])
        assert panel["skipped"] == []
    assert {panel["review_id"] for panel in view["panels"]} == set(round_.reviews.values())
    sheets = await service.rows("sheets")
    assert {(row["review_id"], row["expert_sub"]) for row in sheets} == {
        (review, sub) for review in round_.reviews.values() for sub in EXPERTS
    }
    assert len(sheets) == 6
    assert {row["state"] for row in await service.rows("reviews")} == {"assigned"}
    assert [row["panels"] for row in await service.rows("draws")] == [view["panels"]]
    assert await audited(service, view["id"]) == [("officer-1", "draw", None, None)]


async def test_a_draw_tells_the_size_of_each_panel_and_no_name(service: Alone) -> None:
    round_ = await Round(service).open()

    view = await round_.draw()

    (told,) = await service.told(PanelDrawn)
    assert told["data"] == {
        "review_id": round_.reviews["app_1"],
        "application_id": "app_1",
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "applicant": uscc(1),
        "division": "370102",
        "draw_id": view["id"],
        "size": 3,
    }
    experts = await service.rows("experts")
    texts = [row["payload"].decode() + str(row["headers"]) for row in await service.rows("outbox")]
    planted = [value for row in experts for value in (row["id"], row["sub"], row["name"], row["employer"])]
    assert not [(text, value) for text in texts for value in planted if value in text]


async def test_experts_in_conflict_are_passed_over_and_the_protocol_says_why(service: Alone) -> None:
    round_ = await (await Round(service).open()).pool()
    await round_.post("/v1/experts", person("employed", employer=uscc(1)))
    await round_.post("/v1/experts", person("declared", conflicts=(uscc(1),)))
    await round_.post("/v1/experts", person("neighbour", division="370102"))

    view = await round_.post("/v1/draws", BODY)

    sub = {row["id"]: row["sub"] for row in await service.rows("experts")}
    (panel,) = view["panels"]
    assert {sub[one] for one in panel["drawn"]} == set(EXPERTS)
    assert {sub[one["expert_id"]]: one["reason"] for one in panel["skipped"]} == {
        "employed": "employer_is_applicant",
        "declared": "conflict_declared",
        "neighbour": "same_county",
    }


async def test_too_few_free_experts_leave_every_case_waiting(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.post("/v1/experts", person("expert-1"))
    await round_.post("/v1/experts", person("expert-2"))
    await round_.post("/v1/experts", person("half-free", conflicts=(uscc(2),)))

    refused = await service.send("POST", "/v1/draws", BODY, who=OFFICER, Accept_Language="en")

    assert (refused.status_code, refused.json()["code"]) == (409, "panel-cannot-be-filled")
    assert refused.json()["detail"] == "The application app_2 needs 3 experts; 2 are free of conflicts."
    assert {row["state"] for row in await service.rows("reviews")} == {"pending"}
    assert (await service.rows("sheets"), await service.rows("draws"), await service.told(PanelDrawn)) == ([], [], [])


async def test_only_the_recognition_body_draws_and_only_it_and_observers_read_the_protocol(service: Alone) -> None:
    round_ = await Round(service).open()
    others = [OFFICE, DEPARTMENT, PARTNER, APPLICANT, ADMINISTRATOR, expert("expert-1")]
    for who in (*others, OBSERVER):
        refused = await service.send("POST", "/v1/draws", BODY, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert await service.rows("draws") == []

    view = await round_.draw()

    for path in ("/v1/draws", f"/v1/draws/{view['id']}"):
        assert [(await service.send("GET", path, who=who)).status_code for who in (OFFICER, OBSERVER)] == [200, 200]
        assert {(await service.send("GET", path, who=who)).status_code for who in others} == {403}
        assert (await service.send("GET", path)).status_code == 401
    listed = (await service.send("GET", f"/v1/draws?round_id={ROUND}", who=OBSERVER)).json()["items"]
    assert [one["id"] for one in listed] == [view["id"]]
    assert (await service.send("GET", "/v1/draws?round_id=rnd_other", who=OBSERVER)).json()["items"] == []
    missing = await service.send("GET", "/v1/draws/drw_none", who=OFFICER)
    assert (missing.status_code, missing.json()["code"]) == (404, "draw-not-found")


async def test_without_a_waiting_case_there_is_nothing_to_draw(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw()

    again = await service.send("POST", "/v1/draws", BODY, who=OFFICER)

    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-draw")
    assert len(await service.rows("draws")) == 1
    assert len(await service.rows("sheets")) == 3


async def test_a_round_that_nobody_told_of_is_not_found(service: Alone) -> None:
    missing = await service.send("POST", "/v1/draws", BODY, who=OFFICER)

    assert (missing.status_code, missing.json()["code"]) == (404, "round-unknown")
