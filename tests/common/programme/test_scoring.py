"""From sheets to the official score."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from common.programme import Programme, SheetInvalid, SheetsTooFew
from support.casts.programmes import definition, full_scores, programme

SERVICE = programme("SERVICE_BRAND")


def sheet(**points: str) -> dict[str, Decimal]:
    scores = dict.fromkeys(SERVICE.leaves, Decimal(0))
    return scores | {leaf: Decimal(value) for leaf, value in points.items()}


def with_panel(size: int) -> Programme:
    changed = definition("SERVICE_BRAND")
    seats = [{"role": "technical", "name": {"zh": "专家", "en": "Expert"}, "count": 50, "knows_category": False}]
    changed["review"]["panel"] |= {"size": 50, "minimum_sheets": size, "seats": seats}
    return Programme.from_definition(changed)


FIVE = with_panel(5)


def test_caps_are_decimals_by_indicator_and_add_up() -> None:
    assert SERVICE.score_cap("quality_process") == Decimal(10)
    assert SERVICE.score_cap("service_quality") == Decimal(35)
    assert SERVICE.total_points == Decimal(100)
    assert sum(SERVICE.score_cap(leaf) for leaf in SERVICE.leaves) == Decimal(100)
    with pytest.raises(KeyError):
        SERVICE.score_cap("beauty")


def test_the_rows_of_a_sheet_follow_the_tree() -> None:
    rows = SERVICE.indicator_rows()
    assert [row["code"] for row in rows if row["scored"]] == list(SERVICE.leaves)
    assert rows[0]["parent"] is None
    assert (rows[1]["code"], rows[1]["parent"], rows[1]["cap"], rows[1]["unit"]) == (
        "quality_facilities",
        "service_quality",
        "7",
        "0.1",
    )


@pytest.mark.parametrize(
    ("points", "code"),
    [
        (Decimal("7.1"), "score_above_cap"),
        (Decimal("-0.1"), "score_negative"),
        (Decimal("6.95"), "score_off_unit"),
        (Decimal("1E-9999999"), "score_off_unit"),
        (Decimal("NaN"), "score_not_decimal"),
        (Decimal("Infinity"), "score_not_decimal"),
        (6.5, "score_not_decimal"),
        ("6.5", "score_not_decimal"),
    ],
)
def test_points_that_a_leaf_does_not_take_are_refused(points: object, code: str) -> None:
    scores: dict[str, Any] = sheet() | {"quality_facilities": points}
    assert [(each.pointer, each.code) for each in SERVICE.check_sheet(scores)] == [("/scores/quality_facilities", code)]
    with pytest.raises(SheetInvalid) as refused:
        SERVICE.check_scores(scores)
    assert [each.pointer for each in refused.value.problems] == ["/scores/quality_facilities"]


@pytest.mark.parametrize("points", ["0", "7", "7.0", "0.1", "6.90", "-0"])
def test_points_within_the_cap_and_on_the_unit_are_taken(points: str) -> None:
    assert SERVICE.check_sheet(sheet(quality_facilities=points)) == []


def test_a_branch_is_not_scored_and_a_leaf_not_left_out() -> None:
    scores = sheet() | {"service_quality": Decimal(1)}
    del scores["innovation_growth"]
    found = [(each.pointer, each.code) for each in SERVICE.check_sheet(scores)]
    assert found == [("/scores/service_quality", "score_unknown"), ("/scores/innovation_growth", "score_missing")]


def test_a_sheet_being_filled_in_may_have_gaps() -> None:
    SERVICE.check_scores({"quality_facilities": Decimal(3)})


def test_below_the_trimming_size_the_score_is_the_mean() -> None:
    trace = SERVICE.official_score([sheet(quality_process=points) for points in ("9", "9.1", "9.1")])
    assert str(trace.official) == "9.07"
    assert (trace.dropped_lowest, trace.dropped_highest, trace.kept) == (None, None, (0, 1, 2))
    assert (trace.sum, trace.divisor) == (Decimal("27.2"), 3)


def test_from_five_sheets_on_one_high_and_one_low_are_dropped() -> None:
    trace = FIVE.official_score([sheet(quality_process=points) for points in ("10", "5", "6", "0", "7.1")])
    assert str(trace.official) == "6.03"
    assert (trace.dropped_lowest, trace.dropped_highest, trace.kept) == (3, 0, (1, 2, 4))
    assert trace.as_json() | {"criteria": {}} == {
        "official": "6.03",
        "method": "raw_trimmed",
        "totals": ["10", "5", "6", "0", "7.1"],
        "dropped_lowest": 3,
        "dropped_highest": 0,
        "kept": [1, 2, 4],
        "sum": "18.1",
        "divisor": 3,
        "round_to": "0.01",
        "criteria": {},
    }


def test_half_a_cent_goes_up_and_not_to_the_even() -> None:
    rules = with_panel(4)
    trace = rules.official_score([sheet(quality_process=points) for points in ("0.1", "0", "0", "0")])
    assert str(trace.official) == "0.03"


def test_a_criterion_is_scored_over_the_sheets_that_were_kept() -> None:
    sheets = [sheet(satisfaction_complaints="10", quality_process=points) for points in ("0", "1", "2", "3")]
    trace = FIVE.official_score([*sheets, sheet(quality_process="10", quality_staff="8", quality_safety="10")])
    assert trace.dropped_highest == 4
    assert (str(trace.criteria["satisfaction"]), str(trace.criteria["service_quality"])) == ("10.00", "2.00")


def test_of_equal_totals_the_same_sheet_is_dropped_in_any_order() -> None:
    low = [sheet(quality_process="1"), sheet(satisfaction_complaints="1")]
    rest = [sheet(quality_process=points) for points in ("5", "6", "9")]
    one, other = FIVE.official_score([*low, *rest]), FIVE.official_score([*rest, *reversed(low)])
    assert one.criteria == other.criteria
    assert (one.dropped_lowest, other.dropped_lowest) == (1, 3)


def test_too_few_sheets_give_no_score() -> None:
    with pytest.raises(SheetsTooFew) as refused:
        SERVICE.official_score([sheet(), sheet()])
    assert refused.value.params == {"found": 2, "needed": 3}


def test_a_bad_sheet_gives_no_score_and_is_named() -> None:
    with pytest.raises(SheetInvalid) as refused:
        SERVICE.official_score([sheet(), sheet(quality_process="11"), sheet()])
    assert [each.pointer for each in refused.value.problems] == ["/1/scores/quality_process"]


def test_the_support_s_scores_make_a_whole_sheet() -> None:
    for honour, total in (("FAMOUS_PRODUCT", "800.0"), ("SERVICE_BRAND", "80.0")):
        scores = {leaf: Decimal(points) for leaf, points in full_scores(honour).items()}
        assert programme(honour).check_sheet(scores) == []
        assert str(programme(honour).official_score([scores] * 3).official) == f"{total}0"


tenths = st.integers(0, 70).map(lambda number: Decimal(number) / 10)
sheets_ = st.lists(
    st.tuples(tenths, tenths).map(
        lambda pair: sheet() | {"quality_facilities": pair[0], "satisfaction_measured": pair[1]}
    ),
    min_size=5,
    max_size=9,
)


@given(sheets_, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_changes_no_score(sheets: list[dict[str, Decimal]], random: Random) -> None:
    shuffled = sheets[:]
    random.shuffle(shuffled)
    one, other = FIVE.official_score(sheets), FIVE.official_score(shuffled)
    assert (one.official, one.criteria, one.sum) == (other.official, other.criteria, other.sum)


@given(sheets_)
def test_the_score_is_the_trimmed_mean_by_another_way(sheets: list[dict[str, Decimal]]) -> None:
    totals = sorted(Fraction(sum(scores.values())) for scores in sheets)[1:-1]
    mean = sum(totals) / len(totals)
    official = Fraction(FIVE.official_score(sheets).official)
    assert official - Fraction(1, 200) <= mean < official + Fraction(1, 200)


@given(sheets_, st.integers(0, 4))
def test_more_points_on_one_sheet_never_lower_the_score(sheets: list[dict[str, Decimal]], at: int) -> None:
    better = [*sheets[:at], sheets[at] | {"quality_facilities": Decimal(7)}, *sheets[at + 1 :]]
    assert FIVE.official_score(better).official >= FIVE.official_score(sheets).official
