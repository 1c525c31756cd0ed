"""Every creating command of applications by four writers at once, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import pytest

from applications_service.service import SERVICE
from support.casts import programmes
from support.casts.applying import (
    ADMINISTRATOR,
    APPLICANT,
    CITY,
    CONTACT,
    COUNTY,
    FIRM,
    HONOUR,
    OFFICE,
    OFFICER,
    OTHER_OFFICE,
    OTHER_USCC,
    PDF,
    PERIOD,
    REASON,
    USCC,
    attach,
    begin,
    bring_to,
    complete,
    draft,
    made,
    open_round,
    pass_term,
    publish,
    publish_definition,
    read,
    register,
)
from support.service.alone import Alone
from support.service.writers import Race, Send, post, routes, run, same

AGENCY = {"kind": "county", "name": "区局", "division": "370102", "parent": None}
EXCEPTION = {"uscc": "91350203M0001QKT19", "reason": "登记机关早期赋码。"}


def edition(number: int) -> dict[str, Any]:
    """Return the definition of another edition."""
    definition = programmes.definition(HONOUR)
    definition["quota"]["total"] = 100 + number
    return {"definition": definition}


def once(path: str, body: object, who: str) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        return same(post(service, path, body, who=who))

    return prepare


def move(state: str, verb: str, who: str, body: object = None) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        one = await bring_to(service, state)
        return same(post(service, f"/v1/applications/{one}/{verb}", body, who=who))

    return prepare


def after_term(state: str, verb: str, who: str) -> Callable[[Alone], Awaitable[list[Send]]]:
    async def prepare(service: Alone) -> list[Send]:
        one = await pass_term(service, state)
        return same(post(service, f"/v1/applications/{one}/{verb}", REASON, who=who))

    return prepare


async def _agencies(service: Alone) -> list[Send]:
    return [post(service, "/v1/agencies", {**AGENCY, "code": f"AG-{n}"}, who=ADMINISTRATOR) for n in range(4)]


async def _editions(service: Alone) -> list[Send]:
    return [post(service, "/v1/programmes", edition(number), who=OFFICE) for number in range(4)]


async def _publication(service: Alone) -> list[Send]:
    proposed = (await service.send("POST", "/v1/programmes", edition(1), who=OFFICE)).json()
    return same(post(service, f"/v1/programmes/{proposed['id']}/publications", who=OTHER_OFFICE))


async def _patterns(service: Alone) -> list[Send]:
    """Four honours that number their brands alike are proposed, and published at once."""
    sends = []
    for number in range(4):
        definition = edition(1)["definition"]
        definition["identity"]["honour"] = f"HONOUR_{number}"
        proposed = await made(service, "/v1/programmes", {"definition": definition}, OFFICE)
        sends.append(post(service, f"/v1/programmes/{proposed['id']}/publications", who=OTHER_OFFICE))
    return sends


async def _round(service: Alone) -> list[Send]:
    body = {"programme_id": (await publish(service))["id"], "year": 2015, **PERIOD}
    return same(post(service, "/v1/rounds", body, who=OFFICE))


async def _closing(service: Alone) -> list[Send]:
    round_ = await open_round(service)
    return same(post(service, f"/v1/rounds/{round_['id']}/closings", who=OFFICE))


async def _extension(service: Alone) -> list[Send]:
    round_ = await open_round(service)
    body = {"reason": "汛期交通中断。", "acceptance_closes_at": "2016-03-01T00:00:00+08:00"}
    return same(post(service, f"/v1/rounds/{round_['id']}/extensions", body, who=OFFICE))


async def _conclusion(service: Alone) -> list[Send]:
    round_ = await open_round(service)
    await post(service, f"/v1/rounds/{round_['id']}/closings", who=OFFICE)()
    return same(post(service, f"/v1/rounds/{round_['id']}/acceptance-conclusions", who=OFFICER))


async def _correction(service: Alone) -> list[Send]:
    await bring_to(service, "submitted")
    body = {"name": "济南虚泉机械有限公司", "division": "370103", "reason": "与营业执照不符。"}
    return same(post(service, f"/v1/applicants/{USCC}/corrections", body, who=OFFICER))


async def _rename(service: Alone) -> list[Send]:
    await bring_to(service, "submitted")
    body = {"name": "济南虚泉实业有限公司", "changed_on": "2015-09-01", "document": "济市监变准字〔2015〕18号"}
    return same(post(service, f"/v1/applicants/{USCC}/renames", body, who=OFFICER))


async def _merger(service: Alone) -> list[Send]:
    await bring_to(service, "submitted")
    await register(service, uscc=OTHER_USCC, division="370202")
    body = {"into": OTHER_USCC, "changed_on": "2015-09-01", "document": "济市监合并字〔2015〕3号"}
    return same(post(service, f"/v1/applicants/{USCC}/mergers", body, who=OFFICER))


async def _drafts(service: Alone) -> list[Send]:
    round_ = await open_round(service)
    await register(service)
    body = {"round_id": round_["id"], "answers": programmes.answers(HONOUR)}
    return same(post(service, "/v1/applications", body, who=APPLICANT))


async def _attachments(service: Alone) -> list[Send]:
    one = (await draft(service))["id"]
    return [partial(attach, service, one, "licence", content=PDF + b"%" + bytes([n])) for n in range(48, 52)]


async def _submission(service: Alone) -> list[Send]:
    one = (await draft(service))["id"]
    await complete(service, one)
    return same(post(service, f"/v1/applications/{one}/submissions", who=APPLICANT))


async def _same_item(service: Alone) -> list[Send]:
    first = await draft(service)
    drafts = [first["id"], *[(await begin(service, first["round_id"]))["id"] for _ in range(3)]]
    for one in drafts:
        await complete(service, one)
    return [post(service, f"/v1/applications/{one}/submissions", who=APPLICANT) for one in drafts]


OPINION = {"opinion": "同意推荐。"}
SUPPLEMENT = {"answers": programmes.answers(HONOUR)}
REASONS = {"reasons": ["不在申报目录内。"]}
RACES = [
    Race(route="POST /v1/agencies", prepare=_agencies),
    Race(
        route="POST /v1/agencies",
        prepare=once("/v1/agencies", {**AGENCY, "code": "AG-1"}, ADMINISTRATOR),
        stored=1,
        refused="agency-code-taken",
    ),
    Race(route="POST /v1/programmes", prepare=_editions),
    Race(
        route="POST /v1/programmes/{programme_id}/publications",
        prepare=_patterns,
        stored=1,
        refused="number-pattern-taken",
    ),
    Race(
        route="POST /v1/programmes",
        prepare=once("/v1/programmes", edition(1), OFFICE),
        stored=1,
        refused="programme-unchanged",
    ),
    Race(
        route="POST /v1/programmes/{programme_id}/publications",
        prepare=_publication,
        stored=1,
        refused="edition-published",
    ),
    Race(route="POST /v1/rounds", prepare=_round, stored=1, refused="round-exists"),
    Race(route="POST /v1/rounds/{round_id}/closings", prepare=_closing, stored=1, refused="action-not-allowed"),
    Race(route="POST /v1/rounds/{round_id}/extensions", prepare=_extension, stored=1, refused="nothing-extended"),
    Race(
        route="POST /v1/rounds/{round_id}/acceptance-conclusions",
        prepare=_conclusion,
        stored=1,
        refused="acceptance-already-concluded",
    ),
    Race(
        route="POST /v1/exceptions",
        prepare=once("/v1/exceptions", EXCEPTION, OFFICER),
        stored=1,
        refused="uscc-exception-exists",
    ),
    Race(
        route="POST /v1/applicants",
        prepare=once("/v1/applicants", {**FIRM, "contact": CONTACT}, APPLICANT),
        stored=1,
        refused="applicant-already-registered",
    ),
    Race(
        route="POST /v1/applicants/{org}/corrections",
        prepare=_correction,
        stored=1,
        refused="nothing-corrected",
    ),
    Race(route="POST /v1/applicants/{org}/mergers", prepare=_merger, stored=1, refused="applicant-merged"),
    Race(route="POST /v1/applicants/{org}/renames", prepare=_rename, stored=1, refused="nothing-corrected"),
    Race(route="POST /v1/applications", prepare=_drafts),
    Race(route="POST /v1/applications/{application_id}/attachments", prepare=_attachments),
    Race(
        route="POST /v1/applications/{application_id}/submissions",
        prepare=_submission,
        stored=1,
        refused="action-not-allowed",
    ),
    Race(
        route="POST /v1/applications/{application_id}/submissions",
        prepare=_same_item,
        stored=1,
        refused="application-overlaps",
    ),
    Race(
        route="POST /v1/applications/{application_id}/hand-backs",
        prepare=after_term("submitted", "hand-backs", CITY),
        stored=1,
        refused="not-your-level",
    ),
    Race(
        route="POST /v1/applications/{application_id}/supplement-extensions",
        prepare=after_term("supplement_requested", "supplement-extensions", OFFICER),
        stored=1,
        refused="supplement-extended-once",
    ),
    *(
        Race(
            route=f"POST /v1/applications/{{application_id}}/{verb}",
            prepare=move(state, verb, who, body),
            stored=1,
            refused=refused,
        )
        for verb, state, who, body, refused in (
            ("recommendations", "submitted", COUNTY, OPINION, "not-your-level"),
            ("returns", "submitted", COUNTY, REASON, "action-not-allowed"),
            ("moves", "submitted", OFFICE, REASON | {"division": "370103"}, "on-this-desk"),
            ("supplement-requests", "recommended", OFFICER, REASON, "action-not-allowed"),
            ("supplements", "supplement_requested", APPLICANT, SUPPLEMENT, "action-not-allowed"),
            ("acceptances", "recommended", OFFICER, None, "action-not-allowed"),
            ("rejections", "recommended", OFFICER, REASONS, "application-closed"),
            ("withdrawals", "submitted", APPLICANT, REASON, "application-closed"),
            ("withdrawals", "accepted", APPLICANT, REASON, "action-not-allowed"),
        )
    ),
]


def test_every_creating_command_has_its_race() -> None:
    assert {race.route for race in RACES} == routes(SERVICE)


@pytest.mark.parametrize("race", RACES, ids=str)
async def test_four_at_once_are_stored_or_truthfully_refused(service: Alone, race: Race) -> None:
    await run(race, service)


async def test_twenty_editions_by_four_writers_are_numbered_without_a_gap(service: Alone) -> None:
    async def writer(numbers: Sequence[int]) -> list[int]:
        return [(await publish_definition(service, edition(number)["definition"]))["edition"] for number in numbers]

    given = await asyncio.gather(*(writer(range(first, 20, 4)) for first in range(4)))

    assert sorted(number for numbers in given for number in numbers) == list(range(1, 21))


async def test_four_attachments_at_once_are_all_there(service: Alone) -> None:
    one, *_ = await run(next(race for race in RACES if "attachments" in race.route), service)

    assert len((await read(service, one["id"]))["attachments"]) == 4
