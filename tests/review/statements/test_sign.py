"""An expert signs the round's statement once, before his first sheet."""

from support.casts.programmes import full_scores
from support.casts.reviewing import OBSERVER, OFFICE, OFFICER, ROUND, Round, audited, expert
from support.service.alone import Alone

BODY = {"round_id": ROUND}


async def test_nobody_scores_before_he_has_signed(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw()
    row = (await service.rows("sheets"))[0]
    who, path = expert(row["expert_sub"]), f"/v1/sheets/{row['id']}"
    scores = {"scores": full_scores("SERVICE_BRAND")}

    unsigned = await service.send("PUT", path, scores, who=who, If_Match='"1"')
    signed = await service.send("POST", "/v1/statements", BODY, who=who)
    again = await service.send("POST", "/v1/statements", BODY, who=who)
    filled = await service.send("PUT", path, scores, who=who, If_Match='"1"')

    assert (unsigned.status_code, unsigned.json()["code"]) == (409, "statement-unsigned")
    assert signed.status_code == 201
    (rules,) = await service.rows("rounds")
    assert (signed.json()["expert_sub"], signed.json()["programme_digest"]) == (
        row["expert_sub"],
        rules["programme_digest"],
    )
    assert (again.status_code, again.json()["code"]) == (409, "statement-already-signed")
    assert filled.status_code == 200
    assert await audited(service, signed.json()["id"]) == [(row["expert_sub"], "sign", None, None)]


async def test_an_expert_sees_what_he_signed_himself_and_the_body_all(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    for sub in ("expert-1", "expert-2"):
        await round_.sign(sub)
    (first, second) = await on_sqlite.rows("statements")

    seen = {
        who: [one["expert_sub"] for one in (await on_sqlite.send("GET", "/v1/statements", who=who)).json()["items"]]
        for who in (expert("expert-1"), OFFICER, OBSERVER)
    }
    hidden = await on_sqlite.send("GET", f"/v1/statements/{second['id']}", who=expert("expert-1"))
    unknown = await on_sqlite.send("POST", "/v1/statements", {"round_id": "rnd_none"}, who=expert("expert-1"))

    assert {who: sorted(subs) for who, subs in seen.items()} == {
        expert("expert-1"): ["expert-1"],
        OFFICER: ["expert-1", "expert-2"],
        OBSERVER: ["expert-1", "expert-2"],
    }
    assert (await on_sqlite.send("GET", f"/v1/statements/{first['id']}", who=expert("expert-1"))).status_code == 200
    assert (hidden.status_code, hidden.json()["code"]) == (404, "statement-not-found")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "round-unknown")
    for who in (OFFICER, OFFICE):
        assert (await on_sqlite.send("POST", "/v1/statements", BODY, who=who)).status_code == 403
