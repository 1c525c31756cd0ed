"""Nothing that the review must keep to itself leaves it: everything is planted, then every answer and event is read."""

from support.reviewing import DEPARTMENT, EVERYBODY, EXPERTS, OFFICER, PARTNER, Round, objection
from support.service import Alone

OBJECTOR = ("虚构异议人", "objector@citizen.example", "所列荣誉已过期。")
NOUNS = ("experts", "reviews", "draws", "sheets", "rankings", "notices", "objections", "deliberations", "announcements")
SEE_EXPERTS = ("recognition_officer", "observer")
SEE_SCORES = ("recognition_officer", "office", "observer")


async def answers(service: Alone, who: str) -> str:
    """Return every answer that somebody gets, lists and single things, refusals included."""
    texts = []
    for noun in NOUNS:
        texts.append((await service.send("GET", f"/v1/{noun}", who=who)).text)
        things = [f"/v1/{noun}/{row['id']}" for row in await service.rows(noun)]
        texts += [(await service.send("GET", path, who=who)).text for path in things]
    return "\n".join(texts)


async def test_experts_objectors_and_scores_stay_where_they_belong(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    notice = await round_.notice()
    filed = await round_.post("/v1/objections", objection(notice["id"]), who=PARTNER)
    await round_.post(f"/v1/objections/{filed['id']}/answers", {"verdict": "rejected", "reason": "不成立。"})
    service.legal.move(days=9)
    vote = {
        "ranking_id": notice["ranking_id"],
        "votes_for": 11,
        "votes_against": 0,
        "abstained": 0,
        "minutes": "通过。",
    }
    deliberation = await round_.post("/v1/deliberations", vote)
    await round_.post(f"/v1/deliberations/{deliberation['id']}/confirmations", who="office|SD-OFFICE")
    body = {"deliberation_id": deliberation["id"], "document_number": "8号", "effective_on": "2015-12-20"}
    await round_.post("/v1/announcements", body, who="office|SD-OFFICE")
    names = [row["name"] for row in await service.rows("experts")]
    ids = [row["id"] for row in await service.rows("experts")]
    sheet_scores = {score for row in await service.rows("sheets") for score in row["scores"].values()}
    assert len(names) == len(EXPERTS)
    assert {str(row["score"]) for row in await service.rows("reviews")} == {"80.00"}
    assert "12.0" in sheet_scores

    for who in (*EVERYBODY, ""):
        role = who.partition("|")[0]
        seen = await answers(service, who)
        assert not [one for one in OBJECTOR[:2] if one in seen], who
        assert [one for one in (*names, *ids) if one in seen] == ([*names, *ids] if role in SEE_EXPERTS else []), who
        assert ("80.00" in seen) == (role in SEE_SCORES), who
        assert ('"12.0"' in seen) == (role == "expert"), who
    assert OBJECTOR[2] in await answers(service, OFFICER)
    assert OBJECTOR[2] not in await answers(service, DEPARTMENT)

    rows = await service.rows("outbox")
    outside = [row["payload"].decode() + str(row["headers"]) for row in rows if ".internal." not in row["topic"]]
    inside = [row["payload"].decode() for row in rows if ".internal." in row["topic"]]
    secrets = [*names, *ids, *EXPERTS, *OBJECTOR, "80.00", "partner-1", "SD-370100", "registration", "arithmetic"]
    assert len(outside) == len(inside)
    assert not [one for one in secrets if any(one in text for text in outside)]
    assert [one for one in OBJECTOR if any(one in text for text in inside)] == list(OBJECTOR)
    assert not [one for one in (*names, *ids, *EXPERTS, "80.00") if any(one in text for text in inside)]
