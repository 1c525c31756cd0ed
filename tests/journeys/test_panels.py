"""What may go wrong in a round, and how it goes on: at its desks, on a panel, and on the list.

`STORIES=all` plays the round of the desks and the list for every honour on both databases; without it once.
"""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest

from embedded.journey import content, stages
from embedded.journey.core_path import Candidate
from embedded.journey.player import Player, StepFailed
from support.casts.stories import CASE, DATABASES, HONOURS
from support.stack import running as stack

OTHER_OFFICER = "officer-2"
WHY: Final = {"reason": "须补充说明。"}


async def desks(player: Player) -> dict[str, dict[str, Any]]:
    """Return the open sheet of each expert who has one, by client."""
    found: dict[str, dict[str, Any]] = {}
    for expert in player.demo.experts:
        items = (await player.ask(expert.client, "/v1/sheets", waiting_for="me"))["items"]
        if items:
            (found[expert.client],) = items
    return found


async def reads_until(player: Player, expert: str, path: str, status: int) -> None:
    """Ask for a material as an expert until the answer has this status: the panel arrives by event."""

    async def answer() -> int:
        return (await player.client.get(path, headers=await player.headers(expert))).status_code

    end = datetime.now().astimezone() + timedelta(seconds=player.patience)
    while await answer() != status:
        assert datetime.now().astimezone() < end, f"{expert} does not get {status}"


async def overdue(player: Player) -> None:
    """Wait until the job of terms has noted that the open sheets are late: no sheet changes under its expert's pen."""
    query = {"state": "open", "overdue": "false"}
    end = datetime.now().astimezone() + timedelta(seconds=player.patience)
    while (await player.ask(stages.OFFICER, "/v1/sheets", **query))["items"]:
        assert datetime.now().astimezone() < end, "the term of a sheet does not pass"


async def test_a_panel_with_a_recusal_an_absence_and_a_redraw_still_ends_in_a_list(player: Player) -> None:
    round_id = await stages.open_round(player, CASE.honour)
    firm = await stages.register_applicant(player, CASE.actor)
    application_id = await stages.apply(player, CASE.actor, round_id, CASE.honour)
    await stages.recommend(player, application_id, firm.division)
    review_id = await stages.accept(player, application_id)
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)

    # the technical seat asks for a speciality that not every stand-in has
    (biased, mine), (absent, late) = (one for one in (await desks(player)).items() if one[1]["role"] != "technical")
    sheet = await player.ask(biased, f"/v1/sheets/{mine['id']}")
    material = sheet["application"]["attachments"][0]["digest"]
    path = f"/v1/applications/{application_id}/attachments/{material}"
    await reads_until(player, biased, path, 200)
    body = {"ground": "near_relative", "reason": "近亲属在申报单位任职。"}
    await player.do(biased, "recuses himself", f"/v1/sheets/{mine['id']}/recusals", body, event="PanelChanged")
    await reads_until(player, biased, path, 404)
    assert biased not in await desks(player)

    after = datetime.fromisoformat(f"{late['due_on']}T09:00:00+08:00") + timedelta(days=1)
    await player.do(stages.ADMINISTRATOR, "lets the term run out", "/v1/demo/clock", {"now": after.isoformat()})
    await overdue(player)
    await player.do(
        stages.OFFICER, "replaces him", f"/v1/sheets/{late['id']}/replacements", {"reason": "联系不上。"},
        event="PanelChanged",
    )  # fmt: skip
    panel = await desks(player)
    assert absent not in panel
    assert len(panel) == 3

    await stages.score(player, share="0.3")
    why = {"reason": "抽取时专家库名单有误。"}
    redraw = await player.do(stages.OFFICER, "proposes a redraw", f"/v1/reviews/{review_id}/redraws", why)
    await player.do(OTHER_OFFICER, "approves it", f"/v1/redraws/{redraw['id']}/approvals", event="PanelDissolved")
    seed = {"round_id": round_id, "seed": "the seed of the redraw"}
    await player.do(stages.OFFICER, "draws again", "/v1/draws", seed, event="PanelDrawn")
    assert biased not in await desks(player), "the declared ground keeps him from every later panel"
    await stages.score(player, share="0.9")
    await stages.rank(player, round_id)

    review = await player.ask(stages.OFFICER, f"/v1/reviews/{review_id}")
    assert (review["state"], review["rank"], review["vacancies"]) == ("shortlisted", 1, [])


def on_databases(story: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Play a story on each of the databases; a stack has its own."""
    return pytest.mark.parametrize("databases", DATABASES, indirect=True)(story) if stack.FOLDER is None else story


def has_stage(stage: str, application: dict[str, Any]) -> bool:
    """Return whether an application has come to a stage."""
    return bool(application["stage"] == stage)


async def let_pass(player: Player, days: int) -> None:
    """Move the legal clock forward by so many days."""
    then = await stages.legal_now(player) + timedelta(days=days)
    await player.do(stages.ADMINISTRATOR, f"lets {days} days pass", "/v1/demo/clock", {"now": then.isoformat()})


async def through_the_desks(player: Player, case: Candidate, round_id: str, other: str) -> tuple[str, str]:
    """Bring two applications to acceptance: a silent county, an overdue supplement, a draft that is left.

    Returns the ids of the applications of the case's own firm and of the other one.
    """
    firm, second = [await stages.register_applicant(player, actor) for actor in (case.actor, other)]
    first_id = await stages.apply(player, case.actor, round_id, case.honour)
    second_id = await stages.apply(player, other, round_id, case.honour)
    await stages.recommend(player, second_id, second.division)
    await stages.accept(player, second_id)
    body = {"round_id": round_id, "answers": content.answers(case.honour)}
    draft = await player.do(other, "leaves a draft", "/v1/applications", body)
    path = f"/v1/applications/{first_id}"

    await let_pass(player, 18)
    city = stages.CITY[firm.division]
    await player.until(city, "has it of a silent county", path, lambda one: one["escalated_from"] == "county")
    for _ in range(2):
        await player.do(city, "recommends it", f"{path}/recommendations", {"opinion": "同意推荐。"})
    await player.do(stages.OFFICER, "asks for a supplement", f"{path}/supplement-requests", WHY)
    await let_pass(player, 15)
    await player.until(stages.OFFICER, "sees it overdue", path, lambda one: one["overdue_at"] is not None)
    with pytest.raises(StepFailed, match="supplement-overdue"):
        await player.do(case.actor, "is late", f"{path}/supplements", {"answers": content.answers(case.honour)})
    await player.do(stages.OFFICER, "gives him a second term", f"{path}/supplement-extensions", WHY)
    await player.do(case.actor, "supplements it", f"{path}/supplements", {"answers": content.answers(case.honour)})
    await stages.accept(player, first_id)

    await let_pass(player, 14)
    await player.until(
        other, "sees his draft lapse", f"/v1/applications/{draft['id']}", lambda one: one["state"] == "lapsed"
    )
    round_ = await player.ask(None, f"/v1/rounds/{round_id}")
    assert round_["state"] == "closed", "by the clock"
    return first_id, second_id


@on_databases
@pytest.mark.parametrize("case", HONOURS, ids=lambda case: case.honour)
async def test_a_round_in_which_much_goes_wrong_at_its_desks_and_on_its_list_ends_lawfully(
    player: Player, case: Candidate
) -> None:
    other = "applicant-2"
    definition = deepcopy(content.programme(case.honour).definition)
    definition["quota"] |= {"total": 1, "reserve": 1}
    round_id = await stages.open_round(player, case.honour, definition=definition)
    cases = dict(zip(await through_the_desks(player, case, round_id, other), (case.actor, other), strict=True))
    await player.do(stages.OFFICER, "concludes", f"/v1/rounds/{round_id}/acceptance-conclusions")
    await stages.draw(player, round_id)
    await stages.score(player)
    ranking = await stages.rank(player, round_id)
    notice = await stages.put_on_notice(player, ranking["id"])
    (first,) = [item["application_id"] for item in notice["items"]]
    (second,) = cases.keys() - {first}

    await stages.object_and_answer(player, notice["id"], first, verdict="upheld")
    if definition["quota"]["reserve_call"]["rule"] == "by_officer":
        await player.do(stages.OFFICER, "calls the reserve", f"/v1/rankings/{ranking['id']}/reserve-calls", WHY)
    own = await stages.put_on_notice(player, ranking["id"])
    await stages.let_notice_run_out(player, own)
    returned = await stages.deliberate(player, ranking["id"])
    await player.do(
        stages.OFFICE, "returns the list", f"/v1/deliberations/{returned}/returns", WHY, event="ListReturned"
    )
    voted = await stages.deliberate(player, ranking["id"])
    await stages.confirm(player, voted)
    today = datetime.fromisoformat((await player.ask(None, "/v1/demo/clock"))["now"]).date()
    early = {
        "deliberation_id": voted,
        "document_number": case.document_number,
        "effective_on": (today - timedelta(days=1)).isoformat(),
    }
    with pytest.raises(StepFailed, match="effective-outside-term"):
        await player.do(stages.OFFICE, "announces it for yesterday", "/v1/announcements", early)
    await stages.announce(player, voted, document_number=case.document_number)

    assert ([item["application_id"] for item in own["items"]], own["supplementary"]) == ([second], True)
    for one, stage in ((first, "not_recognised"), (second, "registered")):
        await player.until(cases[one], f"sees {stage}", f"/v1/applications/{one}", partial(has_stage, stage))
    (brand,) = (await player.ask(None, "/v1/brands"))["items"]
    assert brand["state"] == "active"
