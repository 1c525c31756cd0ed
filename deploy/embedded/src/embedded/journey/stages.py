"""The stages of the core path, each a few steps; the demo and the stories of the tests are made of them."""

from datetime import datetime, timedelta
from typing import Any, Final

from embedded.demo.people import Applicant, Demo
from embedded.journey import content
from embedded.journey.player import Player

ADMINISTRATOR: Final = "administrator"
OFFICER: Final = "officer-1"
OTHER_OFFICER: Final = "officer-2"
OFFICE: Final = "office-1"
OTHER_OFFICE: Final = "office-2"
YEAR: Final = 2015
COUNTY: Final = {"370102": "county-lixia", "370202": "county-shinan"}
CITY: Final = {"370102": "city-jinan", "370202": "city-qingdao"}


async def set_up_province(player: Player) -> None:
    """Enter the agencies with their contacts, and the pool of experts."""
    for agency in player.demo.agencies:
        body = {
            "code": agency.code,
            "kind": agency.kind,
            "name": agency.name.zh,
            "division": agency.division,
            "parent": agency.parent,
        }
        await player.do(ADMINISTRATOR, f"enters the agency {agency.name.zh}", "/v1/agencies", body)
        contact = {"org": agency.code, "name": agency.name.zh, "email": agency.contact}
        await player.do(ADMINISTRATOR, "names its contact", "/v1/contacts", contact)
    for expert in player.demo.experts:
        person = player.demo.client(expert.client)
        if person is None:
            raise ValueError(f"{expert.client} is no client")
        person_body: dict[str, Any] = {
            "sub": person.sub,
            "name": person.name.zh,
            "division": expert.division,
            "grade": "senior",
            "roles": list(expert.roles),
            "specialities": list(expert.specialities),
            "organisations": [{"organisation": expert.employer}],
        }
        await player.do(OFFICER, f"takes {person.name.zh} into the pool of experts", "/v1/experts", person_body)


async def open_round(player: Player, honour: str, *, definition: dict[str, Any] | None = None) -> str:
    """Publish the honour's programme, or another definition of it, and open its round; returns the round's id."""
    definition = definition or content.programme(honour).definition
    published = await publish_programme(player, definition)
    now = await legal_now(player)
    body = {
        "programme_id": published["id"],
        "year": YEAR,
        "opens_at": "2015-10-08T00:00:00+08:00",
        "closes_at": (now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=45)).isoformat(),
    }
    opened = await player.do(OFFICE, f"opens the round {YEAR}", "/v1/rounds", body, event="RoundOpened")
    return str(opened["id"])


async def publish_programme(player: Player, definition: dict[str, Any]) -> dict[str, Any]:
    """Propose a programme by one person of the office and publish it by another; returns it."""
    honour = definition["identity"]["honour"]
    proposed = await player.do(OFFICE, f"proposes the programme {honour}", "/v1/programmes", {"definition": definition})
    return await player.do(
        OTHER_OFFICE, "publishes it", f"/v1/programmes/{proposed['id']}/publications", event="ProgrammePublished"
    )


async def open_same_round(player: Player, round_id: str, *, year: int) -> str:
    """Open the round of another year under the same edition, for the same period; returns its id."""
    first = await player.ask(None, f"/v1/rounds/{round_id}")
    body = {name: first[name] for name in ("programme_id", "opens_at", "closes_at")} | {"year": year}
    opened = await player.do(OFFICE, f"opens the round {year}", "/v1/rounds", body, event="RoundOpened")
    return str(opened["id"])


async def register_applicant(player: Player, actor: str) -> Applicant:
    """Register the organisation of a demo applicant by its USCC."""
    firm = applicant_of(player.demo, actor)
    body = {
        "uscc": firm.uscc,
        "name": firm.name.zh,
        "kind": "enterprise",
        "division": firm.division,
        "contact": firm.contact.model_dump(),
    }
    await player.do(actor, f"registers {firm.name.zh}", "/v1/applicants", body)
    return firm


async def apply(
    player: Player, actor: str, round_id: str, honour: str, *, answers: dict[str, Any] | None = None
) -> str:
    """Draft, attach and submit an application; returns its id."""
    body = {"round_id": round_id, "answers": answers or content.answers(honour)}
    application = await player.do(actor, "drafts the application", "/v1/applications", body)
    for kind in (each.kind for each in content.programme(honour).materials.kinds if each.required):
        application = await player.do(
            actor,
            f"attaches {kind}",
            f"/v1/applications/{application['id']}/attachments",
            {"kind": kind},
            files={"file": (f"{kind}.pdf", content.material(kind), "application/pdf")},
        )
    receipt = await player.do(
        actor, "submits it", f"/v1/applications/{application['id']}/submissions", event="ApplicationSubmitted"
    )
    return str(receipt["application_id"])


async def recommend(player: Player, application_id: str, division: str) -> None:
    """Recommend at county and city level."""
    for recommender, opinion in ((COUNTY[division], "材料属实，同意推荐。"), (CITY[division], "同意推荐。")):
        await player.do(
            recommender, "recommends it", f"/v1/applications/{application_id}/recommendations", {"opinion": opinion},
            event="ApplicationRecommended",
        )  # fmt: skip


async def accept(player: Player, application_id: str) -> str:
    """Accept the application and wait for its review; returns the review's id."""
    await player.do(
        OFFICER, "accepts it", f"/v1/applications/{application_id}/acceptances", event="ApplicationAccepted"
    )
    found = await player.until(
        OFFICER, "sees the review opened", "/v1/reviews", lambda page: page["items"], event="ReviewOpened",
        application_id=application_id,
    )  # fmt: skip
    return str(found[0]["id"])


async def conclude_acceptance(player: Player, round_id: str) -> None:
    """Close the round before its day, and conclude its acceptance."""
    await player.do(OFFICE, "closes the round", f"/v1/rounds/{round_id}/closings", event="RoundClosed")
    await player.do(
        OFFICER, "concludes the acceptance", f"/v1/rounds/{round_id}/acceptance-conclusions",
        event="AcceptanceConcluded",
    )  # fmt: skip


async def draw(player: Player, round_id: str) -> None:
    """Draw the panels of the round, as soon as the review knows that its acceptance is concluded."""
    body = {"round_id": round_id, "seed": f"demo seed of {player.story}"}
    on_the_way = ("acceptance-not-concluded", "cases-missing")
    await player.do(OFFICER, "draws the panels", "/v1/draws", body, event="PanelDrawn", waits_out=on_the_way)


async def score(player: Player, shares: dict[str, str] | None = None, *, share: str = "0.85") -> None:
    """Have every expert sign the round's statement, and fill in and submit the sheets that wait for him.

    Each indicator gets a part of its maximum points: `shares` holds the part by the applicant's USCC, and `share`
    is for all other applicants.
    """
    for expert in player.demo.experts:
        desk = await player.ask(expert.client, "/v1/sheets", waiting_for="me", limit="200")
        for waiting in desk["items"]:
            sheet = await sheet_to_score(player, expert.client, waiting["id"])
            wanted = (shares or {}).get(sheet["application"]["applicant"]["uscc"], share)
            points = content.scores(sheet["indicators"], share=wanted)
            filled = await player.do(
                expert.client, "fills in a score sheet", f"/v1/sheets/{sheet['id']}", {"scores": points},
                method="PUT", version=sheet["version"],
            )  # fmt: skip
            await player.do(
                expert.client, "hands it in", f"/v1/sheets/{filled['id']}/submissions", event="ReviewScored"
            )


async def sheet_to_score(player: Player, expert: str, sheet_id: str) -> dict[str, Any]:
    """Read a sheet as its expert, who signs the round's statement before his first one."""
    sheet = await player.ask(expert, f"/v1/sheets/{sheet_id}")
    if sheet["statement_signed_at"] is None:
        await player.do(expert, "signs the statement", "/v1/statements", {"round_id": sheet["round_id"]})
    return sheet


async def rank(player: Player, round_id: str) -> dict[str, Any]:
    """Rank the round; returns the list."""
    body = {"round_id": round_id, "seed": f"tie seed of {player.story}"}
    return await player.do(OFFICER, "ranks within the quota", "/v1/rankings", body, event="ShortlistProposed")


async def put_on_notice(player: Player, ranking_id: str) -> dict[str, Any]:
    """Show the shortlist to the public; returns the notice."""
    return await player.do(
        OFFICER, "puts the shortlist on public notice", "/v1/notices", {"ranking_id": ranking_id},
        event="NoticePublished",
    )  # fmt: skip


async def object_and_answer(player: Player, notice_id: str, application_id: str, *, verdict: str) -> None:
    """File one objection with evidence against an application on notice, hear the firm, and answer it."""
    filed = await file_objection(player, notice_id, application_id)
    firm = next(one for one in player.demo.applicants if one.uscc == filed["applicant"])
    actor = next(client.id for client in player.demo.clients if client.org == firm.uscc)
    path = f"/v1/objections/{filed['id']}"
    question = {"question": "有异议称申报材料中的一项荣誉已过期，请说明并提供依据。"}
    await player.do(OFFICER, "asks the firm for its position", f"{path}/hearings", question, event="HearingOpened")
    await player.do(actor, "states its position", f"{path}/statements", {"statement": "该荣誉仍在有效期内，见附件。"})
    answer = {"verdict": verdict, "reason": "经核实，结论已记录在案。"}
    await player.do(OFFICER, f"answers: {verdict}", f"{path}/answers", answer, event="ObjectionResolved")


async def file_objection(player: Player, notice_id: str, application_id: str) -> dict[str, Any]:
    """Draft an objection, attach its evidence and file it; returns it."""
    body = {
        "notice_id": notice_id,
        "application_id": application_id,
        "grounds": "申报材料中的一项荣誉可能已过期，请核实。",
        "name": "演示异议人",
        "contact": "objector@example.test",
        "real_name": True,
    }
    drafted = await player.do("partner", "drafts an objection", "/v1/objections", body)
    path = f"/v1/objections/{drafted['id']}"
    await player.do(
        "partner", "attaches its evidence", f"{path}/evidence", files=_scan("evidence"), version=drafted["version"]
    )
    return await player.do("partner", "files it", f"{path}/filings", event="ObjectionFiled")


async def let_notice_run_out(player: Player, notice: dict[str, Any]) -> None:
    """Move the demo's legal clock to the day after the notice."""
    after = datetime.fromisoformat(f"{notice['closes_on']}T09:00:00+08:00") + timedelta(days=1)
    if await legal_now(player) < after:
        await player.do(
            ADMINISTRATOR, f"lets the notice run out ({notice['closes_on']})", "/v1/demo/clock",
            {"now": after.isoformat()},
        )  # fmt: skip


async def deliberate(player: Player, ranking_id: str) -> str:
    """Record the recognition body's vote, seat by seat, and have a second person conclude it; returns its id."""
    recorded = await player.do(OFFICER, "deliberates and votes", "/v1/deliberations", vote(ranking_id))
    path = f"/v1/deliberations/{recorded['id']}"
    for kind in ("ballots", "minutes"):
        await player.do(
            OFFICER, f"attaches the {kind}", f"{path}/attachments", {"kind": kind}, files=_scan(kind)
        )  # fmt: skip
    await player.do(OTHER_OFFICER, "confirms the record", f"{path}/conclusions", event="DeliberationConcluded")
    return str(recorded["id"])


def vote(ranking_id: str) -> dict[str, Any]:
    """Return the vote of the fifteen seats on a list: eleven for, one against, three absent."""
    votes = ["for"] * 11 + ["against"] + ["absent"] * 3
    return {
        "ranking_id": ranking_id,
        "votes": [
            {"seat": seat, "member": f"demo-member-{seat}", "vote": vote} for seat, vote in enumerate(votes, start=1)
        ],
        "minutes": "会议审议了名单，表决通过。",
    }


def _scan(kind: str) -> dict[str, tuple[str, bytes, str]]:
    return {"file": (f"{kind}.pdf", content.material(kind), "application/pdf")}


async def confirm(player: Player, deliberation_id: str) -> None:
    """Confirm the list by the leading group's office."""
    await player.do(
        OFFICE, "confirms the list", f"/v1/deliberations/{deliberation_id}/confirmations", event="ListConfirmed"
    )


async def announce(player: Player, deliberation_id: str, *, document_number: str) -> None:
    """Publish the announcement, effective today."""
    today = (await player.ask(None, "/v1/demo/clock"))["today"]
    body = {"deliberation_id": deliberation_id, "document_number": document_number, "effective_on": today}
    await player.do(OFFICE, f"announces {document_number}", "/v1/announcements", body, event="AnnouncementPublished")


async def act(player: Player, number: str, *, verb: str, grounds: str, event: str) -> None:
    """Propose an act on a brand by one person and approve it by another."""
    today = (await player.ask(None, "/v1/demo/clock"))["today"]
    body = {
        "grounds": grounds,
        "reason": "监督检查发现问题，依据管理办法处理。",
        "document_number": f"鲁名牌办〔{YEAR}〕{verb}-{number}",
        "effective_on": today,
    }
    proposed = await player.do(OFFICE, f"proposes: {verb}", f"/v1/brands/{number}/{verb}", body)
    await player.do(OTHER_OFFICE, "approves it", f"/v1/acts/{proposed['id']}/approvals", event=event)


async def legal_now(player: Player) -> datetime:
    """Return the time of the demo's legal clock."""
    return datetime.fromisoformat((await player.ask(None, "/v1/demo/clock"))["now"])


def applicant_of(demo: Demo, actor: str) -> Applicant:
    """Return the organisation that a demo applicant acts for."""
    client = demo.client(actor)
    return next(firm for firm in demo.applicants if client is not None and firm.uscc == client.org)
