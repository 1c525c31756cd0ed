"""Each step on a case, on its panel or on its round's list is refused to who is recused, and none is offered to him.

One round is played; at every stage the recused persons try each route of it before the others go on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from review_service.service import SERVICE
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    HONOUR,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    PARTNER,
    ROUND,
    Round,
    announcement,
    attach_ballots,
    expert,
    objection,
    upload,
    uscc,
    vote,
)
from support.service.alone import Alone

WHY: Final = {"reason": "近亲属任职。"}
BOUND: Final = {
    "recognition_officer": "recognition_officer|SD-BODY|370000|officer-9",
    "office": "office|SD-OFFICE|370000|office-9",
    "partner": "partner|JN-PARTNER|370100|partner-9",
}
"""The persons who are recused from the first firm, by role; their colleagues in each role are not."""
FREE: Final = {"recognition_officer": OFFICER, "office": OFFICE, "partner": PARTNER}
ABOUT_NO_CASE: Final = {
    "POST /v1/recusals": "it is the recusal",
    "POST /v1/recusals/{recusal_id}/liftings": "it is the recusal; its own person is refused as such",
    "POST /v1/experts": "a person of the pool",
    "PUT /v1/experts/{expert_id}": "a person of the pool",
    "POST /v1/experts/{expert_id}/pauses": "a person of the pool",
    "POST /v1/experts/{expert_id}/resumptions": "a person of the pool",
    "POST /v1/experts/{expert_id}/conflicts": "a person of the pool; whose seats it empties is bound there",
    "POST /v1/experts/{expert_id}/ends": "a person of the pool; whose seats it empties is bound there",
    "POST /v1/statements": "a promise of the expert about a round",
    "POST /v1/objections/{objection_id}/statements": "the firm itself",
}
"""Routes by which nobody acts on another's case, and why."""


@dataclass
class Walk:
    """The round, and the routes that were tried."""

    service: Alone
    round_: Round
    tried: set[str] = field(default_factory=set)

    async def refuses(
        self,
        route: str,
        body: object = None,
        *,
        form: dict[str, Any] | None = None,
        role: str = "recognition_officer",
        who: str = "",
        at: str = "",
    ) -> None:
        """Check that a recused person, by default the officer, is refused at a route of the thing with the id `at`."""
        method, pattern = route.split(" ")
        path, bound = re.sub(r"\{\w+\}", at, pattern), who or BOUND[role]
        if form is not None:
            answer = await upload(self.service, path, who=bound, **form)
        else:
            headers = {"If_Match": '"1"'} if method == "PUT" else {}
            answer = await self.service.send(method, path, body, who=bound, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "recused"), (route, answer.text)
        self.tried.add(route)

    async def offers(self, path: str, role: str, *actions: str) -> None:
        """Check that a thing offers these actions to somebody of a role, and nothing to who is recused."""
        free = (await self.service.send("GET", path, who=FREE[role])).json()
        bound = (await self.service.send("GET", path, who=BOUND[role])).json()
        assert free["allowed_actions"] == list(actions), path
        assert (bound["allowed_actions"], bound["actions"]) == ([], []), path
        listed = path.rpartition("/")[0]
        rows = (await self.service.send("GET", listed, who=BOUND[role])).json()["items"]
        (row,) = [one for one in rows if one["id"] == bound["id"]]
        assert (row["allowed_actions"], row["actions"]) == ([], []), listed


async def test_who_is_recused_takes_no_step_and_is_offered_none(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2, quota=1, reserve=1, reserve_call="by_officer").open()
    await round_.pool()
    await round_.conclude_acceptance()
    for who in BOUND.values():
        await round_.post("/v1/recusals", {"person": who.split("|")[3], "applicant": uscc(1), **WHY}, who=OFFICER)
    walk = Walk(on_sqlite, round_)

    await _panels(walk, round_.reviews["app_1"])
    listed = await _list(walk, round_.reviews["app_1"])
    await _decision(walk, listed)

    steps = {f"{row.method} {row.path}" for router in SERVICE.routers for row in router.access if row.writes}
    assert walk.tried.isdisjoint(ABOUT_NO_CASE)
    assert steps == walk.tried | ABOUT_NO_CASE.keys()


async def _panels(walk: Walk, review: str) -> None:
    """Draw and score; one expert of the first firm's panel is recused once his sheet is sealed."""
    round_, service = walk.round_, walk.service
    await walk.refuses("POST /v1/draws", {"round_id": ROUND, "seed": "draw seed"})
    await round_.post("/v1/draws", {"round_id": ROUND, "seed": "draw seed"})
    await walk.offers(f"/v1/reviews/{review}", "recognition_officer", "close_panel", "dissolve_panel")
    await walk.refuses("POST /v1/reviews/{review_id}/seats", at=review)
    await walk.refuses("POST /v1/reviews/{review_id}/closings", WHY, at=review)
    for sheet in await service.rows("sheets"):
        await round_.fill_in(sheet, full_scores(HONOUR, share="0.9" if sheet["review_id"] == review else "0.8"))
        await round_.post(f"/v1/sheets/{sheet['id']}/submissions", who=expert(sheet["expert_sub"]))
    sealed = next(one for one in await service.rows("sheets") if one["review_id"] == review)
    about = str(sealed["id"])
    for verb in ("voids", "replacements"):
        await walk.refuses(f"POST /v1/sheets/{{sheet_id}}/{verb}", WHY, at=about)
    bound = sealed["expert_sub"]
    recusal = await round_.post("/v1/recusals", {"person": bound, "applicant": uscc(1), **WHY}, who=OFFICER)
    himself = expert(bound)
    await walk.refuses("PUT /v1/sheets/{sheet_id}", {"scores": {}}, who=himself, at=about)
    await walk.refuses("POST /v1/sheets/{sheet_id}/submissions", who=himself, at=about)
    ground = {"ground": "consulting", **WHY}
    await walk.refuses("POST /v1/sheets/{sheet_id}/recusals", ground, who=himself, at=about)
    shown = (await service.send("GET", f"/v1/sheets/{sealed['id']}", who=himself)).json()
    assert shown["allowed_actions"] == []
    await round_.post(f"/v1/recusals/{recusal['id']}/liftings", WHY, who=OFFICE)

    await walk.refuses("POST /v1/reviews/{review_id}/redraws", WHY, at=review)
    redraw = await round_.post(f"/v1/reviews/{review}/redraws", WHY)
    path = f"/v1/redraws/{redraw['id']}"
    by_himself = (await service.send("GET", path, who=OFFICER)).json()
    by_bound = (await service.send("GET", path, who=BOUND["recognition_officer"])).json()
    by_another = (await service.send("GET", path, who=OTHER_OFFICER)).json()
    assert [one["allowed_actions"] for one in (by_himself, by_bound, by_another)] == [[], [], ["approve", "refuse"]]
    await walk.refuses("POST /v1/redraws/{redraw_id}/approvals", at=redraw["id"])
    await walk.refuses("POST /v1/redraws/{redraw_id}/refusals", WHY, at=redraw["id"])
    await round_.post(f"{path}/refusals", WHY, who=OTHER_OFFICER)


async def _list(walk: Walk, review: str) -> str:
    """Rank, hold, show, object and answer; returns the list."""
    round_ = walk.round_
    await walk.refuses("POST /v1/rankings", {"round_id": ROUND, "seed": "tie seed"})
    ranking = await round_.post("/v1/rankings", {"round_id": ROUND, "seed": "tie seed"})
    listed: str = ranking["id"]
    await walk.offers(f"/v1/rankings/{listed}", "recognition_officer", "remove", "call_reserve", "close")
    removal = {"review_id": review, "ground": "veto", "veto_rule": "tax_evasion", **WHY}
    await walk.refuses("POST /v1/rankings/{ranking_id}/removals", removal, at=listed)
    await walk.refuses("POST /v1/rankings/{ranking_id}/removals", removal, role="office", at=listed)
    await walk.refuses("POST /v1/rankings/{ranking_id}/reserve-calls", WHY, at=listed)
    await walk.refuses("POST /v1/rankings/{ranking_id}/closures", at=listed)
    await walk.offers(f"/v1/reviews/{review}", "office", "hold")
    await walk.refuses("POST /v1/reviews/{review_id}/holds", WHY, role="office", at=review)
    await walk.refuses("POST /v1/reviews/{review_id}/releases", WHY, role="office", at=review)

    await walk.refuses("POST /v1/notices", {"ranking_id": listed})
    notice = await round_.post("/v1/notices", {"ranking_id": listed})
    await walk.refuses("POST /v1/objections", objection(notice["id"]), role="partner")
    drafted = await round_.post("/v1/objections", objection(notice["id"]), who=PARTNER)
    partner = {"person": "partner-1", "applicant": uscc(1), **WHY}
    recusal = await round_.post("/v1/recusals", partner, who=OFFICE)
    about = drafted["id"]
    await walk.refuses("POST /v1/objections/{objection_id}/evidence", form={}, who=PARTNER, at=about)
    await walk.refuses("POST /v1/objections/{objection_id}/filings", who=PARTNER, at=about)
    await round_.post(f"/v1/recusals/{recusal['id']}/liftings", WHY, who=OFFICE)
    filed = await round_.object(notice["id"])
    await walk.offers(f"/v1/objections/{filed['id']}", "recognition_officer", "hear", "reject")
    about = filed["id"]
    await walk.refuses("POST /v1/objections/{objection_id}/hearings", {"question": "请说明。"}, at=about)
    answer = {"verdict": "rejected", **WHY}
    await walk.refuses("POST /v1/objections/{objection_id}/answers", answer, at=about)
    await round_.post(f"/v1/objections/{filed['id']}/answers", answer)
    return listed


async def _decision(walk: Walk, listed: str) -> None:
    """Vote, conclude, hold and confirm; at the end the announcement is refused as well."""
    round_, service = walk.round_, walk.service
    service.legal.move(days=9)
    await walk.refuses("POST /v1/deliberations", vote(listed))
    recorded = await round_.post("/v1/deliberations", vote(listed))
    about, path = recorded["id"], f"/v1/deliberations/{recorded['id']}"
    await walk.refuses("POST /v1/deliberations/{deliberation_id}/attachments", form={"kind": "ballots"}, at=about)
    await attach_ballots(service, recorded["id"])
    await walk.refuses("POST /v1/deliberations/{deliberation_id}/discards", WHY, at=about)
    await walk.refuses("POST /v1/deliberations/{deliberation_id}/conclusions", at=about)
    await round_.post(f"{path}/conclusions", who=OTHER_OFFICER)
    await walk.offers(path, "office", "hold", "confirm", "return", "refuse")
    verbs: Mapping[str, Any] = {"holds": WHY, "confirmations": None, "returns": WHY, "refusals": WHY}
    for verb, body in verbs.items():
        await walk.refuses(f"POST /v1/deliberations/{{deliberation_id}}/{verb}", body, role="office", at=about)
    await round_.post(f"{path}/confirmations", who=OFFICE)
    await walk.refuses("POST /v1/announcements", announcement(recorded["id"]), role="office")
