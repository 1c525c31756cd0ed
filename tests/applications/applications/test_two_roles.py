"""A stranger with a second role, and an organisation that would decide its own case, over HTTP."""

import pytest

from common.kernel.actor import Role
from support.casts.applying import (
    ADMINISTRATOR,
    APPLICANT,
    CONTACT,
    COUNTY,
    HONOUR,
    OTHER_USCC,
    REASON,
    USCC,
    attach,
    bring_to,
    register,
)
from support.casts.programmes import answers
from support.service.alone import Alone

VERBS = {
    "submissions": None,
    "supplements": {"answers": answers(HONOUR)},
    "withdrawals": REASON,
}
OTHERS = sorted(role for role in Role if role is not Role.APPLICANT)


@pytest.mark.parametrize("state", ["returned", "submitted", "supplement_requested"])
async def test_a_second_role_gives_an_applicant_no_hold_on_anothers_application(on_sqlite: Alone, state: str) -> None:
    application_id = await bring_to(on_sqlite, state)
    before = (await on_sqlite.rows("applications"), await on_sqlite.rows("applicants"))
    path = f"/v1/applications/{application_id}"
    for role in OTHERS:
        who = f"applicant+{role}|{OTHER_USCC}|370102"
        tried = [await on_sqlite.send("POST", f"{path}/{verb}", body, who=who) for verb, body in VERBS.items()]
        tried.append(await on_sqlite.send("PUT", path, {"answers": answers(HONOUR)}, who=who, If_Match='"1"'))
        tried.append(await attach(on_sqlite, application_id, "licence", who=who))
        tried.append(await on_sqlite.send("PUT", f"/v1/applicants/{USCC}/contact", CONTACT, who=who, If_Match='"1"'))
        moved = {"division": "370102"}
        tried.append(await on_sqlite.send("PUT", f"/v1/applicants/{USCC}/division", moved, who=who, If_Match='"1"'))
        assert {(one.status_code, one.json()["code"]) for one in tried} == {
            (404, "application-not-found"),
            (404, "applicant-not-found"),
        }, role
        seen = await on_sqlite.send("GET", path, who=who)
        offered = seen.json().get("allowed_actions", []) if seen.status_code == 200 else []
        assert not {"edit", "attach", "submit", "supplement", "withdraw"} & set(offered), role
        listed = (await on_sqlite.send("GET", "/v1/applications", who=who)).json()["items"]
        assert [one["allowed_actions"] for one in listed] == ([offered] if seen.status_code == 200 else []), role
    assert (await on_sqlite.rows("applications"), await on_sqlite.rows("applicants")) == before


async def test_an_applicant_that_is_an_officer_too_acts_on_its_own_as_applicant_and_is_recused_otherwise(
    on_sqlite: Alone,
) -> None:
    application_id = await bring_to(on_sqlite, "recommended")
    path = f"/v1/applications/{application_id}"
    both = f"applicant+recognition_officer|{USCC}|370102"

    assert (await on_sqlite.send("GET", path, who=both)).json()["allowed_actions"] == ["withdraw"]
    refused = await on_sqlite.send("POST", f"{path}/acceptances", who=both)
    assert (refused.status_code, refused.json()["code"]) == (403, "own-case")
    assert (await on_sqlite.send("POST", f"{path}/withdrawals", REASON, who=both)).status_code == 201


async def test_an_applicant_that_is_a_recommender_too_does_not_recommend_itself(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    path = f"/v1/applications/{application_id}"
    body = {"code": USCC, "kind": "county", "name": "本单位", "division": "370102"}
    assert (await on_sqlite.send("POST", "/v1/agencies", body, who=ADMINISTRATOR)).status_code == 201
    both = f"applicant+recommender|{USCC}|370102"

    assert (await on_sqlite.send("GET", path, who=both)).json()["allowed_actions"] == ["withdraw"]
    for verb, content in {"recommendations": {"opinion": "同意。"}, "returns": REASON}.items():
        refused = await on_sqlite.send("POST", f"{path}/{verb}", content, who=both)
        assert (refused.status_code, refused.json()["code"]) == (403, "own-case")


@pytest.mark.parametrize(
    "who", ["recommender|SD-UNKNOWN|370102", "recommender|SD-370103|370102"], ids=["unknown", "of another division"]
)
async def test_a_recommender_that_is_no_agency_of_its_division_sees_and_decides_nothing(
    on_sqlite: Alone, who: str
) -> None:
    path = f"/v1/applications/{await bring_to(on_sqlite, 'submitted')}"

    assert (await on_sqlite.send("GET", path, who=COUNTY)).json()["allowed_actions"] == ["recommend", "return", "move"]
    assert (await on_sqlite.send("GET", path, who=who)).status_code == 404
    for verb, content in {"recommendations": {"opinion": "同意。"}, "returns": REASON}.items():
        refused = await on_sqlite.send("POST", f"{path}/{verb}", content, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "agency-not-entered")


async def test_nobody_is_offered_less_on_its_own_application_for_a_second_role(on_sqlite: Alone) -> None:
    path = f"/v1/applications/{await bring_to(on_sqlite, 'returned')}"
    await register(on_sqlite, uscc=OTHER_USCC)
    own = (await on_sqlite.send("GET", path, who=APPLICANT)).json()["allowed_actions"]
    for role in OTHERS:
        seen = await on_sqlite.send("GET", path, who=f"applicant+{role}|{USCC}|370102")
        assert seen.json()["allowed_actions"] == own, role
