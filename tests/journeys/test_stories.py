"""The course of an application as a citizen or an officer sees it; `STORIES=all` plays it for every honour."""

from copy import deepcopy
from typing import Any

import pytest

from embedded.journey import content, core_path, stages
from embedded.journey.core_path import Candidate
from embedded.journey.player import Player, StepFailed
from support.casts.stories import HONOURS

OTHERS = {"FAMOUS_PRODUCT": "applicant-2", "SERVICE_BRAND": "applicant-2"}

pytestmark = pytest.mark.parametrize("candidate", HONOURS, ids=lambda candidate: candidate.honour)


async def accepted(player: Player, candidate: Candidate, round_id: str, *, actor: str | None = None) -> str:
    """Bring an application to acceptance; returns its id."""
    actor = actor or candidate.actor
    firm = await stages.register_applicant(player, actor)
    application_id = await stages.apply(player, actor, round_id, candidate.honour)
    await stages.recommend(player, application_id, firm.division)
    await stages.accept(player, application_id)
    return application_id


async def listed(player: Player, round_id: str, *, share: str = "0.85") -> dict[str, Any]:
    """Draw, score and rank; returns the list."""
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)
    await stages.score(player, share=share)
    return await stages.rank(player, round_id)


async def concluded(player: Player, ranking: dict[str, Any], notice: dict[str, Any]) -> str:
    """Let the notice run out and deliberate; returns the deliberation's id."""
    await stages.let_notice_run_out(player, notice)
    return await stages.deliberate(player, ranking["id"])


async def ends_as(player: Player, actor: str, application_id: str, stage: str) -> dict[str, Any]:
    """Wait until the applicant sees the result and gets the mail about it."""
    seen: dict[str, Any] = await player.until(
        actor,
        f"sees {stage}",
        f"/v1/applications/{application_id}",
        lambda application: application if application["stage"] == stage else None,
    )
    return seen


async def mails_of(player: Player, actor: str, *kinds: str) -> None:
    """Wait until mails of these kinds have been delivered to the actor's organisation."""

    def arrived(page: dict[str, Any]) -> bool:
        return {one["event_type"] for one in page["items"] if one["state"] == "delivered"} >= set(kinds)

    await player.until(actor, f"has mails about {kinds}", "/v1/messages", arrived, limit="200")


async def test_a_recognised_brand_is_registered_warned_suspended_and_revoked(
    player: Player, candidate: Candidate
) -> None:
    number = await core_path.play_honour(player, candidate)

    brand = await player.ask(None, f"/v1/brands/{number}")
    history = await player.ask(None, f"/v1/brands/{number}/history")
    assert brand["state"] == "revoked"
    assert [change["to_state"] for change in history["items"]] == ["active", "warned", "suspended", "revoked"]
    (application,) = (await player.ask(candidate.actor, "/v1/applications"))["items"]
    await ends_as(player, candidate.actor, application["id"], "brand_revoked")


async def test_an_application_below_the_line_is_not_recognised_and_notified(
    player: Player, candidate: Candidate
) -> None:
    round_id = await stages.open_round(player, candidate.honour)
    application_id = await accepted(player, candidate, round_id)
    ranking = await listed(player, round_id, share="0.1")
    notice = await stages.put_on_notice(player, ranking["id"])

    await announced(player, ranking, notice, candidate)

    ended = await ends_as(player, candidate.actor, application_id, "not_recognised")
    assert ended["brand_number"] is None
    assert notice["items"] == []
    assert (await player.ask(None, "/v1/brands"))["items"] == []
    await mails_of(player, candidate.actor, "ReviewCompleted")


async def announced(player: Player, ranking: dict[str, Any], notice: dict[str, Any], candidate: Candidate) -> None:
    """Deliberate, confirm and announce."""
    deliberation_id = await concluded(player, ranking, notice)
    await stages.confirm(player, deliberation_id)
    await stages.announce(player, deliberation_id, document_number=candidate.document_number)


async def test_an_application_can_be_rejected_at_acceptance(player: Player, candidate: Candidate) -> None:
    round_id = await stages.open_round(player, candidate.honour)
    firm = await stages.register_applicant(player, candidate.actor)
    application_id = await stages.apply(player, candidate.actor, round_id, candidate.honour)
    await stages.recommend(player, application_id, firm.division)

    await player.do(
        stages.OFFICER,
        "rejects it",
        f"/v1/applications/{application_id}/rejections",
        {"reasons": ["检验报告已过期。"]},
        event="ApplicationRejected",
    )

    ended = await ends_as(player, candidate.actor, application_id, "rejected")
    assert (ended["state"], ended["reason"], ended["allowed_actions"]) == ("rejected", "检验报告已过期。", [])
    await mails_of(player, candidate.actor, "ApplicationRejected")


async def test_a_withdrawn_application_leaves_the_review(player: Player, candidate: Candidate) -> None:
    round_id = await stages.open_round(player, candidate.honour)
    application_id = await accepted(player, candidate, round_id)
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)

    await player.do(
        candidate.actor,
        "withdraws it",
        f"/v1/applications/{application_id}/withdrawals",
        {"reason": "企业调整计划。"},
        event="WithdrawalRequested",
    )

    await player.until(
        stages.OFFICER,
        "sees the review withdrawn",
        "/v1/reviews",
        lambda page: [one["state"] for one in page["items"]] == ["withdrawn"],
        application_id=application_id,
    )
    for expert in player.demo.experts:
        assert (await player.ask(expert.client, "/v1/sheets", waiting_for="me"))["items"] == []
    await ends_as(player, candidate.actor, application_id, "withdrawn")
    await mails_of(player, candidate.actor, "WithdrawalRequested", "ApplicationWithdrawn")


async def test_an_upheld_objection_takes_the_place_away_and_leaves_it_vacant(
    player: Player, candidate: Candidate
) -> None:
    round_id = await stages.open_round(player, candidate.honour)
    application_id = await accepted(player, candidate, round_id)
    ranking = await listed(player, round_id)
    notice = await stages.put_on_notice(player, ranking["id"])
    await stages.object_and_answer(player, notice["id"], application_id, verdict="upheld")

    await announced(player, ranking, notice, candidate)

    await ends_as(player, candidate.actor, application_id, "not_recognised")
    assert (await player.ask(None, "/v1/announcements"))["items"][0]["items"] == []


async def test_a_list_refused_by_the_office_recognises_nobody(player: Player, candidate: Candidate) -> None:
    round_id = await stages.open_round(player, candidate.honour)
    application_id = await accepted(player, candidate, round_id)
    ranking = await listed(player, round_id)
    notice = await stages.put_on_notice(player, ranking["id"])
    deliberation_id = await concluded(player, ranking, notice)

    await player.do(
        stages.OFFICE,
        "refuses the list",
        f"/v1/deliberations/{deliberation_id}/refusals",
        {"reason": "程序不合规。"},
        event="ListRefused",
    )

    await ends_as(player, candidate.actor, application_id, "not_recognised")
    with pytest.raises(StepFailed, match="deliberation-decided"):
        await stages.announce(player, deliberation_id, document_number=candidate.document_number)


async def test_of_two_equals_at_the_quota_line_one_is_admitted_and_the_tie_explained(
    player: Player, candidate: Candidate
) -> None:
    definition = deepcopy(content.programme(candidate.honour).definition)
    definition["quota"]["total"] = 1
    round_id = await stages.open_round(player, candidate.honour, definition=definition)
    first = await accepted(player, candidate, round_id)
    second = await accepted(player, candidate, round_id, actor=OTHERS[candidate.honour])
    ranking = await listed(player, round_id)
    notice = await stages.put_on_notice(player, ranking["id"])

    await announced(player, ranking, notice, candidate)

    (won,) = (await player.ask(None, "/v1/announcements"))["items"][0]["items"]
    lost = ({first, second} - {won["application_id"]}).pop()
    loser = candidate.actor if lost == first else OTHERS[candidate.honour]
    winner = OTHERS[candidate.honour] if lost == first else candidate.actor
    await ends_as(player, winner, won["application_id"], "registered")
    await ends_as(player, loser, lost, "not_recognised")
    assert [item["tie"] is not None for item in ranking["items"]] == [True, True]
    assert len((await player.ask(None, "/v1/brands"))["items"]) == 1
