"""Brands by the shortest way: what the registry is told, and how a brand is brought to any state over HTTP."""

from datetime import date
from typing import Any, Final

from common.contracts.applications import Names, ProgrammePublished
from common.contracts.review import Outcome, Registration, ReviewCompleted
from common.ids import new_id
from support.programmes import programme
from support.service import Alone

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


def review_completed(*, honour: str = HONOUR, effective_on: str = TODAY, **changes: object) -> ReviewCompleted:
    """Return the event by which a title is granted; every call is about another review."""
    granted = Registration(
        item=changes.pop("item", "虚泉牌数控车床"),
        year=changes.pop("year", 2015),
        programme_digest=programme(honour).digest,
        edition=1,
        document_number="鲁名牌字〔2015〕1号",
        effective_on=date.fromisoformat(effective_on),
        validity_years=3,
        number_pattern="SDMP-{year}-{serial:05d}",
    )
    content: dict[str, Any] = {
        "review_id": new_id("rev"),
        "application_id": "app_1",
        "round_id": "rnd_1",
        "honour": honour,
        "applicant": USCC,
        "division": "370102",
        "outcome": Outcome.RECOGNISED,
        "rank": 1,
        "reasons": (),
        "announcement_id": "ann_1",
        "applicant_name": "济南虚泉精密机械有限公司",
        "recommenders": ("SD-370102",),
        "registration": granted,
    }
    return ReviewCompleted(**(content | changes))


async def register(service: Alone, **changes: Any) -> None:  # noqa: ANN401 -- goes on to `review_completed`
    """Have the rules learned and a title registered; the first gets `NUMBER`."""
    if not await service.rows("rules"):
        await service.tell(programme_published())
    await service.tell(review_completed(**changes))


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
