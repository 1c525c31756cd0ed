"""Nothing that the review must keep to itself leaves it: everything is planted, then every answer and event is read."""

from support.casts.reviewing import DEPARTMENT, EVERYBODY, EXPERTS, OFFICER, Round
from support.service.alone import Alone

OBJECTOR = ("虚构异议人", "objector@citizen.example", "所列荣誉已过期。")
NOUNS = (
    "experts",
    "reviews",
    "draws",
    "redraws",
    "statements",
    "sheets",
    "rankings",
    "notices",
    "objections",
    "deliberations",
    "announcements",
    "recusals",
)
SEE_EXPERTS = ("recognition_officer", "observer")
SEE_SCORES = ("recognition_officer", "office", "observer")


async def answers(service: Alone, who: str) -> str:
    """Return every answer that somebody gets, lists and single things, refusals included."""
    texts = []
    for noun in NOUNS:
        texts.append((await service.send("GET", f"/v1/{noun}", who=who)).text)
        for row in await service.rows(noun):
            answer = await service.send("GET", f"/v1/{noun}/{row['id']}", who=who)
            # a refusal repeats the id that was asked for, and nothing else of the thing
            texts.append(answer.text.replace(row["id"], "") if answer.status_code == 404 else answer.text)
    return "\n".join(texts)


async def test_experts_objectors_and_scores_stay_where_they_belong(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    notice = await round_.notice()
    filed = await round_.object(notice["id"])
    await round_.post(f"/v1/objections/{filed['id']}/answers", {"verdict": "rejected", "reason": "不成立。"})
    on_sqlite.legal.move(days=9)
    deliberation = await round_.vote(notice["ranking_id"])
    await round_.post(f"/v1/deliberations/{deliberation['id']}/confirmations", who="office|SD-OFFICE")
    body = {"deliberation_id": deliberation["id"], "document_number": "8号", "effective_on": "2015-12-20"}
    await round_.post("/v1/announcements", body, who="office|SD-OFFICE")
    pool = await on_sqlite.rows("experts")
    names, ids = [row["name"] for row in pool], [row["id"] for row in pool]
    sheet_scores = {score for row in await on_sqlite.rows("sheets") for score in row["scores"].values()}
    assert len(names) == len(EXPERTS)
    assert {str(row["score"]) for row in await on_sqlite.rows("reviews")} == {"80.00"}
    assert "12.0" in sheet_scores

    for who in (*EVERYBODY, ""):
        role = who.partition("|")[0]
        seen = await answers(on_sqlite, who)
        assert [one for one in OBJECTOR[:2] if one in seen] == (list(OBJECTOR[:2]) if who == OFFICER else []), who
        own = next(((row["name"], row["id"]) for row in pool if who.endswith(f"|{row['sub']}")), ())
        known = [*names, *ids] if role in SEE_EXPERTS else list(own)
        assert [one for one in (*names, *ids) if one in seen] == known, who
        assert role in SEE_EXPERTS or not [one for one in EXPERTS if one in seen and not who.endswith(one)], who
        assert ("80.00" in seen) == (role in SEE_SCORES), who
        assert ('"12.0"' in seen) == (role == "expert"), who
    assert OBJECTOR[2] in await answers(on_sqlite, OFFICER)
    assert OBJECTOR[2] not in await answers(on_sqlite, DEPARTMENT)

    rows = await on_sqlite.rows("outbox")
    outside = [row["payload"].decode() + str(row["headers"]) for row in rows if ".internal." not in row["topic"]]
    inside = [row["payload"].decode() for row in rows if ".internal." in row["topic"]]
    secrets = [*names, *ids, *EXPERTS, *OBJECTOR, "80.00", "partner-1", "SD-370100", "registration", "arithmetic"]
    assert len(outside) == len(inside)
    assert not [one for one in secrets if any(one in text for text in outside)]
    assert [one for one in OBJECTOR if any(one in text for text in inside)] == list(OBJECTOR)
    assert not [one for one in (*names, *ids, "80.00") if any(one in text for text in inside)]
