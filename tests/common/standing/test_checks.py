"""What the register says of an applicant, answered beside the rules of the programme."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from common.kernel.values.times import LAST_DAY
from common.programme import Outcome, RuleResult
from common.standing.checks import Bar, Check, Standing, Title, applied_for, check
from common.standing.refusals import ApplicantBarred, TitleHeldByAnother
from support.casts.programmes import answers, programme, snapshot

HONOUR: Final = "FAMOUS_PRODUCT"
RULES: Final = programme(HONOUR)
TODAY: Final = date(2015, 10, 8)
SCOPE: Final = "90000001|HIGH_END_EQUIPMENT"
ALWAYS: Final = ("applicant-barred", "title-held-by-another", "industry-outside-category")
BAR: Final = Bar(number="SDMP-2014-00001-X", until_on=date(2018, 11, 1))


def title(**changes: Any) -> Title:  # noqa: ANN401 -- members of a title
    given: dict[str, Any] = {
        "number": "SDMP-2014-00002-X",
        "honour": HONOUR,
        "applicant_id": "apl_2",
        "uscc": "91370202FAKE0003XH",
        "scope": SCOPE,
        "valid_until": date(2017, 12, 31),
    }
    return Title(**given | changes)


def answered(standing: Standing, **facts: Any) -> Check:  # noqa: ANN401 -- facts of the case
    return check(RULES, snapshot(HONOUR) | facts, standing, year=2015, on=TODAY)


def by_code(found: Check) -> dict[str, RuleResult]:
    return {each.rule: each for each in found.results}


def test_every_rule_of_register_and_programme_is_answered_once_with_the_values_that_decided() -> None:
    found = answered(Standing())

    codes = [each.rule for each in found.results]
    programmes = [*(each.code for each in RULES.eligibility_rules), *(each.code for each in RULES.veto_rules)]
    assert codes == [*ALWAYS, *programmes]
    assert {each.outcome for each in found.results} == {Outcome.PASSED}
    assert found.failed == ()
    stored = found.under(3, RULES.digest, at=datetime(2015, 10, 8, tzinfo=UTC))
    assert (stored["edition"], stored["programme_digest"]) == (3, RULES.digest)
    assert stored["checked_at"] == "2015-10-08T00:00:00+00:00"
    last = by_code(found)["foreign_trademark"].as_json()
    assert (last["kind"], last["verdict"]) == ("veto", "passed")
    assert last["values"] == {"answers.trademark.owner_place": "mainland"}
    assert last["source_department"] == {
        "code": "industry_and_commerce",
        "zh": "工商行政管理部门",
        "en": "Industry and commerce",
    }
    assert set(last) == {"code", "kind", "verdict", "zh", "en", "values", "source_department"}


def test_a_bar_is_answered_with_its_title_and_its_end_and_refuses() -> None:
    found = answered(Standing(bars=(BAR,)))

    (broken,) = found.failed
    assert (broken.rule, broken.kind) == ("applicant-barred", "register")
    assert broken.as_json()["values"] == {"bars": [{"number": BAR.number, "until_on": "2018-11-01"}]}
    found.refuse_overlap()
    with pytest.raises(ApplicantBarred) as refused:
        found.refuse_bar()
    assert refused.value.params == {"number": BAR.number, "until_on": date(2018, 11, 1)}


def test_another_s_title_for_the_same_trademark_and_category_is_an_overlap() -> None:
    found = answered(Standing(of_others=(title(),)))

    (broken,) = found.failed
    assert broken.as_json()["values"] == {
        "titles": [{"number": title().number, "applicant_id": "apl_2", "uscc": title().uscc}]
    }
    found.refuse_bar()
    with pytest.raises(TitleHeldByAnother):
        found.refuse_overlap()


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        ({}, ["live_title_in_scope"]),
        ({"valid_until": None}, ["live_title_in_scope"]),
        ({"valid_until": date(2015, 12, 31)}, []),
        ({"scope": "90000002|HIGH_END_EQUIPMENT"}, []),
        ({"honour": "SERVICE_BRAND"}, []),
    ],
)
def test_a_live_title_of_ones_own_is_a_fact_that_the_programme_judges(
    changes: dict[str, Any], failed: list[str]
) -> None:
    found = answered(Standing(titles=(title(**changes),)))

    assert [each.rule for each in found.failed] == failed
    shown = by_code(found)["live_title_in_scope"].trace.values
    assert shown["holdings"] == [title(**changes).fact]
    assert (shown["scope"], shown["year"]) == (SCOPE, 2015)


@pytest.mark.parametrize(
    ("code", "category", "failed"),
    [
        ("C3421", "high_end_equipment", []),
        ("C1513", "high_end_equipment", ["industry-outside-category"]),
        ("C1513", "food_and_drink", []),
        ("A01", "other_products", []),
        (None, "high_end_equipment", []),
    ],
)
def test_an_industry_code_belongs_to_the_category_of_the_catalogue(
    code: str | None, category: str, failed: list[str]
) -> None:
    given = answers(HONOUR) | {"product_category": category, "industry_code": code}
    if code is None:
        del given["industry_code"]

    found = answered(Standing(), answers=given)

    assert [each.rule for each in found.failed] == failed
    shown = by_code(found)["industry-outside-category"].trace.values
    stray = {"industry_code": code, "edition": "GB/T 4754-2011", "category": category}
    assert shown == {"codes": [stray] if failed else []}


def test_a_title_without_end_is_valid_until_the_last_year_of_all() -> None:
    assert title(valid_until=None).fact["valid_until_year"] == LAST_DAY.year


def test_the_item_is_known_once_the_answers_are_complete() -> None:
    complete = answers(HONOUR)

    found = applied_for(RULES, complete)
    assert found is not None
    assert found.scope == SCOPE
    assert applied_for(RULES, {**complete, "models": []}) is None
    assert applied_for(RULES, None) is None
