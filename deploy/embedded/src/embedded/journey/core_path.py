"""The story of `make run`: two honours from the published programme to a registered brand, and on to its revocation."""

from dataclasses import dataclass
from typing import Final

from embedded.journey import content, stages
from embedded.journey.player import Player

MAILS: Final = ("ApplicationSubmitted", "ReviewCompleted", "BrandRegistered", "BrandRevoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A demo applicant, the honour it applies for, and the number of the document that announces it."""

    honour: str
    actor: str
    document_number: str


CAST: Final = (
    Candidate(honour="FAMOUS_PRODUCT", actor="applicant-1", document_number="鲁名牌字〔2015〕1号（演示）"),
    Candidate(honour="SERVICE_BRAND", actor="applicant-3", document_number="鲁名牌字〔2015〕2号（演示）"),
)


async def play(player: Player) -> None:
    """Play the whole core path. Raises StepFailed at the first step that goes wrong."""
    await stages.set_up_province(player)
    for candidate in CAST:
        await play_honour(player, candidate)


async def play_honour(player: Player, candidate: Candidate) -> str:
    """Play one honour from the call to the exit; returns the brand's number."""
    round_id = await stages.open_round(player, candidate.honour)
    firm = await stages.register_applicant(player, candidate.actor)
    application_id = await stages.apply(player, candidate.actor, round_id, candidate.honour)
    await stages.recommend(player, application_id, firm.division)
    await stages.accept(player, application_id)
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)
    await stages.score(player)
    ranking = await stages.rank(player, round_id)
    notice = await stages.put_on_notice(player, ranking["id"])
    await stages.object_and_answer(player, notice["id"], application_id, verdict="rejected")
    await stages.let_notice_run_out(player, notice)
    deliberation_id = await stages.deliberate(player, ranking["id"])
    await stages.confirm(player, deliberation_id)
    await stages.announce(player, deliberation_id, document_number=candidate.document_number)
    number = await wait_for_brand(player, candidate.actor, application_id)
    await exit_by_two_persons(player, number, candidate.honour)
    await wait_for_mails(player, candidate.actor, firm.uscc)
    return number


async def wait_for_brand(player: Player, actor: str, application_id: str) -> str:
    """Wait until the applicant sees the brand of his application; returns its number."""
    number = await player.until(
        actor, "sees his brand", f"/v1/applications/{application_id}", lambda seen: seen["brand_number"],
        event="BrandRegistered",
    )  # fmt: skip
    verified = await player.ask(None, f"/v1/brands/{number}/verification")
    await player.check("checks the number: genuine and in force", verified["in_force_now"], answer=True)
    return str(number)


async def exit_by_two_persons(player: Player, number: str, honour: str) -> None:
    """Warn, suspend and revoke, each proposed by one person and approved by another."""
    grounds = content.programme(honour).title.grounds
    for verb, ground, event in (
        ("warnings", grounds.warn[0], "BrandWarned"),
        ("suspensions", grounds.suspend[0], "BrandSuspended"),
        ("revocations", grounds.revoke[0], "BrandRevoked"),
    ):
        await stages.act(player, number, verb=verb, grounds=ground.code, event=event)
    verified = await player.ask(None, f"/v1/brands/{number}/verification")
    await player.check("checks again: revoked", verified["in_force_now"], answer=False, code="revoked")
    await player.until(
        None, "reads the revocation in the feed", "/v1/events",
        lambda page: [one for one in page["items"] if one["data"]["number"] == number],
        types="cn.mingpai.registry.BrandRevoked.v1", event="BrandRevoked",
    )  # fmt: skip


async def wait_for_mails(player: Player, actor: str, org: str) -> None:
    """Wait until the mail server has accepted the applicant's mails."""

    def arrived(page: dict[str, list[dict[str, str]]]) -> bool:
        delivered = {one["event_type"] for one in page["items"] if one["state"] == "delivered"}
        return delivered >= set(MAILS)

    await player.until(actor, "has his mails", "/v1/messages", arrived, event="MessageDelivered", org=org, limit="200")
