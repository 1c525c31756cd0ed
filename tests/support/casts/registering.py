"""Brands by the shortest way: the events that the registry consumes, and the requests that lead to any state."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from common.contracts.applications.applications import ApplicationAccepted
from common.contracts.applications.programmes import Names, ProgrammePublished
from common.contracts.applications.rounds import RoundOpened
from common.contracts.applications.usccs import UsccException
from common.contracts.review.announcements import AnnouncedCase, AnnouncementPublished
from common.contracts.review.deliberations import ListConfirmed, ListedCase, list_digest
from common.contracts.review.reviews import Outcome, Registration, ReviewCompleted
from common.kernel.digests import digest
from common.kernel.event import Event
from common.kernel.ids import new_id
from support.casts.actors import id_of
from support.casts.programmes import handed_in, item_members, programme
from support.service.alone import START, Alone

HONOUR: Final = "FAMOUS_PRODUCT"
USCC: Final = "91370102FAKE00013R"
NUMBER: Final = "SDMP-2015-00001-B"
TODAY: Final = "2015-10-08"
OFFICE: Final = "office|SD-OFFICE|370000|office-1"
OTHER_OFFICE: Final = "office|SD-OFFICE|370000|office-2"
OFFICER: Final = "recognition_officer|SD-BODY|370000|officer-1"
OBSERVER: Final = "observer|SD-WATCH|370000"
ACTS: Final = {
    "warn": ("warnings", "mark_misuse"),
    "suspend": ("suspensions", "failed_check"),
    "reinstate": ("reinstatements", "rectified"),
    "revoke": ("revocations", "fraud"),
    "cancel": ("cancellations", "holder_wish"),
}
LEADING_TO: Final[dict[str, tuple[str, ...]]] = {
    "pending_effect": (),
    "active": (),
    "warned": ("warn",),
    "suspended": ("suspend",),
    "revoked": ("revoke",),
    "cancelled": ("cancel",),
    "expired": (),
}


def programme_published(honour: str = HONOUR) -> ProgrammePublished:
    """Return the event by which the registry learns an honour's rules."""
    rules = programme(honour)
    return ProgrammePublished(
        programme_id=f"prg_{honour}",
        honour=honour,
        edition=1,
        digest=rules.digest,
        names=Names(zh=rules.name.zh, en=rules.name.en),
        definition=rules.definition,
    )


@dataclass(frozen=True, kw_only=True)
class Case:
    """The events about one recognised case, each agreeing with the others."""

    round: RoundOpened
    accepted: ApplicationAccepted
    confirmed: ListConfirmed
    announced: AnnouncementPublished
    completed: ReviewCompleted

    @property
    def grounds(self) -> tuple[Event, ...]:
        """Return what must be known before the title is registered, besides the rules, in the usual order."""
        return self.round, self.accepted, self.confirmed, self.announced


def case(
    *,
    honour: str = HONOUR,
    effective_on: str = TODAY,
    application_id: str | None = None,
    applicant: str = USCC,
    applicant_name: str = "济南虚泉精密机械有限公司",
    item: str = "虚泉牌数控车床",
    year: int = 2015,
    uscc_exception: UsccException | None = None,
    applicant_id: str | None = None,
    has_uscc: bool = True,
) -> Case:
    """Return the events about a case; every call is about another application, list and review.

    `applicant` is the code of its accounts, which is no USCC unless `has_uscc`.
    """
    rules = programme(honour)
    application = application_id or new_id("app")
    shared: dict[str, Any] = {"round_id": f"rnd_{honour}_{year}", "honour": honour}
    about: dict[str, Any] = {
        "application_id": application,
        "applicant_id": applicant_id or id_of(applicant),
        "applicant": applicant,
    }
    code = applicant if has_uscc else None
    mark: dict[str, Any] = {"uscc_exception": uscc_exception}
    snapshot = handed_in(
        honour,
        application_id=application,
        round_id=shared["round_id"],
        digest=rules.digest,
        item=item,
        id=about["applicant_id"],
        org=applicant,
        has_uscc=has_uscc,
        name=applicant_name,
        division="370102",
    )
    listed = ListedCase(**about, rank=1, digest=digest(snapshot))
    document: dict[str, Any] = {
        "document_number": "鲁名牌字〔2015〕1号",
        "effective_on": date.fromisoformat(effective_on),
    }
    return Case(
        round=RoundOpened(
            **shared,
            year=year,
            programme_id=f"prg_{honour}",
            edition=1,
            programme_digest=rules.digest,
            opens_at=START,
            closes_at=START,
            recommendation_closes_at=START,
            acceptance_closes_at=START,
        ),
        accepted=ApplicationAccepted(
            **shared,
            **about,
            **mark,
            division="370102",
            digest=listed.digest,
            programme_digest=rules.digest,
            edition=1,
            accepted_at=START,
            recommenders=("SD-370102",),
            snapshot=snapshot,
        ),
        confirmed=ListConfirmed(
            **shared,
            deliberation_id=f"dlb_{application}",
            ranking_id="rnk_1",
            list_digest=list_digest([listed]),
            items=(listed,),
        ),
        announced=AnnouncementPublished(
            **shared,
            **document,
            announcement_id=f"ann_{application}",
            deliberation_id=f"dlb_{application}",
            list_digest=list_digest([listed]),
            year=year,
            items=(AnnouncedCase(**about, applicant_name=applicant_name, item=item, rank=1),),
        ),
        completed=ReviewCompleted(
            **shared,
            **about,
            **mark,
            uscc=code,
            review_id=new_id("rev"),
            division="370102",
            outcome=Outcome.RECOGNISED,
            rank=1,
            reasons=(),
            announcement_id=f"ann_{application}",
            applicant_name=applicant_name,
            recommenders=("SD-370102",),
            registration=Registration(
                **document,
                **item_members(honour),
                item=item,
                year=year,
                digest=listed.digest,
                programme_digest=rules.digest,
                edition=1,
                validity_years=rules.title.validity_years,
                number_pattern=rules.title.number_pattern,
            ),
        ),
    )


async def register(service: Alone, **changes: Any) -> None:  # noqa: ANN401 -- goes on to `case`
    """Have the rules and every ground learned and a title registered; the first gets `NUMBER`."""
    events = case(**changes)
    honour = events.round.honour
    if honour not in {row["honour"] for row in await service.rows("rules")}:
        await service.deliver(programme_published(honour))
    for event in (*events.grounds, events.completed):
        await service.deliver(event)


async def wait_for_announcement(service: Alone, one: Case) -> str:
    """Deliver everything but the announcement; returns the id of the registration."""
    for event in (programme_published(), one.round, one.accepted, one.confirmed):
        await service.deliver(event)
    return await service.deliver(one.completed)


def proposal(action: str = "revoke", **changes: object) -> dict[str, Any]:
    """Return the body by which an act is proposed."""
    return {
        "grounds": ACTS[action][1],
        "reason": "监督检查发现问题，依据管理办法处理。",
        "document_number": f"鲁名牌办〔2015〕{action}号",
        "effective_on": TODAY,
        **changes,
    }


async def propose(service: Alone, action: str = "revoke", *, who: str = OFFICE, **changes: object) -> dict[str, Any]:
    """Propose an act on the first brand."""
    path = f"/v1/brands/{NUMBER}/{ACTS[action][0]}"
    answer = await service.send("POST", path, proposal(action, **changes), who=who)
    assert answer.status_code == 201, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def act(service: Alone, action: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- goes on to `propose`
    """Propose an act by one person and approve it by another."""
    proposed = await propose(service, action, **changes)
    answer = await service.send("POST", f"/v1/acts/{proposed['id']}/approvals", who=OTHER_OFFICE)
    assert answer.status_code == 201, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def run_calendar(service: Alone) -> int:
    """Do what the worker does every few seconds: let titles take effect and expire; returns how many did."""
    (job,) = (job for job in service.service.jobs if job.name == "calendar")
    return await job.run(service.runtime)


async def bring_to(service: Alone, state: str) -> None:
    """Register the first brand and bring it to a state."""
    await register(service, effective_on="2015-12-20" if state == "pending_effect" else TODAY)
    for action in LEADING_TO[state]:
        await act(service, action)
    if state == "expired":
        service.legal.move(days=3 * 366)
        await run_calendar(service)


async def read(service: Alone, who: str = "") -> dict[str, Any]:
    """Read the first brand."""
    answer = await service.send("GET", f"/v1/brands/{NUMBER}", who=who)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content
