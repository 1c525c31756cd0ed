"""Every creating command of review by four writers at once, on both databases."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from review_service.service import SERVICE
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    APPLICANT,
    HONOUR,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    ROUND,
    Round,
    affiliation,
    announcement,
    attach_ballots,
    expert,
    firm,
    objection,
    person,
    upload,
    uscc,
    vote,
)
from support.service.alone import Alone
from support.service.pdfs import pdf_of
from support.service.writers import WRITERS, Race, Send, post, routes, run, same

WHY = {"reason": "须补充说明。"}


async def _experts(service: Alone) -> list[Send]:
    return same(post(service, "/v1/experts", person("expert-9"), who=OFFICER))


async def _draw(service: Alone) -> list[Send]:
    await (await (await Round(service, firms=2).open()).pool()).conclude_acceptance()
    return same(post(service, "/v1/draws", {"round_id": ROUND, "seed": "s"}, who=OFFICER))


async def _last_sheets(service: Alone) -> list[Send]:
    """Three experts hand in the last sheets of one case at once: one of them completes the score."""
    round_ = await Round(service).open()
    await round_.draw()
    rows = await service.rows("sheets")
    for row in rows:
        await round_.fill_in(row, full_scores(HONOUR))
    return [post(service, f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"])) for row in rows]


async def _one_sheet(service: Alone) -> list[Send]:
    return same((await _last_sheets(service))[0])


async def _drawn(service: Alone) -> dict[str, Any]:
    """Draw the panel of one case from a pool with two experts to spare; returns the first sheet of the panel."""
    await (await Round(service).open()).draw("expert-4", "expert-5")
    return (await service.rows("sheets"))[0]


async def _statement(service: Alone) -> list[Send]:
    await Round(service).open()
    return same(post(service, "/v1/statements", {"round_id": ROUND}, who=expert("expert-1")))


async def _recusal(service: Alone) -> list[Send]:
    row = await _drawn(service)
    body = WHY | {"ground": "near_relative"}
    return same(post(service, f"/v1/sheets/{row['id']}/recusals", body, who=expert(row["expert_sub"])))


async def _void(service: Alone) -> list[Send]:
    row = await _drawn(service)
    return same(post(service, f"/v1/sheets/{row['id']}/voids", WHY, who=OFFICER))


async def _replacement(service: Alone) -> list[Send]:
    row = await _drawn(service)
    service.legal.move(days=21)
    return same(post(service, f"/v1/sheets/{row['id']}/replacements", WHY, who=OFFICER))


async def _conflict(service: Alone) -> list[Send]:
    row = await _drawn(service)
    body = affiliation(uscc(1)) | {"ground": "consulting"}
    return same(post(service, f"/v1/experts/{row['expert_id']}/conflicts", body, who=OFFICER))


async def _pause(service: Alone) -> list[Send]:
    row = await _drawn(service)
    return same(post(service, f"/v1/experts/{row['expert_id']}/pauses", WHY, who=OFFICER))


async def _resumption(service: Alone) -> list[Send]:
    row = await _drawn(service)
    await post(service, f"/v1/experts/{row['expert_id']}/pauses", WHY, who=OFFICER)()
    return same(post(service, f"/v1/experts/{row['expert_id']}/resumptions", who=OFFICER))


async def _end(service: Alone) -> list[Send]:
    row = await _drawn(service)
    return same(post(service, f"/v1/experts/{row['expert_id']}/ends", WHY, who=OFFICER))


async def _seats(service: Alone) -> list[Send]:
    round_ = await Round(service).open()
    await round_.draw()
    row = (await service.rows("sheets"))[0]
    await round_.post(f"/v1/sheets/{row['id']}/voids", WHY)
    await round_.post("/v1/experts", person("expert-4"))
    return same(post(service, f"/v1/reviews/{row['review_id']}/seats", who=OFFICER))


async def _closing(service: Alone) -> list[Send]:
    round_ = await Round(service, changes={"/review/panel/minimum_sheets": 1}).open()
    await round_.draw()
    row = (await service.rows("sheets"))[0]
    await round_.fill_in(row, full_scores(HONOUR))
    await round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))
    service.legal.move(days=21)
    return same(post(service, f"/v1/reviews/{row['review_id']}/closings", WHY, who=OFFICER))


async def _redraw(service: Alone) -> list[Send]:
    row = await _drawn(service)
    return same(post(service, f"/v1/reviews/{row['review_id']}/redraws", WHY, who=OFFICER))


def redraw_decision(verb: str, body: object) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        (propose, *_) = await _redraw(service)
        proposed = (await propose()).json()["id"]
        another = OFFICER.replace("officer-1", "officer-2")
        return same(post(service, f"/v1/redraws/{proposed}/{verb}", body, who=another))

    return prepare


async def _ranking(service: Alone) -> list[Send]:
    await (await Round(service, firms=2).open()).score()
    return same(post(service, "/v1/rankings", {"round_id": ROUND, "seed": "s"}, who=OFFICER))


async def _notice(service: Alone) -> list[Send]:
    ranking = await (await Round(service).open()).rank()
    return same(post(service, "/v1/notices", {"ranking_id": ranking["id"]}, who=OFFICER))


async def _objections(service: Alone) -> list[Send]:
    notice = await (await Round(service).open()).notice()
    return same(post(service, "/v1/objections", objection(notice["id"]), who=APPLICANT))


async def _evidence(service: Alone) -> list[Send]:
    drafted = (await (await _objections(service))[0]()).json()
    path = f"/v1/objections/{drafted['id']}/evidence"
    return _uploads(service, path, who=APPLICANT)


def _uploads(service: Alone, path: str, *, who: str, **form: str) -> list[Send]:
    """Return the uploads of four different files."""
    return [partial(upload, service, path, who=who, content=pdf_of(str(n)), **form) for n in range(WRITERS)]


async def _filing(service: Alone) -> list[Send]:
    drafted = (await (await _objections(service))[0]()).json()
    path = f"/v1/objections/{drafted['id']}"
    await upload(service, f"{path}/evidence", who=APPLICANT)
    return same(post(service, f"{path}/filings", who=APPLICANT))


async def _filed(service: Alone) -> str:
    round_ = await Round(service).open()
    return f"/v1/objections/{(await round_.object((await round_.notice())['id']))['id']}"


async def _hearing(service: Alone) -> list[Send]:
    return same(post(service, f"{await _filed(service)}/hearings", {"question": "请说明。"}, who=OFFICER))


async def _firm_statement(service: Alone) -> list[Send]:
    path = await _filed(service)
    await post(service, f"{path}/hearings", {"question": "请说明。"}, who=OFFICER)()
    return same(post(service, f"{path}/statements", {"statement": "不属实。"}, who=firm(1)))


async def _answer(service: Alone) -> list[Send]:
    (send, *_) = await _firm_statement(service)
    await send()
    (row,) = await service.rows("objections")
    path = f"/v1/objections/{row['id']}/answers"
    return same(post(service, path, {"verdict": "upheld", "reason": "属实。"}, who=OFFICER))


async def _deliberation(service: Alone) -> list[Send]:
    notice = await (await Round(service).open()).notice()
    service.legal.move(days=9)
    return same(post(service, "/v1/deliberations", vote(notice["ranking_id"]), who=OFFICER))


async def _recorded(service: Alone) -> str:
    recorded = (await (await _deliberation(service))[0]()).json()
    return f"/v1/deliberations/{recorded['id']}"


async def _ballots(service: Alone) -> list[Send]:
    path = f"{await _recorded(service)}/attachments"
    return _uploads(service, path, who=OFFICER, kind="ballots")


async def _discard(service: Alone) -> list[Send]:
    return same(post(service, f"{await _recorded(service)}/discards", WHY, who=OFFICER))


async def _conclusion(service: Alone) -> list[Send]:
    path = await _recorded(service)
    await attach_ballots(service, path.rpartition("/")[2])
    return same(post(service, f"{path}/conclusions", who=OTHER_OFFICER))


async def _ranked(service: Alone, *, reserve_call: str = "by_officer") -> tuple[Round, str, list[str]]:
    """Return a ranked round of three cases with one place and one reserve, its list, and the cases in order."""
    round_ = await Round(service, firms=3, quota=1, reserve=1, reserve_call=reserve_call).open()
    ranking = await round_.rank()
    return round_, f"/v1/rankings/{ranking['id']}", [item["id"] for item in ranking["items"]]


async def _removal(service: Alone) -> list[Send]:
    _, path, (first, *_) = await _ranked(service)
    body = {"review_id": first, "ground": "false_statement", **WHY}
    return same(post(service, f"{path}/removals", body, who=OFFICE))


async def _reserve(service: Alone) -> list[Send]:
    round_, path, (first, *_) = await _ranked(service)
    await round_.post(f"{path}/removals", {"review_id": first, "ground": "false_statement", **WHY}, who=OFFICE)
    return same(post(service, f"{path}/reserve-calls", WHY, who=OFFICER))


async def _closure(service: Alone) -> list[Send]:
    round_, path, (first, *_) = await _ranked(service)
    await round_.post(f"{path}/removals", {"review_id": first, "ground": "false_statement", **WHY}, who=OFFICE)
    return same(post(service, f"{path}/closures", who=OFFICER))


async def _hold(service: Alone) -> list[Send]:
    _, _, (first, *_) = await _ranked(service)
    return same(post(service, f"/v1/reviews/{first}/holds", WHY, who=OFFICE))


async def _release(service: Alone) -> list[Send]:
    (send, *_) = await _hold(service)
    held = (await send()).json()
    return same(post(service, f"/v1/reviews/{held['id']}/releases", WHY, who=OFFICE))


async def _recusals(service: Alone) -> list[Send]:
    return same(post(service, "/v1/recusals", {"person": "member-1", "applicant": uscc(1), **WHY}, who=OFFICER))


async def _lifting(service: Alone) -> list[Send]:
    declared = (await (await _recusals(service))[0]()).json()
    return same(post(service, f"/v1/recusals/{declared['id']}/liftings", WHY, who=OFFICE))


def decision(verb: str, body: object) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        concluded = await (await Round(service).open()).deliberate()
        return same(post(service, f"/v1/deliberations/{concluded['id']}/{verb}", body, who=OFFICE))

    return prepare


async def _announcement(service: Alone) -> list[Send]:
    confirmed = await (await Round(service, firms=2).open()).confirm()
    return same(post(service, "/v1/announcements", announcement(confirmed["id"]), who=OFFICE))


RACES = [
    Race(route="POST /v1/experts", prepare=_experts, stored=1, refused="expert-already-entered"),
    Race(route="POST /v1/draws", prepare=_draw, stored=1, refused="nothing-to-draw"),
    Race(route="POST /v1/sheets/{sheet_id}/submissions", prepare=_last_sheets, stored=3),
    Race(
        route="POST /v1/sheets/{sheet_id}/submissions", prepare=_one_sheet, stored=1, refused="sheet-already-submitted"
    ),
    Race(route="POST /v1/statements", prepare=_statement, stored=1, refused="statement-already-signed"),
    Race(route="POST /v1/sheets/{sheet_id}/recusals", prepare=_recusal, stored=1, refused="sheet-recused"),
    Race(route="POST /v1/sheets/{sheet_id}/voids", prepare=_void, stored=1, refused="sheet-void"),
    Race(route="POST /v1/sheets/{sheet_id}/replacements", prepare=_replacement, stored=1, refused="sheet-replaced"),
    Race(route="POST /v1/experts/{expert_id}/conflicts", prepare=_conflict),
    Race(route="POST /v1/experts/{expert_id}/pauses", prepare=_pause, stored=1, refused="action-not-allowed"),
    Race(route="POST /v1/experts/{expert_id}/resumptions", prepare=_resumption, stored=1, refused="action-not-allowed"),
    Race(route="POST /v1/experts/{expert_id}/ends", prepare=_end, stored=1, refused="expert-ended"),
    Race(route="POST /v1/reviews/{review_id}/seats", prepare=_seats, stored=1, refused="no-seat-vacant"),
    Race(route="POST /v1/reviews/{review_id}/closings", prepare=_closing, stored=1, refused="action-not-allowed"),
    Race(route="POST /v1/reviews/{review_id}/redraws", prepare=_redraw, stored=1, refused="redraw-already-proposed"),
    *(
        Race(
            route=f"POST /v1/redraws/{{redraw_id}}/{verb}",
            prepare=redraw_decision(verb, body),
            stored=1,
            refused="redraw-decided",
        )
        for verb, body in (("approvals", None), ("refusals", WHY))
    ),
    Race(route="POST /v1/rankings", prepare=_ranking, stored=1, refused="round-already-ranked"),
    Race(route="POST /v1/notices", prepare=_notice, stored=1, refused="nothing-to-show"),
    Race(route="POST /v1/objections", prepare=_objections),
    Race(route="POST /v1/objections/{objection_id}/evidence", prepare=_evidence),
    *(
        Race(route=f"POST {path}", prepare=prepare, stored=1, refused=refused)
        for path, prepare, refused in (
            ("/v1/objections/{objection_id}/filings", _filing, "action-not-allowed"),
            ("/v1/objections/{objection_id}/hearings", _hearing, "action-not-allowed"),
            ("/v1/objections/{objection_id}/statements", _firm_statement, "action-not-allowed"),
            ("/v1/objections/{objection_id}/answers", _answer, "objection-answered"),
            ("/v1/deliberations/{deliberation_id}/discards", _discard, "deliberation-discarded"),
            ("/v1/deliberations/{deliberation_id}/conclusions", _conclusion, "action-not-allowed"),
            ("/v1/rankings/{ranking_id}/removals", _removal, "not-on-list"),
            ("/v1/rankings/{ranking_id}/reserve-calls", _reserve, "no-place-vacant"),
            ("/v1/rankings/{ranking_id}/closures", _closure, "list-decided"),
            ("/v1/reviews/{review_id}/holds", _hold, "review-on-hold"),
            ("/v1/reviews/{review_id}/releases", _release, "review-not-on-hold"),
            ("/v1/recusals/{recusal_id}/liftings", _lifting, "recusal-lifted"),
        )
    ),
    Race(route="POST /v1/deliberations/{deliberation_id}/attachments", prepare=_ballots),
    Race(route="POST /v1/recusals", prepare=_recusals),
    Race(route="POST /v1/deliberations", prepare=_deliberation, stored=1, refused="action-not-allowed"),
    *(
        Race(
            route=f"POST /v1/deliberations/{{deliberation_id}}/{verb}",
            prepare=decision(verb, body),
            stored=1,
            refused=refused,
        )
        for verb, body, refused in (
            ("holds", WHY, "action-not-allowed"),
            ("confirmations", None, "action-not-allowed"),
            ("returns", WHY, "deliberation-decided"),
            ("refusals", WHY, "deliberation-decided"),
        )
    ),
    Race(route="POST /v1/announcements", prepare=_announcement, stored=1, refused="deliberation-decided"),
]


def test_every_creating_command_has_its_race() -> None:
    assert {race.route for race in RACES} == routes(SERVICE)


@pytest.mark.parametrize("race", RACES, ids=str)
async def test_four_at_once_are_stored_or_truthfully_refused(service: Alone, race: Race) -> None:
    await run(race, service)


async def test_the_last_sheets_handed_in_at_once_make_one_score(service: Alone) -> None:
    await run(next(race for race in RACES if race.stored == 3), service)

    assert [row["state"] for row in await service.rows("reviews")] == ["scored"]
