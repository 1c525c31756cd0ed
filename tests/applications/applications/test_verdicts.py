"""A rule that the facts do not decide: acceptance is refused until the officer decides it."""

from typing import Any

import pytest

from applications_service.intake.applications.refusals import ApplicationNotEligible, DecisionNotAsked, RulesUndecided
from applications_service.intake.applications.verdicts import Decision, as_reason, settled
from common.contracts.applications.applications import ApplicationAccepted
from common.programme import Outcome, Programme
from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    HONOUR,
    OFFICE,
    OFFICER,
    PERIOD,
    complete,
    do,
    enter_agencies,
    last_audit,
    made,
    publish_definition,
    read,
    register,
)
from support.casts.programmes import definition, snapshot
from support.service.alone import Alone

OPTIONAL = 'answers.industry_code.startsWith("C")'
RULE, VETO = "registered_in_shandong", "failed_supervision_check"
REASON = "按营业执照，属制造业。"


def rules() -> dict[str, Any]:
    """Return a definition with an eligibility and a veto rule that read an answer which may be left out."""
    changed = definition(HONOUR)
    changed["eligibility_rules"][0]["holds"] = OPTIONAL
    changed["veto_rules"][0]["hit"] = f"!{OPTIONAL}"
    return changed


def decided(*rules_: str, holds: bool = True) -> list[Decision]:
    return [Decision(rule=rule, holds=holds, reason=REASON) for rule in rules_]


def undecided_facts() -> dict[str, Any]:
    facts = snapshot(HONOUR)
    del facts["answers"]["industry_code"]
    return facts


RESULTS = Programme.from_definition(rules()).eligibility(undecided_facts())


def test_every_undecided_rule_is_named_until_it_is_decided() -> None:
    assert [each.rule for each in RESULTS if each.outcome is Outcome.UNKNOWN] == [RULE, VETO]
    for given, missing in (((), {RULE, VETO}), ((RULE,), {VETO}), ((VETO,), {RULE})):
        with pytest.raises(RulesUndecided) as refused:
            settled(RESULTS, decided(*given))
        assert {code for code in (RULE, VETO) if code in refused.value.text()} == missing


def test_what_is_decided_is_stored_in_the_order_of_the_programme_with_the_rule_s_text() -> None:
    stored = settled(RESULTS, decided(VETO, RULE))
    assert [(each["rule"], each["holds"], each["reason"]) for each in stored] == [
        (RULE, True, REASON),
        (VETO, True, REASON),
    ]
    assert [each["zh"] for each in stored] == [each.zh for each in RESULTS if each.outcome is Outcome.UNKNOWN]
    assert as_reason(stored) == f"{RULE}：{REASON}\n{VETO}：{REASON}"
    assert as_reason([]) is None


@pytest.mark.parametrize("rule", [RULE, VETO])
def test_a_rule_that_does_not_hold_makes_it_not_eligible(rule: str) -> None:
    other = VETO if rule == RULE else RULE
    with pytest.raises(ApplicationNotEligible) as refused:
        settled(RESULTS, [*decided(rule, holds=False), *decided(other)])
    (text,) = (each.zh.rstrip("。") for each in RESULTS if each.rule == rule)
    assert refused.value.text() == f"不符合申报条件：{text}。"


@pytest.mark.parametrize("surplus", [("is_an_enterprise",), ("no_such_rule",), (RULE,)])
def test_nothing_else_is_decided_and_nothing_twice(surplus: tuple[str, ...]) -> None:
    with pytest.raises(DecisionNotAsked):
        settled(RESULTS, decided(RULE, VETO, *surplus))


def test_what_the_facts_decide_needs_no_decision() -> None:
    assert settled(Programme.from_definition(rules()).eligibility(snapshot(HONOUR)), ()) == []


async def recommended(service: Alone) -> str:
    """Bring an application without the optional answer to the officer's desk."""
    programme = await publish_definition(service, rules())
    round_ = await made(service, "/v1/rounds", {"programme_id": programme["id"], "year": 2015, **PERIOD}, OFFICE)
    await enter_agencies(service)
    await register(service)
    body = {"round_id": round_["id"], "answers": undecided_facts()["answers"]}
    draft = await made(service, "/v1/applications", body, APPLICANT)
    await complete(service, draft["id"])
    await do(service, draft["id"], "submissions", APPLICANT)
    for who in (COUNTY, CITY):
        await do(service, draft["id"], "recommendations", who, {"opinion": "同意推荐。"})
    return str(draft["id"])


async def test_an_acceptance_decides_what_the_facts_do_not(service: Alone) -> None:
    application_id = await recommended(service)
    path = f"/v1/applications/{application_id}/acceptances"
    body = {"decisions": [{"rule": rule, "holds": True, "reason": REASON} for rule in (RULE, VETO)]}

    without: list[dict[str, Any] | None] = [None, {}, {"decisions": []}]
    for nothing in without:
        refused = await service.send("POST", path, nothing, who=OFFICER)
        assert (refused.status_code, refused.json()["code"]) == (409, "rules-undecided")
    assert "registered_in_shandong、failed_supervision_check" in refused.json()["detail"]
    no = {"decisions": [body["decisions"][0], body["decisions"][1] | {"holds": False}]}
    assert (await service.send("POST", path, no, who=OFFICER)).json()["code"] == "application-not-eligible"
    blank = {"decisions": [body["decisions"][0] | {"reason": " "}]}
    assert (await service.send("POST", path, blank, who=OFFICER)).status_code == 422
    surplus = {"decisions": [*body["decisions"], {"rule": "pays_tax", "holds": True, "reason": REASON}]}
    refused = await service.send("POST", path, surplus, who=OFFICER)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/decisions")
    assert await service.published(ApplicationAccepted) == []
    assert (await read(service, application_id))["decisions"] == []

    accepted = await do(service, application_id, "acceptances", OFFICER, body)

    assert accepted["state"] == "accepted"
    assert [(one["rule"], one["holds"], one["reason"]) for one in accepted["decisions"]] == [
        (RULE, True, REASON),
        (VETO, True, REASON),
    ]
    assert (await read(service, application_id))["decisions"] == accepted["decisions"]
    assert (await last_audit(service))[-1] == f"{RULE}：{REASON}\n{VETO}：{REASON}"
    assert len(await service.published(ApplicationAccepted)) == 1
