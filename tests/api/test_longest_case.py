"""One case with every value at its largest, from the programme to the exit: all that is accepted is processed."""

from datetime import date

from common.kernel.values.numbers import MAX_DAYS
from common.kernel.values.times import YEARS_AHEAD, anniversary
from embedded.demo.people import load_demo
from embedded.journey import content, core_path, stages
from embedded.journey.player import Player
from support.service.platform import Platform

FIRST = core_path.CAST[0]
LONGEST = "\U00020bb7" * 200


async def test_a_case_at_every_edge_becomes_a_brand_and_leaves_no_dead_letter(platform: Platform) -> None:
    player = Player(platform.client, load_demo(), story="edges", report=lambda _: None)
    await stages.set_up_province(player)
    rules = content.programme(FIRST.honour).model_dump(mode="json", exclude_unset=True)
    rules["title"]["validity"] |= {"years": 100, "ends": "year_end"}
    rules["quota"]["total"] = 99_999
    rules["notice"] |= {"days": MAX_DAYS, "kind": "working"}
    round_id = await stages.open_round(player, FIRST.honour, definition=rules)
    firm = stages.applicant_of(player.demo, FIRST.actor)
    body = {
        "uscc": firm.uscc,
        "name": LONGEST,
        "division": firm.division,
        "contact": firm.contact.model_dump() | {"name": LONGEST},
    }
    await player.do(FIRST.actor, "registers the longest name", "/v1/applicants", body)
    application_id = await stages.apply(player, FIRST.actor, round_id, FIRST.honour)
    await stages.recommend(player, application_id, firm.division)
    await stages.accept(player, application_id)
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)
    await stages.score(player)
    ranking = await stages.rank(player, round_id)
    await stages.let_notice_run_out(player, await stages.put_on_notice(player, ranking["id"]))
    deliberation_id = await stages.deliberate(player, ranking["id"])
    await stages.confirm(player, deliberation_id)

    today = date.fromisoformat((await player.ask(None, "/v1/demo/clock"))["today"])
    effective_on = anniversary(today, YEARS_AHEAD)
    for wrong, code in (
        ("9999-12-31", "request-invalid"),
        ("0001-01-01", "request-invalid"),
        ("1990-01-01", "effective-outside-term"),
    ):
        headers = await platform.headers("office", "POST")
        announced = {"deliberation_id": deliberation_id, "document_number": LONGEST, "effective_on": wrong}
        refused = await platform.client.post("/v1/announcements", json=announced, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/effective_on"]
    announced |= {"effective_on": str(effective_on)}
    await player.do(stages.OFFICE, "announces as far ahead as may be", "/v1/announcements", announced)
    number = await player.until(
        FIRST.actor, "sees his brand", f"/v1/applications/{application_id}", lambda seen: seen["brand_number"]
    )
    brand = await player.ask(None, f"/v1/brands/{number}")
    assert (brand["state"], brand["effective_on"]) == ("pending_effect", str(effective_on))
    assert (brand["valid_until"], brand["holder_name"]) == (f"{effective_on.year + 100}-12-31", LONGEST)

    grounds = content.programme(FIRST.honour).title.grounds.cancel[0].code
    await stages.act(player, str(number), verb="cancellations", grounds=grounds, event="BrandCancelled")
    await player.until(
        FIRST.actor,
        "sees the end",
        f"/v1/applications/{application_id}",
        lambda seen: seen["stage"] == "brand_cancelled",
    )
    counts = await platform.row_counts()
    assert {name: rows for name, rows in counts.items() if name.endswith(".dead_letters") and rows} == {}
