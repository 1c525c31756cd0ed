"""A person who is recused from a firm acts on none of its applications, as the review says."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from applications_service.service import SERVICE
from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from support.casts.applying import APPLICANT, COUNTY, OFFICER, REASON, USCC, bring_to, read
from support.service.alone import Alone

COUNTY_PERSON, OFFICER_PERSON = f"{COUNTY}|person-7", f"{OFFICER}|person-7"
DECLARED = RecusalDeclared(recusal_id="rcs_1", person="person-7", applicant=USCC)
LIFTED = RecusalLifted(recusal_id="rcs_1", person="person-7", applicant=USCC)


STEPS: Final[Mapping[str, Sequence[tuple[str, str, Any]]]] = {
    "submitted": [
        ("returns", COUNTY_PERSON, REASON),
        ("hand-backs", COUNTY_PERSON, REASON),
        ("moves", COUNTY_PERSON, {"division": "370103", **REASON}),
        ("recommendations", COUNTY_PERSON, {"opinion": "同意推荐。"}),
    ],
    "recommended": [
        ("supplement-requests", OFFICER_PERSON, REASON),
        ("supplement-extensions", OFFICER_PERSON, REASON),
        ("returns", OFFICER_PERSON, REASON),
        ("rejections", OFFICER_PERSON, {"reasons": ["不在目录内。"]}),
        ("acceptances", OFFICER_PERSON, None),
    ],
}
"""By state: the last part of a route, who is recused, and the body; the last one is possible there once he is not."""
OF_THE_FIRM: Final = {
    "POST /v1/applications",
    "PUT /v1/applications/{application_id}",
    "POST /v1/applications/{application_id}/attachments",
    "DELETE /v1/applications/{application_id}/attachments/{digest}",
    "POST /v1/applications/{application_id}/submissions",
    "POST /v1/applications/{application_id}/supplements",
    "POST /v1/applications/{application_id}/withdrawals",
    "POST /v1/applications/{application_id}/checks",
}
"""Routes of the applicant, and the question that stores nothing."""


def test_every_step_of_somebody_else_than_the_firm_is_tried() -> None:
    (router,) = (one for one in SERVICE.routers if one.noun == "applications")
    steps = {f"{row.method} {row.path}" for row in router.access if row.writes}
    tried = {f"POST /v1/applications/{{application_id}}/{verb}" for each in STEPS.values() for verb, *_ in each}

    assert steps == tried | OF_THE_FIRM


@pytest.mark.parametrize("state", STEPS)
async def test_who_is_recused_takes_no_step_and_is_offered_none_until_it_is_lifted(
    on_sqlite: Alone, state: str
) -> None:
    application_id = await bring_to(on_sqlite, state)
    path, (*_, (verb, who, body)) = f"/v1/applications/{application_id}", STEPS[state]
    before = await read(on_sqlite, application_id, who)
    await on_sqlite.deliver(DECLARED)

    refused = [
        await on_sqlite.send("POST", f"{path}/{each}", given, who=person) for each, person, given in STEPS[state]
    ]
    shown = await read(on_sqlite, application_id, who)
    (listed,) = (await on_sqlite.send("GET", "/v1/applications", who=who)).json()["items"]
    own = (await read(on_sqlite, application_id, f"{APPLICANT}|person-7"))["allowed_actions"]
    await on_sqlite.deliver(LIFTED)

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "recused")] * len(refused)
    assert len(before["allowed_actions"]) > 0
    assert (shown["allowed_actions"], shown["actions"], listed["allowed_actions"]) == ([], [], [])
    assert own == ["withdraw"]
    assert (await read(on_sqlite, application_id, who))["allowed_actions"] == before["allowed_actions"]
    assert (await on_sqlite.send("POST", f"{path}/{verb}", body, who=who)).status_code == 201


async def test_a_firm_acts_on_its_own_case_whatever_is_declared_of_its_person(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    await on_sqlite.deliver(DECLARED)

    withdrawn = await on_sqlite.send(
        "POST", f"/v1/applications/{application_id}/withdrawals", REASON, who=f"{APPLICANT}|person-7"
    )

    assert withdrawn.status_code == 201


async def test_a_recusal_is_learned_once_and_binds_this_person_and_this_firm_only(service: Alone) -> None:
    event_id = await service.deliver(DECLARED)
    await service.deliver(DECLARED, event_id=event_id)
    await service.deliver(RecusalDeclared(recusal_id="rcs_2", person="person-8", applicant="91370202FAKE0003XH"))
    one = await bring_to(service, "submitted")

    other = await service.send(
        "POST", f"/v1/applications/{one}/recommendations", {"opinion": "同意。"}, who=f"{COUNTY}|person-8"
    )

    assert other.status_code == 201
    assert {row["id"]: row["in_force"] for row in await service.rows("recusals")} == {"rcs_1": True, "rcs_2": True}
