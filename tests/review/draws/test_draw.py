import hashlib

from common.contracts.review.reviews import PanelDrawn
from support.casts.actors import id_of
from support.casts.reviewing import (
    ADMINISTRATOR,
    APPLICANT,
    DEPARTMENT,
    EXPERTS,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    ROLES,
    ROUND,
    Round,
    accepted,
    audited,
    concluded,
    definition,
    expert,
    person,
    uscc,
)
from support.service.alone import Alone

BODY = {"round_id": ROUND, "seed": "draw seed"}


async def test_a_draw_gives_each_waiting_case_its_panel_and_lays_out_the_sheets(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.pool()
    await round_.conclude_acceptance()

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
        assert panel["seats"] == [{"seat": seat, "role": role} for seat, role in enumerate(ROLES, 1)]
        assert panel["vacant"] == []
    assert {panel["review_id"] for panel in view["panels"]} == set(round_.reviews.values())
    sheets = await service.rows("sheets")
    assert {(row["review_id"], row["expert_sub"]) for row in sheets} == {
        (review, sub) for review in round_.reviews.values() for sub in EXPERTS
    }
    assert len(sheets) == 6
    assert {row["state"] for row in await service.rows("reviews")} == {"assigned"}
    assert [row["panels"] for row in await service.rows("draws")] == [view["panels"]]
    assert await audited(service, view["id"]) == [("officer-1", "draw", None, None)]


async def test_a_draw_publishes_the_size_of_each_panel_and_no_name(service: Alone) -> None:
    round_ = await Round(service).open()

    view = await round_.draw()

    experts = await service.rows("experts")
    (published,) = await service.published(PanelDrawn)
    assert published["data"] == {
        "review_id": round_.reviews["app_1"],
        "application_id": "app_1",
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "applicant_id": id_of(uscc(1)),
        "applicant": uscc(1),
        "division": "370102",
        "draw_id": view["id"],
        "size": 3,
        "vacant": 0,
        "due_on": "2015-10-28",
        "readers": [next(row["sub"] for row in experts if row["id"] == one) for one in view["panels"][0]["drawn"]],
    }
    rows = await service.rows("outbox")
    outside = [row["payload"].decode() + str(row["headers"]) for row in rows if "internal" not in row["topic"]]
    inside = [row["payload"].decode() for row in rows]
    hidden = [value for row in experts for value in (row["id"], row["name"], row["organisations"][0]["organisation"])]
    assert [topic for topic in (row["topic"] for row in rows) if "agency" in topic] != []
    assert not [(text, value) for text in inside for value in hidden if value in text]
    assert not [(text, row["sub"]) for text in outside for row in experts if row["sub"] in text]


async def test_experts_in_conflict_are_passed_over_and_the_protocol_says_why(service: Alone) -> None:
    round_ = await (await Round(service).open()).pool()
    await round_.post("/v1/experts", person("employed", employer=uscc(1)))
    await round_.post("/v1/experts", person("declared", conflicts=(uscc(1),)))
    await round_.post("/v1/experts", person("neighbour", division="370102"))

    await round_.conclude_acceptance()
    view = await round_.post("/v1/draws", BODY)

    sub = {row["id"]: row["sub"] for row in await service.rows("experts")}
    (panel,) = view["panels"]
    assert {sub[one] for one in panel["drawn"]} == set(EXPERTS)
    assert {sub[one["expert_id"]]: one["reason"] for one in panel["skipped"]} == {
        "employed": "employment",
        "declared": "consulting",
        "neighbour": "same_county",
    }


async def test_too_few_free_experts_leave_every_case_waiting(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    await round_.post("/v1/experts", person("expert-1"))
    await round_.post("/v1/experts", person("expert-2"))
    await round_.post("/v1/experts", person("half-free", conflicts=(uscc(1), uscc(2))))

    await round_.conclude_acceptance()
    refused = await on_sqlite.send("POST", "/v1/draws", BODY, who=OFFICER, Accept_Language="en")

    assert (refused.status_code, refused.json()["code"]) == (409, "panel-cannot-be-filled")
    assert refused.json()["detail"] == (
        "The application app_1 needs 3 experts and gets 2; the seat 'finance' is vacant. Of 3 experts 3 are recused or "
        "on the panel, 0 paused or away, 0 at their yearly load, 0 without the role or the field, 0 of an organisation "
        "that is on the panel."
    )
    assert {row["state"] for row in await on_sqlite.rows("reviews")} == {"pending"}
    assert (await on_sqlite.rows("sheets"), await on_sqlite.rows("draws"), await on_sqlite.published(PanelDrawn)) == (
        [],
        [],
        [],
    )


async def test_only_the_recognition_body_draws_and_only_it_and_observers_read_the_protocol(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    others = [OFFICE, DEPARTMENT, PARTNER, APPLICANT, ADMINISTRATOR, expert("expert-1")]
    for who in (*others, OBSERVER):
        refused = await on_sqlite.send("POST", "/v1/draws", BODY, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert await on_sqlite.rows("draws") == []

    view = await round_.draw()

    for path in ("/v1/draws", f"/v1/draws/{view['id']}"):
        assert [(await on_sqlite.send("GET", path, who=who)).status_code for who in (OFFICER, OBSERVER)] == [200, 200]
        assert {(await on_sqlite.send("GET", path, who=who)).status_code for who in others} == {403}
        assert (await on_sqlite.send("GET", path)).status_code == 401
    listed = (await on_sqlite.send("GET", f"/v1/draws?round_id={ROUND}", who=OBSERVER)).json()["items"]
    assert [one["id"] for one in listed] == [view["id"]]
    assert (await on_sqlite.send("GET", "/v1/draws?round_id=rnd_other", who=OBSERVER)).json()["items"] == []
    missing = await on_sqlite.send("GET", "/v1/draws/drw_none", who=OFFICER)
    assert (missing.status_code, missing.json()["code"]) == (404, "draw-not-found")


async def test_without_a_waiting_case_there_is_nothing_to_draw(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    await round_.draw()

    again = await on_sqlite.send("POST", "/v1/draws", BODY, who=OFFICER)

    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-draw")
    assert len(await on_sqlite.rows("draws")) == 1
    assert len(await on_sqlite.rows("sheets")) == 3


async def test_an_unknown_round_is_not_found(on_sqlite: Alone) -> None:
    missing = await on_sqlite.send("POST", "/v1/draws", BODY, who=OFFICER)

    assert (missing.status_code, missing.json()["code"]) == (404, "round-unknown")


async def test_nothing_is_drawn_before_the_acceptance_is_concluded_and_all_its_cases_are_here(service: Alone) -> None:
    round_ = await (await Round(service, firms=1).open()).pool()

    early = await service.send("POST", "/v1/draws", BODY, who=OFFICER)
    await service.deliver(concluded("app_1", "app_2"))
    missing = await service.send("POST", "/v1/draws", BODY, who=OFFICER, Accept_Language="en")
    await service.deliver(accepted(definition(), 2))
    drawn = await round_.post("/v1/draws", BODY)

    assert (early.status_code, early.json()["code"]) == (409, "acceptance-not-concluded")
    assert (missing.status_code, missing.json()["code"]) == (409, "cases-missing")
    assert missing.json()["detail"].startswith("2 applications were accepted and 1 have arrived here")
    assert len(drawn["panels"]) == 2
