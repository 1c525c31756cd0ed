"""A small world for tests that call any operation: one thing of each kind, in the states where the most can be done.

One honour is played to a brand with an act that waits for the second person, the other to sheets on the experts' desks.
"""

from collections import defaultdict
from typing import Final

from embedded.demo.people import load_demo
from embedded.journey import content, core_path, stages
from embedded.journey.player import Player
from support.service.platform import Platform

FIRST, SECOND = core_path.CAST

LATE_EXPERT: Final = {
    "sub": "late-expert",
    "name": "虚构专家",
    "division": "370300",
    "grade": "senior",
    "roles": ["technical"],
    "specialities": ["tourism"],
    "organisations": [{"organisation": "12370100FAKE00056F"}],
}
World = dict[str, list[str]]
"""What parameters and members of this name may hold: the ids that exist."""

FILES: Final = (
    ("applications", "application_id", "applicant", "attachments"),
    ("deliberations", "deliberation_id", stages.OFFICER, "attachments"),
    ("objections", "objection_id", "partner", "evidence"),
)
"""The nouns that files are attached to: what their ids are called, who reads them, and where."""


async def settle(platform: Platform) -> World:
    """Play the world on an empty platform; returns the ids of what is in it, by parameter and member."""
    player = Player(platform.client, load_demo(), story="world", report=lambda _: None)
    await stages.set_up_province(player)
    await _recognised(player)
    await _under_review(player)
    return await _ids(platform, player)


async def _accepted(player: Player, candidate: core_path.Candidate) -> str:
    round_id = await stages.open_round(player, candidate.honour)
    firm = await stages.register_applicant(player, candidate.actor)
    application_id = await stages.apply(player, candidate.actor, round_id, candidate.honour)
    await stages.recommend(player, application_id, firm.division)
    await stages.accept(player, application_id)
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)
    return application_id


async def _recognised(player: Player) -> None:
    """Bring the first honour to an active brand with a proposed warning."""
    application_id = await _accepted(player, FIRST)
    application = await player.ask(FIRST.actor, f"/v1/applications/{application_id}")
    await stages.score(player)
    ranking = await stages.rank(player, application["round_id"])
    notice = await stages.put_on_notice(player, ranking["id"])
    await stages.object_and_answer(player, notice["id"], application_id, verdict="rejected")
    await stages.let_notice_run_out(player, notice)
    deliberation_id = await stages.deliberate(player, ranking["id"])
    await stages.confirm(player, deliberation_id)
    await stages.announce(player, deliberation_id, document_number=FIRST.document_number)
    number = await core_path.wait_for_brand(player, FIRST.actor, application_id)
    proposal = {
        "grounds": content.programme(FIRST.honour).title.grounds.warn[0].code,
        "reason": "监督检查发现问题，依据管理办法处理。",
        "document_number": "鲁名牌办〔2015〕9号（演示）",
        "effective_on": (await player.ask(None, "/v1/demo/clock"))["today"],
    }
    await player.do(stages.OFFICER, "proposes a warning", f"/v1/brands/{number}/warnings", proposal)


async def _under_review(player: Player) -> None:
    """Bring the second honour to sheets that wait, beside an application handed in and one that is a draft."""
    application_id = await _accepted(player, SECOND)
    round_id = (await player.ask(SECOND.actor, f"/v1/applications/{application_id}"))["round_id"]
    round_id = await stages.open_same_round(player, round_id, year=stages.YEAR + 1)
    await stages.apply(player, FIRST.actor, round_id, SECOND.honour)
    reason = {"reason": "分组有误，申请重新抽取。"}
    review = (await player.ask(stages.OFFICER, "/v1/reviews", application_id=application_id))["items"][0]["id"]
    await player.do(stages.OFFICER, "proposes a redraw", f"/v1/reviews/{review}/redraws", reason)
    recusal = {"applicant": "91370202FAKE0003XH", "reason": "近亲属在该单位任职。"}
    await player.do("observer", "declares a recusal", "/v1/recusals", recusal)
    await player.do(stages.OFFICER, "takes in an expert whom nobody draws any more", "/v1/experts", LATE_EXPERT)
    draft = {"round_id": round_id, "answers": content.answers(SECOND.honour)}
    await player.do(FIRST.actor, "drafts another one", "/v1/applications", draft)


def _one_of_each_kind(player: Player) -> dict[str, frozenset[str]]:
    """Return a client for each set of roles, with it, and every applicant and expert: they see only what is theirs."""
    found: dict[frozenset[str], list[str]] = defaultdict(list)
    for client in player.demo.clients:
        found[frozenset(client.roles)].append(client.id)
    return {
        one: roles for roles, them in found.items() for one in (them if roles & {"applicant", "expert"} else them[:1])
    }


async def _ids(platform: Platform, player: Player) -> World:
    """Read every list as one of each kind who may, and keep what its single resources are called by."""
    found: dict[str, set[str]] = defaultdict(set)
    readers = _one_of_each_kind(player)
    operations = await platform.operations()
    for single in sorted({path for _, path in operations if path.endswith("}")}):
        whole, _, name = single.removesuffix("}").rpartition("/{")
        if "{" in whole or ("GET", whole) not in operations:
            continue
        roles = set(operations["GET", whole]["x-roles"])
        for reader in [one for one, theirs in readers.items() if {"everyone", *theirs} & roles]:
            page = await player.ask(reader, whole)
            found[name] |= {str(item.get(name) or item["id"]) for item in page["items"]}
            found["applicant_id"] |= {item["applicant_id"] for item in page["items"] if "applicant_id" in item}
    found["holder"] = found["org"]
    found["uscc"] |= found["org"]
    found["org"] = found["code"] | found["org"]
    for noun, name, reader, member in FILES:
        for one in found[name]:
            answer = await platform.client.get(f"/v1/{noun}/{one}", headers=await platform.headers(reader))
            found["digest"] |= {file["digest"] for file in answer.json().get(member, [])}
    return {name: sorted(values) for name, values in found.items()}
