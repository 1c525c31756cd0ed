"""What may go wrong with a panel, and how the case goes on: recusal, an absent expert, a redraw by two persons."""

from datetime import datetime, timedelta
from typing import Any

from embedded.journey import stages
from embedded.journey.core_path import CAST
from embedded.journey.player import Player

CASE = next(one for one in CAST if one.honour == "SERVICE_BRAND")
OTHER_OFFICER = "officer-2"


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
