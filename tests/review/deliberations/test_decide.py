from typing import Any

import pytest

from common.contracts.review.deliberations import ListConfirmed, ListHeld, ListRefused, ListReturned
from common.contracts.review.reviews import ReviewCompleted
from common.kernel.event import Event
from support.casts.reviewing import DEPARTMENT, OBSERVER, OFFICE, OFFICER, Round, audited
from support.service.alone import Alone

SAME_ORGANISATION = "office|SD-BODY|370000|office-9"
WHY = {"reason": "须补充说明。"}
VERBS: dict[str, tuple[str, str, type[Event]]] = {
    "holds": ("hold", "held", ListHeld),
    "confirmations": ("confirm", "confirmed", ListConfirmed),
    "returns": ("return", "returned", ListReturned),
    "refusals": ("refuse", "refused", ListRefused),
}


def body(verb: str) -> dict[str, str] | None:
    return None if verb == "confirmations" else WHY


async def _ranked(service: Alone) -> list[dict[str, Any]]:
    return sorted(await service.rows("reviews"), key=lambda row: str(row["id"]))


@pytest.mark.parametrize("verb", VERBS)
async def test_the_office_decides_and_no_score_or_rank_is_touched(service: Alone, verb: str) -> None:
    action, state, event = VERBS[verb]
    concluded = await (await Round(service, firms=2, quota=1).open()).deliberate()
    before = [(row["score"], row["arithmetic"], row["rank"]) for row in await _ranked(service)]
    sheets = await service.rows("sheets")
    path = f"/v1/deliberations/{concluded['id']}/{verb}"

    decided = await service.send("POST", path, body(verb), who=OFFICE, If_Match=f'"{concluded["version"]}"')

    assert decided.status_code == 201, decided.text
    assert (decided.json()["state"], decided.json()["version"]) == (state, concluded["version"] + 1)
    (published,) = await service.published(event)
    assert (published["key"], published["data"].get("reason")) == (concluded["id"], (body(verb) or {}).get("reason"))
    assert (await audited(service, concluded["id"]))[-1] == ("office-1", action, "concluded", state)
    assert [(row["score"], row["arithmetic"], row["rank"]) for row in await _ranked(service)] == before
    assert await service.rows("sheets") == sheets
    stale = await service.send("POST", path, body(verb), who=OFFICE, If_Match=f'"{concluded["version"]}"')
    assert stale.status_code == 412


@pytest.mark.parametrize("verb", VERBS)
async def test_nobody_but_another_organisations_office_decides(on_sqlite: Alone, verb: str) -> None:
    concluded = await (await Round(on_sqlite).open()).deliberate()
    path = f"/v1/deliberations/{concluded['id']}/{verb}"

    own = await on_sqlite.send("POST", path, body(verb), who=SAME_ORGANISATION)
    others = [await on_sqlite.send("POST", path, body(verb), who=who) for who in (OFFICER, OBSERVER, DEPARTMENT)]
    missing = await on_sqlite.send("POST", f"/v1/deliberations/dlb_none/{verb}", body(verb), who=OFFICE)

    assert (own.status_code, own.json()["code"]) == (403, "confirmed-by-another-organisation")
    assert [(one.status_code, one.json()["code"]) for one in others] == [(403, "role-missing")] * 3
    assert (missing.status_code, missing.json()["code"]) == (404, "deliberation-not-found")
    assert [row["state"] for row in await on_sqlite.rows("deliberations")] == ["concluded"]


@pytest.mark.parametrize(
    ("verb", "office", "code"),
    [
        (None, ["hold", "confirm", "return", "refuse"], None),
        ("holds", ["confirm", "return", "refuse"], "action-not-allowed"),
        ("confirmations", [], "action-not-allowed"),
        ("returns", [], "deliberation-decided"),
        ("refusals", [], "deliberation-decided"),
    ],
)
async def test_what_may_be_done_in_each_state_and_by_whom(
    on_sqlite: Alone, verb: str | None, office: list[str], code: str | None
) -> None:
    concluded = await (await Round(on_sqlite).open()).deliberate()
    path = f"/v1/deliberations/{concluded['id']}"
    if verb is not None:
        await on_sqlite.send("POST", f"{path}/{verb}", body(verb), who=OFFICE)

    for who, allowed in ((OFFICE, office), (SAME_ORGANISATION, []), (OFFICER, []), (OBSERVER, [])):
        assert (await on_sqlite.send("GET", path, who=who)).json()["allowed_actions"] == allowed
    if verb is not None:
        held_again = await on_sqlite.send("POST", f"{path}/holds", WHY, who=OFFICE)
        assert (held_again.status_code, held_again.json()["code"]) == (409, code)
        assert held_again.json()["current_state"] == VERBS[verb][1]
        allowed_next = {"holds": ["confirm", "return", "refuse"]}.get(verb, [])
        assert held_again.json()["allowed_actions"] == allowed_next


async def test_a_refused_list_ends_every_case_without_recognition(service: Alone) -> None:
    round_ = await Round(service, firms=2, quota=1).open()
    concluded = await round_.deliberate()

    await round_.post(f"/v1/deliberations/{concluded['id']}/refusals", WHY, who=OFFICE)

    published = await service.published(ReviewCompleted)
    assert sorted(one["data"]["reasons"][-1] for one in published) == ["list-refused", "list-refused"]
    assert sorted(len(one["data"]["reasons"]) for one in published) == [1, 3]
    assert {
        (one["data"]["outcome"], one["data"]["announcement_id"], one["data"]["registration"]) for one in published
    } == {("not_recognised", None, None)}
    assert {row["state"] for row in await service.rows("reviews")} == {"not_recognised"}
    assert [row["state"] for row in await service.rows("rankings")] == ["refused"]


async def test_a_returned_list_is_deliberated_again(service: Alone) -> None:
    round_ = await Round(service).open()
    first = await round_.deliberate()
    await round_.post(f"/v1/deliberations/{first['id']}/returns", WHY, who=OFFICE)

    second = await round_.vote(first["ranking_id"])

    assert [row["state"] for row in await service.rows("rankings")] == ["deliberated"]
    assert {row["id"]: row["state"] for row in await service.rows("deliberations")} == {
        first["id"]: "returned",
        second["id"]: "concluded",
    }
    assert await service.published(ReviewCompleted) == []


async def test_a_list_is_held_returned_or_refused_with_a_reason_only(on_sqlite: Alone) -> None:
    concluded = await (await Round(on_sqlite).open()).deliberate()

    for verb in ("holds", "returns", "refusals"):
        bare = await on_sqlite.send("POST", f"/v1/deliberations/{concluded['id']}/{verb}", {}, who=OFFICE)
        assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")

    assert [row["state"] for row in await on_sqlite.rows("deliberations")] == ["concluded"]
