from decimal import Decimal

import pytest

from common.errors import Invalid, Refused
from review_service.sheets.lifecycle import LIFECYCLE, State
from review_service.sheets.model import Sheet
from support import programmes
from support.service import START

RULES = programmes.programme("SERVICE_BRAND")
WHOLE = {leaf: Decimal("1.0") for leaf in RULES.leaves}


def sheet(state: State = State.OPEN) -> Sheet:
    one = Sheet(
        id="sht_1", review_id="rev_1", round_id="rnd_1", expert_id="exp_1", expert_sub="expert-1", laid_out_at=START
    )
    one.lay_out()
    one.recorded.clear()
    one.state = state
    return one


def test_a_sheet_is_laid_out_on_its_experts_desk() -> None:
    assert sheet().waits_for == "expert:expert-1"


def test_scores_are_kept_as_exact_decimal_text() -> None:
    one = sheet()

    one.fill_in({"quality_process": Decimal("9.10"), "brand_benefit": Decimal("1E+0")}, programme=RULES)

    assert one.scores == {"quality_process": "9.10", "brand_benefit": "1"}
    assert one.decimals() == {"quality_process": Decimal("9.1"), "brand_benefit": Decimal(1)}
    assert (one.state, [item.event for item in one.recorded]) == (State.OPEN, [None])


@pytest.mark.parametrize(
    "scores", [{"quality_process": Decimal("10.1")}, {"nothing": Decimal(1)}, {"quality_process": Decimal("0.05")}]
)
def test_scores_beyond_the_rules_are_refused_and_nothing_is_kept(scores: dict[str, Decimal]) -> None:
    one = sheet()

    with pytest.raises(Invalid):
        one.fill_in(scores, programme=RULES)

    assert (one.scores, one.recorded) == ({}, [])


def test_a_whole_sheet_is_sealed_and_leaves_the_desk() -> None:
    one = sheet()
    one.fill_in(WHOLE, programme=RULES)

    one.submit(programme=RULES, at=START)

    assert (one.state, one.submitted_at, one.waits_for) == (State.SUBMITTED, START, None)
    assert [item.event for item in one.recorded] == [None, None]


def test_a_sheet_that_misses_an_indicator_is_not_handed_in() -> None:
    one = sheet()
    one.fill_in({leaf: points for leaf, points in WHOLE.items() if leaf != "brand_benefit"}, programme=RULES)

    with pytest.raises(Refused) as refused:
        one.submit(programme=RULES, at=START)

    assert (refused.value.code, refused.value.params["missing"]) == ("sheet-incomplete", "brand_benefit")
    assert one.state is State.OPEN


def test_a_sealed_sheet_takes_nothing_any_more() -> None:
    one = sheet(State.SUBMITTED)

    with pytest.raises(Refused) as filled:
        one.fill_in(WHOLE, programme=RULES)
    with pytest.raises(Refused) as submitted:
        one.submit(programme=RULES, at=START)

    assert [each.value.code for each in (filled, submitted)] == ["sheet-already-submitted"] * 2


def test_a_void_sheet_has_left_the_desk_unsealed_and_takes_nothing_any_more() -> None:
    one = sheet()
    one.fill_in(WHOLE, programme=RULES)

    one.void()

    assert (one.state, one.submitted_at, one.waits_for) == (State.VOID, None, None)
    with pytest.raises(Refused) as filled:
        one.fill_in(WHOLE, programme=RULES)
    with pytest.raises(Refused) as submitted:
        one.submit(programme=RULES, at=START)
    with pytest.raises(Refused) as again:
        one.void()
    assert [each.value.code for each in (filled, submitted, again)] == ["sheet-void"] * 3


def test_what_may_follow_each_state() -> None:
    assert {state: LIFECYCLE.allowed(state) for state in State} == {
        State.OPEN: ("fill_in", "submit", "void"),
        State.SUBMITTED: (),
        State.VOID: (),
    }
