"""The pool is edited, paused, filtered, and shows each expert's load."""

from support.casts.reviewing import OFFICER, ROUND, Round, audited, employer_of, expert, person, uscc
from support.service.alone import Alone


async def test_an_expert_is_edited_and_keeps_his_conflicts(service: Alone) -> None:
    body = person("expert-1", conflicts=(uscc(1),))
    entered = (await service.send("POST", "/v1/experts", body, who=OFFICER)).json()
    path = f"/v1/experts/{entered['id']}"
    changed = {key: value for key, value in body.items() if key not in {"sub", "conflicts"}}
    changed |= {"grade": "associate_senior", "roles": ["finance"], "yearly_load": 3}
    changed["absences"] = [{"since_on": "2015-11-01", "until_on": "2015-11-30"}]

    edited = await service.send("PUT", path, changed, who=OFFICER, If_Match='"1"')
    reversed_ = changed | {"absences": [{"since_on": "2015-11-30", "until_on": "2015-11-01"}]}
    wrong = await service.send("PUT", path, reversed_, who=OFFICER, If_Match='"2"')
    stale = await service.send("PUT", path, changed, who=OFFICER, If_Match='"1"')

    assert edited.status_code == 200, edited.text
    assert {key: edited.json()[key] for key in changed} == changed
    assert [one["organisation"] for one in edited.json()["conflicts"]] == [uscc(1)]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "period-reversed")
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/absences/0/until_on"]
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert await audited(service, entered["id"]) == [
        ("officer-1", "enter", None, "active"),
        ("officer-1", "edit", "active", "active"),
    ]
    assert await service.rows("outbox") == []


async def test_a_paused_expert_is_not_drawn_until_he_is_resumed(service: Alone) -> None:
    round_ = await (await Round(service).open()).pool()
    one = (await service.rows("experts"))[0]
    draw = {"round_id": ROUND, "seed": "s"}
    await round_.conclude_acceptance()

    paused = await round_.post(f"/v1/experts/{one['id']}/pauses", {"reason": "出国半年。"})
    refused = await service.send("POST", "/v1/draws", draw, who=OFFICER)
    resumed = await round_.post(f"/v1/experts/{one['id']}/resumptions")
    drawn = await service.send("POST", "/v1/draws", draw, who=OFFICER)

    assert (paused["state"], paused["reason"], resumed["state"], resumed["reason"]) == (
        "paused",
        "出国半年。",
        "active",
        None,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "panel-cannot-be-filled")
    assert drawn.status_code == 201


async def test_the_pool_is_filtered_and_shows_this_years_load(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.draw()
    await round_.post(
        "/v1/experts",
        person("odd", roles=("finance_law",), grade="intermediate", specialities=["logistics"]),
    )

    async def subs(query: str, who: str = OFFICER) -> set[str]:
        answer = await service.send("GET", f"/v1/experts{query}", who=who)
        assert answer.status_code == 200, answer.text
        return {one["sub"] for one in answer.json()["items"]}

    everybody = await service.send("GET", "/v1/experts", who=OFFICER)
    everyone = {"expert-1", "expert-2", "expert-3"}
    assert {one["sub"]: one["load"] for one in everybody.json()["items"]} == dict.fromkeys(everyone, 2) | {"odd": 0}
    assert await subs("?role=finance") == everyone, "the role is compared whole"
    assert await subs("?role=finance_law") == {"odd"}
    assert await subs("?speciality=logistics") == {"odd"}
    assert await subs("?grade=senior") == everyone
    assert await subs(f"?organisation={employer_of('expert-2')}") == {"expert-2"}
    assert await subs("?state=paused") == set()
    assert await subs("", who=expert("expert-1")) == {"expert-1"}, "an expert sees himself"


async def test_a_yearly_load_is_kept_across_the_cases_of_one_draw(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    for sub in ("expert-1", "expert-2", "expert-3"):
        await round_.post("/v1/experts", person(sub, yearly_load=1))

    await round_.conclude_acceptance()
    view = await round_.post("/v1/draws", {"round_id": ROUND, "seed": "draw seed"})

    assert sorted(len(panel["drawn"]) for panel in view["panels"]) == [0, 3]
    (short,) = [panel for panel in view["panels"] if not panel["drawn"]]
    assert {one["reason"] for one in short["skipped"]} == {"load_reached"}
    assert "raise_load" in short["vacant"][0]["helps"]
    assert sorted(row["state"] for row in await on_sqlite.rows("reviews")) == ["assigned", "pending"]


async def test_colleagues_do_not_sit_on_one_panel(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    for sub in ("expert-1", "expert-2", "expert-3", "expert-4"):
        await round_.post("/v1/experts", person(sub, employer=employer_of("expert-1" if sub != "expert-2" else sub)))

    await round_.conclude_acceptance()
    refused = await on_sqlite.send("POST", "/v1/draws", {"round_id": ROUND, "seed": "s"}, who=OFFICER)
    await round_.post("/v1/experts", person("expert-5"))
    drawn = await on_sqlite.send("POST", "/v1/draws", {"round_id": ROUND, "seed": "s"}, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (409, "panel-cannot-be-filled")
    assert drawn.status_code == 201
