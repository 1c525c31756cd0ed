"""Scenes whose rule is in a command: one service, played once for several leaves; returns what people see, by name."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from applications_service.service import SERVICE as APPLICATIONS
from common.contracts.applications.reminders import TermReminded
from common.service import Service
from review_service.service import SERVICE as REVIEW
from support.casts import applying, reviewing
from support.casts.applying import ADMINISTRATOR, COUNTY, OFFICE, PERIOD
from support.casts.programmes import full_scores
from support.service.alone import Alone

Shown = dict[str, object]
_AGREED: Final = {"opinion": "材料属实，同意推荐。"}


@dataclass
class RoundUnder(reviewing.Round):
    """A round under review, under a whole definition."""

    given: dict[str, Any] = field(default_factory=dict)

    def rules(self) -> dict[str, Any]:
        """Return the definition that the round is under."""
        return self.given


async def _in_applications(service: Alone, given: dict[str, Any]) -> Shown:
    """Recommend two applications of one county, let the formal check pass, and number another honour's brands."""
    await applying.enter_agencies(service)
    body = {"code": "SD-BODY", "kind": "recognition_body", "name": "认定机构", "division": "370000"}
    await applying.made(service, "/v1/agencies", body, ADMINISTRATOR)
    edition = await applying.publish_definition(service, given)
    opening = {"programme_id": edition["id"], "year": 2015, **PERIOD}
    round_ = await applying.made(service, "/v1/rounds", opening, OFFICE)
    await applying.register(service)
    first = (await applying.begin(service, round_["id"]))["id"]
    second = (await applying.begin(service, round_["id"], product_category="other_products"))["id"]
    for one in (first, second):
        await applying.complete(service, one)
        await applying.do(service, one, "submissions", applying.APPLICANT)
    await applying.do(service, first, "recommendations", COUNTY, _AGREED)
    await applying.do(service, first, "recommendations", applying.CITY, _AGREED)
    limited = await service.send("POST", f"/v1/applications/{second}/recommendations", _AGREED, who=COUNTY)
    service.legal.move(days=20)
    await applying.run_jobs(service)
    reminded = [one["data"] for one in await service.published(TermReminded)]
    return {
        "second of the county": limited.status_code,
        "reminders of the overdue check": sum(
            one["application_id"] == first and one["overdue"] is True for one in reminded
        ),
    }


async def _numbering(service: Alone, given: dict[str, Any]) -> Shown:
    """Propose the definition where an honour with its pattern of numbers has been published."""
    await applying.publish(service)
    proposed = await service.send("POST", "/v1/programmes", {"definition": given}, who=OFFICE)
    return {"proposal": proposed.status_code}


async def _in_review(service: Alone, given: dict[str, Any]) -> Shown:
    """Take a round from the draw to the announcement, with objections of every kind; the brand is a service."""
    round_ = await RoundUnder(service, given=given).open()
    await round_.draw()
    sheets = await service.rows("sheets")
    shown: Shown = {"sheet": await _read(service, f"/v1/sheets/{sheets[0]['id']}", sheets[0])}
    for sheet in sheets:
        await round_.fill_in(sheet, full_scores(reviewing.HONOUR))
        await round_.post(f"/v1/sheets/{sheet['id']}/submissions", who=reviewing.expert(sheet["expert_sub"]))
    ranking = await round_.post("/v1/rankings", {"round_id": reviewing.ROUND, "seed": "tie seed"})
    notice = await round_.post("/v1/notices", {"ranking_id": ranking["id"]})
    shown |= {"notice": notice, "end of the notice": notice["closes_on"]}
    shown |= await _objections(round_, notice["id"])
    service.legal.move(days=30)
    late = await _draft(round_, notice["id"])
    shown["objection after the notice"] = late.status_code
    deliberation = await round_.vote(ranking["id"])
    await round_.post(f"/v1/deliberations/{deliberation['id']}/confirmations", who=reviewing.OFFICE)
    body = reviewing.announcement(deliberation["id"])
    shown["announcement"] = await round_.post("/v1/announcements", body, who=reviewing.OFFICE)
    return shown


async def _silence(service: Alone, given: dict[str, Any]) -> Shown:
    """Let experts, the recognition body and a firm be silent in turn until after their terms."""
    round_ = await RoundUnder(service, firms=2, given=given).open()
    await round_.draw()
    shown = _reminders(await service.rows("sheets"))
    await _pass(service)
    shown |= await _after(service, await service.rows("sheets"), "scoring")
    for sheet in await service.rows("sheets"):
        await round_.fill_in(sheet, full_scores(reviewing.HONOUR))
        await round_.post(f"/v1/sheets/{sheet['id']}/submissions", who=reviewing.expert(sheet["expert_sub"]))
    ranking = await round_.post("/v1/rankings", {"round_id": reviewing.ROUND, "seed": "tie seed"})
    notice = await round_.post("/v1/notices", {"ranking_id": ranking["id"]})
    await round_.object(notice["id"])
    asked = await round_.object(notice["id"], "app_2")
    await round_.post(f"/v1/objections/{asked['id']}/hearings", {"question": "请说明。"})
    shown |= _reminders(await service.rows("objections"))
    await _pass(service)
    of_firm, of_body = sorted(await service.rows("objections"), key=lambda row: row["hearing_due_on"] is None)
    shown |= await _after(service, [of_firm], "objection_hearing")
    return shown | await _after(service, [of_body], "objection_investigation")


def _reminders(rows: list[dict[str, Any]]) -> Shown:
    """Return when those who have these things on their desks are reminded, by the clock that runs."""
    return {f"reminder: {row['clock']}": row["remind_on"] for row in rows}


async def _after(service: Alone, rows: list[dict[str, Any]], clock: str) -> Shown:
    """Return who has these things after their term has passed, and how often he was reminded of it."""
    ids = {row["id"] for row in rows}
    audit = [row for row in await service.rows("audit") if row["subject_id"] in ids]
    reminded = sum((row["action"], row["reason"]) == ("remind", clock) for row in audit)
    return {f"overdue: {clock}": ([row["waits_for"] for row in rows], reminded)}


async def _pass(service: Alone) -> None:
    """Let every term that runs now pass."""
    service.legal.move(days=60)
    for job in service.service.jobs:
        while await job.run(service.runtime):
            pass


async def _objections(round_: reviewing.Round, notice_id: str) -> Shown:
    """File an objection without a name, one without evidence, and one whose firm is asked for its position."""
    nameless = await _draft(round_, notice_id, real_name=False)
    bare = await _draft(round_, notice_id)
    path = f"/v1/objections/{bare.json()['id']}"
    unproved = await round_.service.send("POST", f"{path}/filings", who=reviewing.PARTNER)
    if unproved.status_code == 201:
        await round_.post(f"{path}/answers", {"verdict": "rejected", "reason": "没有证据。"})
    filed = await round_.object(notice_id)
    path = f"/v1/objections/{filed['id']}"
    hearing = await round_.post(f"{path}/hearings", {"question": "请说明。"})
    await round_.post(f"{path}/statements", {"statement": "情况不实。"}, who=reviewing.firm(1))
    await round_.post(f"{path}/answers", {"verdict": "rejected", "reason": "经查不实。"})
    return {
        "nameless objection": nameless.status_code,
        "objection without evidence": unproved.status_code,
        "end of the investigation": filed["investigation_due_on"],
        "end of the hearing": hearing["hearing_due_on"],
    }


async def _draft(round_: reviewing.Round, notice_id: str, *, real_name: bool = True) -> Any:  # noqa: ANN401 -- an answer
    body = reviewing.objection(notice_id, real_name=real_name)
    return await round_.service.send("POST", "/v1/objections", body, who=reviewing.PARTNER)


async def _read(service: Alone, path: str, sheet: dict[str, Any]) -> dict[str, Any]:
    answer = await service.send("GET", path, who=reviewing.expert(sheet["expert_sub"]))
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


SCENES: Final[Mapping[str, tuple[Service, Callable[[Alone, dict[str, Any]], Awaitable[Shown]]]]] = {
    "intake": (APPLICATIONS, _in_applications),
    "numbering": (APPLICATIONS, _numbering),
    "review": (REVIEW, _in_review),
    "silence": (REVIEW, _silence),
}
