from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.contracts.applications.applications import OverdueRule
from common.kernel.errors import Invalid, Refused
from common.kernel.worklist import Term
from review_service.panel.sheets.lifecycle import LIFECYCLE, State
from review_service.panel.sheets.model import Sheet
from support.casts import programmes
from support.service.alone import START

FIRM = "91370202FAKE0003XH"
RULES = programmes.programme("SERVICE_BRAND")
DUE = date(2015, 10, 29)
CASE = programmes.handed_in(
    "SERVICE_BRAND", application_id="app_1", round_id="rnd_1", digest="sha256:0", item="旅游", org=FIRM
) | {"attachments": [{"kind": "licence", "name": "执照.pdf", "digest": "sha256:1"}]}
WHOLE = {leaf: Decimal("1.0") for leaf in RULES.leaves}


def sheet(state: State = State.OPEN) -> Sheet:
    one = Sheet(
        id="sht_1",
        review_id="rev_1",
        round_id="rnd_1",
        draw_id="drw_1",
        expert_id="exp_1",
        expert_sub="expert-1",
        seat=1,
        role="technical",
        laid_out_at=START,
    )
    one.lay_out(Term(clock="scoring", due_on=DUE))
    one.recorded.clear()
    if state is not State.OPEN:
        one.state = state
        one.wait(None)
    return one


def fill_in(one: Sheet, scores: dict[str, Decimal], **remarks: dict[str, Any]) -> None:
    one.fill_in(scores, remarks=remarks, programme=RULES, snapshot=CASE)


def test_an_open_sheet_waits_for_its_expert_within_the_term() -> None:
    one = sheet()

    assert (one.waits_for, one.clock, one.due_on) == ("expert:expert-1", "scoring", DUE)


@pytest.mark.parametrize(
    ("rule", "desk"),
    [("remind", "expert:expert-1"), ("escalate", "recognition_officer"), ("nothing", "expert:expert-1")],
)
def test_a_sheet_that_is_late_goes_up_where_the_programme_says_so_and_is_still_taken(rule: str, desk: str) -> None:
    one = sheet()

    one.pass_by(OverdueRule(rule))

    assert (one.state, one.waits_for, one.due_on) == (State.OPEN, desk, DUE)
    assert [(item.action, item.reason, item.event) for item in one.recorded] == [("fall_due", rule, None)]
    fill_in(one, WHOLE)
    one.submit(programme=RULES, at=START)
    assert (one.state, one.waits_for, one.due_on) == (State.SUBMITTED, None, None)


def test_scores_are_kept_as_exact_decimal_text() -> None:
    one = sheet()

    fill_in(one, {"quality_process": Decimal("9.10"), "brand_benefit": Decimal("1E+0")})

    assert one.scores == {"quality_process": "9.10", "brand_benefit": "1"}
    assert one.decimals() == {"quality_process": Decimal("9.1"), "brand_benefit": Decimal(1)}
    assert (one.state, [item.event for item in one.recorded]) == (State.OPEN, [None])


@pytest.mark.parametrize(
    ("indicator", "points"),
    [
        ("quality_process", "10.1"),
        ("quality_process", "9.05"),
        ("quality_process", "9.001"),
        ("quality_process", "-1"),
        ("service_quality", "1"),
        ("nothing", "1"),
    ],
)
def test_scores_beyond_the_rules_are_refused_by_their_indicator_and_nothing_is_kept(
    indicator: str, points: str
) -> None:
    one = sheet()

    with pytest.raises(Invalid) as refused:
        fill_in(one, {indicator: Decimal(points)})

    assert [problem.pointer for problem in refused.value.problems] == [f"/scores/{indicator}"]
    assert (one.scores, one.recorded) == ({}, [])


def test_a_complete_sheet_is_sealed_and_leaves_the_worklist() -> None:
    one = sheet()
    fill_in(one, WHOLE)

    one.submit(programme=RULES, at=START)

    assert (one.state, one.submitted_at, one.waits_for) == (State.SUBMITTED, START, None)
    assert [item.event for item in one.recorded] == [None, None]


def test_a_sheet_that_misses_an_indicator_is_not_handed_in() -> None:
    one = sheet()
    fill_in(one, {leaf: points for leaf, points in WHOLE.items() if leaf != "brand_benefit"})

    with pytest.raises(Refused) as refused:
        one.submit(programme=RULES, at=START)

    assert (refused.value.code, refused.value.params["missing"]) == ("sheet-incomplete", "brand_benefit")
    assert one.state is State.OPEN


def test_a_sealed_sheet_takes_nothing_any_more() -> None:
    one = sheet(State.SUBMITTED)

    with pytest.raises(Refused) as filled:
        fill_in(one, WHOLE)
    with pytest.raises(Refused) as submitted:
        one.submit(programme=RULES, at=START)

    assert [each.value.code for each in (filled, submitted)] == ["sheet-already-submitted"] * 2


def test_a_void_sheet_has_left_the_desk_unsealed_and_takes_nothing_any_more() -> None:
    one = sheet()
    fill_in(one, WHOLE)

    one.void(reason="申报已撤回。")

    assert (one.state, one.submitted_at, one.waits_for) == (State.VOID, None, None)
    with pytest.raises(Refused) as filled:
        fill_in(one, WHOLE)
    with pytest.raises(Refused) as submitted:
        one.submit(programme=RULES, at=START)
    with pytest.raises(Refused) as again:
        one.void(reason="申报已撤回。")
    assert [each.value.code for each in (filled, submitted, again)] == ["sheet-void"] * 3


def test_what_may_follow_each_state() -> None:
    assert {state: LIFECYCLE.allowed(state) for state in State} == {
        State.OPEN: ("fill_in", "submit", "recuse", "replace", "fall_due", "void"),
        State.SUBMITTED: ("void",),
        State.RECUSED: (),
        State.REPLACED: (),
        State.VOID: (),
    }


def test_a_remark_and_evidence_are_kept_by_indicator() -> None:
    one = sheet()
    remark = {"remark": "检测报告齐全。", "evidence": ["sha256:1"]}

    fill_in(one, {}, quality_process=remark)

    assert one.remarks == {"quality_process": remark}


@pytest.mark.parametrize(
    ("indicator", "evidence", "code", "pointer"),
    [
        ("service_quality", [], "remark-unknown", "/remarks/service_quality"),
        ("nothing", [], "remark-unknown", "/remarks/nothing"),
        ("quality_process", ["sha256:1", "sha256:2"], "evidence-unknown", "/remarks/quality_process/evidence/1"),
    ],
)
def test_a_remark_about_something_else_is_refused_at_its_place(
    indicator: str, evidence: list[str], code: str, pointer: str
) -> None:
    one = sheet()

    with pytest.raises(Invalid) as refused:
        fill_in(one, WHOLE, **{indicator: {"remark": None, "evidence": evidence}})

    assert (refused.value.code, [each.pointer for each in refused.value.problems]) == (code, [pointer])
    assert (one.scores, one.remarks) == ({}, {})


def test_an_expert_recuses_himself_on_a_ground_of_the_programme() -> None:
    one = sheet()

    with pytest.raises(Invalid) as unknown:
        one.recuse(ground="boredom", reason="无。", programme=RULES)
    one.recuse(ground="near_relative", reason="配偶任职。", programme=RULES)

    assert unknown.value.code == "recusal-ground-unknown"
    assert (one.state, one.ground, one.reason, one.waits_for) == (State.RECUSED, "near_relative", "配偶任职。", None)
    with pytest.raises(Refused) as refused:
        fill_in(one, WHOLE)
    assert refused.value.code == "sheet-recused"


def test_an_expert_is_replaced_after_the_last_day_only() -> None:
    one = sheet()

    with pytest.raises(Refused) as early:
        one.replace(reason="联系不上。", today=DUE)
    one.replace(reason="联系不上。", today=DUE + timedelta(days=1))

    assert (early.value.code, early.value.params["due_on"]) == ("sheet-not-due", "2015-10-29")
    assert (one.state, one.reason) == (State.REPLACED, "联系不上。")
    with pytest.raises(Refused) as refused:
        one.submit(programme=RULES, at=START)
    assert refused.value.code == "sheet-replaced"


def test_a_sealed_sheet_is_void_but_neither_recused_nor_replaced() -> None:
    one = sheet(State.SUBMITTED)

    with pytest.raises(Refused) as recused:
        one.recuse(ground="near_relative", reason="配偶任职。", programme=RULES)
    with pytest.raises(Refused) as replaced:
        one.replace(reason="联系不上。", today=DUE + timedelta(days=1))
    assert [each.value.code for each in (recused, replaced)] == ["sheet-already-submitted"] * 2
    one.void(reason="评分依据有误。")

    assert (one.state, one.reason) == (State.VOID, "评分依据有误。")
