"""Eligibility and veto rules over the facts of a case."""

from typing import Any

import pytest

from common.programme import Outcome, Programme, ProgrammeInvalid, RuleResult
from common.programme.rules.expressions import ask
from support.casts.programmes import definition, programme, set_at, snapshot

HONOURS = ("FAMOUS_PRODUCT", "SERVICE_BRAND")


def asked(honour: str, facts: dict[str, Any]) -> dict[str, RuleResult]:
    return {each.rule: each for each in programme(honour).eligibility(facts)}


def not_passed(honour: str, facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(rule, each.outcome.value) for rule, each in asked(honour, facts).items() if not each.passed]


def with_answer(honour: str, pointer: str, value: object) -> dict[str, Any]:
    facts = snapshot(honour)
    set_at(facts["answers"], pointer, value)
    return facts


def record(code: str, on: str = "2014-06-01") -> dict[str, Any]:
    return {"code": code, "on": on, "source_department": "environment"}


@pytest.mark.parametrize("honour", HONOURS)
def test_an_eligible_application_passes_every_rule(honour: str) -> None:
    results = programme(honour).eligibility(snapshot(honour))
    assert [each.outcome for each in results] == [Outcome.PASSED] * len(results)
    assert len(results) == len(programme(honour).eligibility_rules) + len(programme(honour).veto_rules)


@pytest.mark.parametrize("honour", HONOURS)
def test_the_bare_snapshot_of_an_application_is_enough_at_acceptance(honour: str) -> None:
    facts = snapshot(honour)
    del facts["year"], facts["as_of_on"]
    assert not_passed(honour, facts) == []


@pytest.mark.parametrize(
    ("honour", "pointer", "value", "rule"),
    [
        ("FAMOUS_PRODUCT", "/trademark/owned", False, "has_a_registered_trademark"),
        ("FAMOUS_PRODUCT", "/trademark/owner_place", "elsewhere", "foreign_trademark"),
        ("FAMOUS_PRODUCT", "/annual/1/product_sales_fen", 0, "three_full_years_of_sales"),
        ("FAMOUS_PRODUCT", "/annual/1/year", 2010, "three_full_years_of_sales"),
        ("FAMOUS_PRODUCT", "/annual/2/tax_fen", 0, "pays_tax"),
        ("FAMOUS_PRODUCT", "/produced_since_year", 2013, "three_full_years_of_sales"),
        ("FAMOUS_PRODUCT", "/inspection/conforms", False, "product_conforms"),
        ("SERVICE_BRAND", "/satisfaction/basis_points", 7999, "customers_are_content"),
        ("SERVICE_BRAND", "/satisfaction/sample_size", 99, "customers_are_content"),
        ("SERVICE_BRAND", "/operating_since_year", 2013, "three_full_years_of_service"),
    ],
)
def test_an_answer_that_breaks_a_rule_fails_it_alone(honour: str, pointer: str, value: object, rule: str) -> None:
    assert not_passed(honour, with_answer(honour, pointer, value)) == [(rule, "failed")]


@pytest.mark.parametrize(
    ("honour", "change", "rule"),
    [
        ("FAMOUS_PRODUCT", {"division": "310101"}, "registered_in_shandong"),
        ("FAMOUS_PRODUCT", {"kind": "association"}, "is_an_enterprise"),
        ("SERVICE_BRAND", {"kind": "association"}, "is_a_unit_that_serves"),
    ],
)
def test_an_applicant_outside_the_scope_fails(honour: str, change: dict[str, str], rule: str) -> None:
    facts = snapshot(honour)
    facts["applicant"] |= change
    assert not_passed(honour, facts) == [(rule, "failed")]


@pytest.mark.parametrize(
    ("honour", "rule"),
    [(honour, rule.code) for honour in HONOURS for rule in programme(honour).veto_rules if "records" in rule.hit],
)
def test_a_department_s_record_vetoes_by_its_code(honour: str, rule: str) -> None:
    facts = snapshot(honour) | {"records": [record(rule)]}
    assert not_passed(honour, facts) == [(rule, "failed")]


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        ("2012-10-07", Outcome.PASSED),
        ("2012-10-08", Outcome.FAILED),
        ("2015-10-08", Outcome.FAILED),
        ("2015-10-09", Outcome.PASSED),
    ],
)
def test_a_record_counts_inside_its_look_back_only(on: str, outcome: Outcome) -> None:
    facts = snapshot("FAMOUS_PRODUCT") | {"records": [record("quality_accident", on)]}
    result = asked("FAMOUS_PRODUCT", facts)["quality_accident"]
    assert result.outcome is outcome
    assert (str(result.trace.since_on), str(result.trace.until_on)) == ("2012-10-08", "2015-10-08")
    assert result.trace.records == (outcome is Outcome.FAILED)


def test_a_record_without_look_back_counts_for_ever() -> None:
    facts = snapshot("FAMOUS_PRODUCT") | {"records": [record("bad_credit", "1999-01-01")]}
    assert not_passed("FAMOUS_PRODUCT", facts) == [("bad_credit", "failed")]


@pytest.mark.parametrize(
    ("holding", "expected"),
    [
        ({"valid_until_year": 2016}, [("live_title_in_scope", "failed")]),
        ({"valid_until_year": 2015}, []),
        ({"valid_until_year": 2016, "scope": "90000002|high_end_equipment"}, []),
        ({"valid_until_year": 2016, "honour": "SERVICE_BRAND"}, []),
    ],
)
def test_a_live_title_bars_until_the_year_it_expires(holding: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    title = {
        "honour": "FAMOUS_PRODUCT",
        "scope": programme("FAMOUS_PRODUCT").item_of(snapshot("FAMOUS_PRODUCT")["answers"]).scope,
    } | holding
    assert not_passed("FAMOUS_PRODUCT", snapshot("FAMOUS_PRODUCT") | {"holdings": [title]}) == expected


def test_an_undecidable_rule_does_not_pass_and_says_why() -> None:
    facts = snapshot("FAMOUS_PRODUCT")
    del facts["answers"]["inspection"]
    result = asked("FAMOUS_PRODUCT", facts)["product_conforms"]
    assert (result.outcome, result.passed) == (Outcome.UNKNOWN, False)
    assert result.trace.reason is not None
    assert result.trace.reason.startswith("KeyError")


def test_a_record_without_the_day_of_the_check_is_undecidable() -> None:
    facts = snapshot("FAMOUS_PRODUCT") | {"records": [record("tax_evasion")]}
    del facts["as_of_on"]
    assert ("tax_evasion", "unknown") in not_passed("FAMOUS_PRODUCT", facts)


def test_an_answer_that_is_no_yes_or_no_is_unknown() -> None:
    answer, trace = ask("answers.employees", snapshot("FAMOUS_PRODUCT"), look_back_years=None)
    assert (answer, trace.reason) == (None, "the answer is a int, not true or false")


@pytest.mark.parametrize("pointer", ["/eligibility_rules/0/holds", "/veto_rules/0/hit"])
@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ('"x"', "its answer is a str"),
        ("1", "its answer is a int"),
        ("applicant", "its answer is a dict"),
        ("answers.employees", "its answer is a int"),
        ('answers.trademark.owned ? true : "x"', "its answer is a str"),
        ("1/0 == 1", "ZeroDivisionError: division by zero in CEL expression"),
        ("answers.annual[5].year == 1", "IndexError: index out of bounds: 5"),
        ("answers.trademark.owned || answers.annual[5].year == 1", "IndexError: index out of bounds: 5"),
        ("answers.annual.all(y, y.colour > 0)", "KeyError: 'colour'"),
        ("attachments.exists(a, a.pages > 1) || attachments[0].pages > 1", "KeyError: 'pages'"),
        ('answers.employees > "a"', "it computes with values of different types"),
        ("answers.employees > 1 && answers.product_name", "it computes with values of different types"),
        ('applicant.name.matches("(")', None),
    ],
)
def test_a_rule_that_can_never_be_answered_is_not_published(pointer: str, expression: str, why: str | None) -> None:
    changed = definition("FAMOUS_PRODUCT")
    set_at(changed, pointer, expression)
    with pytest.raises(ProgrammeInvalid) as refused:
        Programme.from_definition(changed)
    assert refused.value.pointer == pointer
    assert why is None or f"the rule can never be answered with true or false: {why}" in str(refused.value)


@pytest.mark.parametrize(
    "expression",
    [
        "answers.annual[2].year == 2014",
        "10000 / (answers.employees - 1) > 5",
        "int(answers.trademark.registration_number) > 1 || true",
        "records.exists(r, r.amount_fen > 100)",
        "records.exists(r, r.code == 'x') && holdings[0].valid_until_year > year",
        "attachments.exists(a, a.kind == 'licence' && a.size > 1)",
        "has(answers.industry_code) && answers.industry_code.startsWith('C')",
        "true",
    ],
)
def test_a_rule_that_some_case_answers_is_published(expression: str) -> None:
    changed = definition("FAMOUS_PRODUCT")
    changed["eligibility_rules"][0]["holds"] = expression
    assert Programme.from_definition(changed).eligibility_rules[0].holds == expression


def test_a_trace_shows_what_was_read() -> None:
    trace = asked("SERVICE_BRAND", snapshot("SERVICE_BRAND"))["customers_are_content"].trace
    assert trace.values == {"answers.satisfaction.basis_points": 9235, "answers.satisfaction.sample_size": 620}
    assert trace.expression == programme("SERVICE_BRAND").eligibility_rules[3].holds


def test_a_method_s_name_is_no_part_of_what_was_read() -> None:
    trace = asked("FAMOUS_PRODUCT", snapshot("FAMOUS_PRODUCT"))["registered_in_shandong"].trace
    assert trace.values == {"applicant.division": "370102"}


@pytest.mark.parametrize("value", [1.0, 2**60, float("nan")])
def test_a_fact_that_is_no_exact_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        programme("FAMOUS_PRODUCT").eligibility(with_answer("FAMOUS_PRODUCT", "/employees", value))


def test_a_result_speaks_both_languages() -> None:
    result = asked("FAMOUS_PRODUCT", snapshot("FAMOUS_PRODUCT"))["pays_tax"]
    assert (result.text("zh"), result.text("en")) == (
        "近三年均依法纳税。",
        "Taxes have been paid in each of the last three years.",
    )
