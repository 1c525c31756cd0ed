"""What the audit of the reviews says of persons: neither who scored nor who objected reaches the wrong reader."""

from typing import Any

from support.casts.programmes import full_scores
from support.casts.reviewing import OBSERVER, OFFICE, Round, expert
from support.service.alone import Alone


async def shown(service: Alone, who: str, subject: str) -> tuple[list[tuple[str, Any]], str]:
    """Return the actor of each act that a reader sees, and the whole answer as text."""
    answer = (await service.send("GET", f"/v1/audit?subject={subject}", who=who)).raise_for_status()
    return [(row["action"], row["actor_sub"]["value"]) for row in answer.json()["items"]], answer.text


async def test_the_office_does_not_learn_who_scored_and_the_observers_do(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw()
    sheets = await service.rows("sheets")
    for row in sheets:
        await round_.fill_in(row, full_scores("SERVICE_BRAND"))
        await round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))
    (review,) = await service.rows("reviews")

    for row in sheets:
        seen, _ = await shown(service, OBSERVER, row["id"])
        assert seen[1:] == [("fill_in", row["expert_sub"]), ("submit", row["expert_sub"])]
    for subject in (review["id"], *(row["id"] for row in sheets)):
        seen, text = await shown(service, OFFICE, subject)
        assert seen[-1][1] is None  # the last sheet scores the case, so that act would name its expert too
        assert [row["expert_sub"] for row in sheets if row["expert_sub"] in text] == []


async def test_nobody_learns_who_objected(service: Alone) -> None:
    round_ = await Round(service, firms=2, quota=1).open()
    notice = await round_.notice()
    filed = await round_.object(notice["id"], notice["items"][0]["application_id"])
    (row,) = await service.rows("objections")

    for who in (OFFICE, OBSERVER):
        seen, text = await shown(service, who, filed["id"])
        assert seen == [("draft", None), ("attach", None), ("file", None)]
        assert [word for word in (row["filed_by"], row["objector"]["name"]) if word in text] == []
