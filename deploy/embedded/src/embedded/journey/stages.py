"""The stages of the core path, each a few steps; stories put them together, those of the tests with other turns."""

from datetime import datetime, timedelta
from typing import Any, Final

from embedded.demo import Applicant, Demo
from embedded.journey import content
from embedded.journey.player import Player

ADMINISTRATOR: Final = "administrator"
OFFICER: Final = "officer-1"
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
            "employer": expert.employer,
            "division": expert.division,
            "specialities": list(expert.specialities),
            "conflicts": [],
        }
        await player.do(OFFICER, f"takes {person.name.zh} into the pool of experts", "/v1/experts", person_body)


async def open_round(player: Player, honour: str, *, definition: dict[str, Any] | None = None) -> str:
    """Publish the honour's programme, or another definition of it, and open its round; returns the round's id."""
    definition = definition or content.programme(honour).definition
    published = await player.do(
        ADMINISTRATOR, f"publishes the programme {honour}", "/v1/programmes", {"definition": definition},
        event="ProgrammePublished",
    )  # fmt: skip
    now = await legal_now(player)
    body = {
        "programme_id": published["id"],
        "year": YEAR,
        "opens_at": "2015-10-08T00:00:00+08:00",
        "closes_at": (now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=60)).isoformat(),
    }
    opened = await player.do(OFFICE, f"opens the round {YEAR}", "/v1/rounds", body, event="RoundOpened")
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


async def draw(player: Player, round_id: str) -> None:
    """Draw the panels of the round."""
    body = {"round_id": round_id, "seed": f"demo seed of {player.story}"}
    await player.do(OFFICER, "draws the panels", "/v1/draws", body, event="PanelDrawn")


async def score(player: Player, shares: dict[str, str] | None = None, *, share: str = "0.85") -> None:
    """Have every expert fill in and hand in what lies on his desk.

    `shares` gives the share of the caps by the applicant's USCC; others get `share`.
    """
    for expert in player.demo.experts:
        desk = await player.ask(expert.client, "/v1/sheets", waiting_for="me", limit="200")
        for waiting in desk["items"]:
            sheet = await player.ask(expert.client, f"/v1/sheets/{waiting['id']}")
            wanted = (shares or {}).get(sheet["application"]["applicant"]["uscc"], share)
            points = content.scores(sheet["indicators"], share=wanted)
            filled = await player.do(
                expert.client, "fills in a score sheet", f"/v1/sheets/{sheet['id']}", {"scores": points},
                method="PUT", version=sheet["version"],
            )  # fmt: skip
            await player.do(
                expert.client, "hands it in", f"/v1/sheets/{filled['id']}/submissions", event="ReviewScored"
            )


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
    """File one objection against an application on notice, and answer it."""
    body = {
        "notice_id": notice_id,
        "application_id": application_id,
        "grounds": "申报材料中的一项荣誉可能已过期，请核实。",
        "name": "演示异议人",
        "contact": "objector@example.test",
        "real_name": True,
    }
    filed = await player.do("partner", "objects", "/v1/objections", body, event="ObjectionFiled")
    answer = {"verdict": verdict, "reason": "经核实，结论已记录在案。"}
    await player.do(
        OFFICER, f"answers: {verdict}", f"/v1/objections/{filed['id']}/answers", answer, event="ObjectionResolved"
    )


async def let_notice_run_out(player: Player, notice: dict[str, Any]) -> None:
    """Move the demo's legal clock to the day after the notice."""
    after = datetime.fromisoformat(f"{notice['closes_on']}T09:00:00+08:00") + timedelta(days=1)
    if await legal_now(player) < after:
        await player.do(
            ADMINISTRATOR, f"lets the notice run out ({notice['closes_on']})", "/v1/demo/clock",
            {"now": after.isoformat()},
        )  # fmt: skip


async def deliberate(player: Player, ranking_id: str) -> str:
    """Record the recognition body's vote; returns the deliberation's id."""
    body = {
        "ranking_id": ranking_id,
        "votes_for": 11,
        "votes_against": 1,
        "abstained": 0,
        "minutes": "会议审议了名单，表决通过。",
    }
    concluded = await player.do(
        OFFICER, "deliberates and votes", "/v1/deliberations", body, event="DeliberationConcluded"
    )
    return str(concluded["id"])


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
    """Return what the demo's legal clock says."""
    return datetime.fromisoformat((await player.ask(None, "/v1/demo/clock"))["now"])


def applicant_of(demo: Demo, actor: str) -> Applicant:
    """Return the organisation that a demo applicant acts for."""
    client = demo.client(actor)
    return next(firm for firm in demo.applicants if client is not None and firm.uscc == client.org)
