from datetime import date, timedelta
from typing import Any

import pytest

from common.codes.calendar import DayKind, Deadline, SpecialDay, WorkingCalendar, built_in_days
from common.contracts.applications.applications import OverdueRule
from common.contracts.review.objections import (
    HearingMoved,
    HearingOpened,
    ObjectionFiled,
    ObjectionOverdue,
    ObjectionResolved,
    Objector,
    Verdict,
)
from common.files.store import StoredFile
from common.kernel.errors import ActionNotAllowed, MingpaiError, Refused
from common.kernel.worklist import Term
from review_service.decision.objections.lifecycle import LIFECYCLE, State
from review_service.decision.objections.model import Objection
from review_service.decision.objections.refusals import (
    EvidenceMissing,
    FirmNotAsked,
    HearingOver,
    HearingRuns,
    NotGoneUp,
    ObjectionAnswered,
    ObjectorOnly,
    OtherFirm,
)
from support.casts.actors import actor, id_of
from support.service.alone import START

OBJECTOR = {"name": "示范异议人", "contact": "objector@citizen.example", "real_name": True}
ABOUT = {
    "objection_id": "obj_1",
    "notice_id": "ntc_1",
    "review_id": "rev_1",
    "application_id": "app_1",
    "applicant_id": id_of("91370102FAKE00013R"),
    "applicant": "91370102FAKE00013R",
    "division": "370102",
}
LATER = START + timedelta(days=1)
DUE, OVER = date(2015, 10, 20), date(2015, 10, 21)
INVESTIGATION = Term(clock="objection_investigation", due_on=DUE)
HEARING = Term(clock="objection_hearing", due_on=DUE)
RESUMED = Term(clock="objection_investigation", due_on=date(2015, 10, 26))
CITIZEN, OFFICER, OFFICE = actor("partner", sub="person-1"), actor("recognition_officer"), actor("office")
FIRM, OTHER_FIRM = actor("applicant", org=ABOUT["applicant"]), actor("applicant", org="91370202FAKE0003XH")
FILE = StoredFile(digest="sha256:" + "1" * 64, size=10, media_type="application/pdf")


def _objection(state: State = State.DRAFTED, **other: Any) -> Objection:  # noqa: ANN401 -- columns
    objection = Objection(
        id="obj_1",
        notice_id="ntc_1",
        round_id="rnd_1",
        review_id="rev_1",
        application_id="app_1",
        applicant_id=ABOUT["applicant_id"],
        applicant=ABOUT["applicant"],
        division="370102",
        grounds="所列荣誉已过期。",
        objector=OBJECTOR,
        filed_by="person-1",
        agency="SD-BODY",
        drafted_at=START,
    )
    objection.state = state
    for name, value in other.items():
        setattr(objection, name, value)
    return objection


def _term(clock: str, deadline: Deadline) -> Term:
    return Term(clock=clock, due_on=deadline.on, counting=deadline.counting.as_json())


def test_an_objection_is_filed_with_its_evidence_and_waits_for_the_recognition_body() -> None:
    objection = _objection()
    with pytest.raises(EvidenceMissing):
        objection.file(evidence_demanded=True, term=INVESTIGATION, by=CITIZEN, at=START)
    objection.attach(name="证据.pdf", file=FILE, by=CITIZEN)

    objection.file(evidence_demanded=True, term=INVESTIGATION, by=CITIZEN, at=START)

    happened = objection.recorded[-1]
    assert (happened.action, happened.from_state, happened.to_state) == ("file", "drafted", "filed")
    assert happened.event == ObjectionFiled(
        **ABOUT,
        filed_at=START,
        investigation_due_on=DUE,
        objector=Objector(**OBJECTOR),
        grounds="所列荣誉已过期。",
    )
    assert (objection.waits_for, objection.investigation_due_on) == ("recognition_officer", DUE)


def test_without_the_demand_an_objection_needs_no_evidence_and_only_its_author_files_it() -> None:
    objection = _objection()
    with pytest.raises(ObjectorOnly):
        objection.attach(name="证据.pdf", file=FILE, by=OFFICER)
    with pytest.raises(ObjectorOnly):
        objection.file(evidence_demanded=False, term=INVESTIGATION, by=OFFICER, at=START)

    objection.file(evidence_demanded=False, term=INVESTIGATION, by=CITIZEN, at=START)

    assert objection.state is State.FILED


def test_the_firm_is_asked_and_states_its_position_within_the_term() -> None:
    objection = _objection(State.FILED)

    objection.hear(question="请说明。", term=HEARING, left=4, by=OFFICER)
    assert objection.recorded[-1].event == HearingOpened(**ABOUT, question="请说明。", due_on=DUE)
    assert objection.waits_for == f"applicant:{ABOUT['applicant']}"
    with pytest.raises(OtherFirm):
        objection.state_position(statement="不属实。", by=OTHER_FIRM, resumed=RESUMED, at=LATER, today=DUE)
    with pytest.raises(HearingOver):
        objection.state_position(statement="不属实。", by=FIRM, resumed=RESUMED, at=LATER, today=OVER)
    objection.state_position(statement="不属实。", by=FIRM, resumed=RESUMED, at=LATER, today=DUE)

    assert (objection.state, objection.statement, objection.waits_for) == ("stated", "不属实。", "recognition_officer")
    assert (objection.clock, objection.due_on, objection.investigation_due_on) == (
        "objection_investigation",
        RESUMED.due_on,
        RESUMED.due_on,
    )


def test_a_silent_firm_has_had_its_say_and_the_investigation_goes_on() -> None:
    objection = _objection(State.FILED)
    objection.hear(question="请说明。", term=HEARING, left=4, by=OFFICER)
    assert (objection.clock, objection.due_on, objection.investigation_left) == ("objection_hearing", DUE, 4)

    objection.pass_by(OverdueRule.NOTHING, resumed=RESUMED)

    assert objection.recorded[-1].event == ObjectionOverdue(
        **ABOUT, clock="objection_hearing", due_on=DUE, on_overdue=OverdueRule.NOTHING
    )
    assert (objection.state, objection.waits_for, objection.due_on) == (
        State.HEARING,
        "recognition_officer",
        RESUMED.due_on,
    )
    assert (objection.hearing_due_on, objection.investigation_left) == (DUE, None)


@pytest.mark.parametrize("rule", ["remind", "nothing"])
def test_an_overdue_objection_stays_on_the_desk_where_the_programme_says_so(rule: str) -> None:
    objection = _objection(State.FILED)
    objection.wait("recognition_officer", INVESTIGATION)

    objection.pass_by(OverdueRule(rule), resumed=RESUMED)

    assert (objection.waits_for, objection.escalated, objection.due_on) == ("recognition_officer", False, DUE)


def test_an_unanswered_objection_goes_up_to_the_office_which_hears_the_firm_and_answers() -> None:
    objection = _objection(State.FILED)
    objection.wait("recognition_officer", INVESTIGATION)
    with pytest.raises(NotGoneUp):
        objection.hear(question="请说明。", term=HEARING, left=1, by=OFFICE)
    with pytest.raises(NotGoneUp):
        objection.resolve(verdict=Verdict.REJECTED, reason="不成立。", by=OFFICE, at=LATER, today=OVER)

    objection.pass_by(OverdueRule.ESCALATE, resumed=RESUMED)
    assert (objection.waits_for, objection.escalated) == ("office", True)
    objection.hear(question="请说明。", term=HEARING, left=1, by=OFFICE)
    objection.pass_by(OverdueRule.NOTHING, resumed=RESUMED)

    assert (objection.waits_for, objection.escalated) == ("office", True)
    objection.resolve(verdict=Verdict.UPHELD, reason="经核实。", by=OFFICE, at=LATER, today=OVER)
    assert objection.state is State.UPHELD


def test_the_recognition_body_may_answer_what_has_gone_up_until_the_office_has() -> None:
    objection = _objection(State.FILED)
    objection.wait("recognition_officer", INVESTIGATION)
    objection.pass_by(OverdueRule.ESCALATE, resumed=RESUMED)

    objection.resolve(verdict=Verdict.REJECTED, reason="不成立。", by=OFFICER, at=LATER, today=OVER)

    assert objection.state is State.REJECTED


def test_a_firm_may_state_its_position_longer_when_its_last_day_becomes_a_day_off() -> None:
    objection = _objection(State.FILED)
    counted = WorkingCalendar().after(START.date(), days=7, kind=DayKind.WORKING)
    objection.hear(question="请说明。", term=_term("objection_hearing", counted), left=4, by=OFFICER)
    amended = WorkingCalendar({2015: (*built_in_days(2015), SpecialDay(counted.on, "停工日", "Stoppage"))})

    objection.count_again(amended, today=START.date())

    after = counted.on + timedelta(days=3)
    assert objection.recorded[-1].event == HearingMoved(**ABOUT, due_on_before=counted.on, due_on_after=after)
    assert (objection.due_on, objection.hearing_due_on) == (after, after)
    objection.count_again(WorkingCalendar(), today=START.date())
    assert objection.due_on == after


def test_the_term_of_an_investigation_stays_as_it_was_given() -> None:
    objection = _objection(State.FILED)
    counted = WorkingCalendar().after(START.date(), days=7, kind=DayKind.WORKING)
    objection.wait("recognition_officer", _term("objection_investigation", counted))

    objection.count_again(WorkingCalendar({2015: (SpecialDay(counted.on, "停工日", "Stoppage"),)}), today=START.date())

    assert (objection.due_on, objection.recorded) == (counted.on, [])


@pytest.mark.parametrize(
    ("state", "other", "today", "refusal"),
    [
        (State.FILED, {}, OVER, FirmNotAsked),
        (State.HEARING, {"hearing_due_on": DUE}, DUE, HearingRuns),
        (State.DRAFTED, {}, OVER, ActionNotAllowed),
    ],
)
def test_nothing_is_upheld_before_the_firm_was_asked(
    state: State, other: dict[str, Any], today: date, refusal: type[MingpaiError]
) -> None:
    objection = _objection(state, **other)

    with pytest.raises(refusal):
        objection.resolve(verdict=Verdict.UPHELD, reason="经核实。", by=OFFICER, at=LATER, today=today)

    assert (objection.answer, objection.recorded) == (None, [])


@pytest.mark.parametrize(
    ("state", "other", "verdict", "action"),
    [
        (State.HEARING, {"hearing_due_on": DUE}, Verdict.UPHELD, "uphold"),
        (State.STATED, {"hearing_due_on": date.max, "stated_at": START}, Verdict.UPHELD, "uphold"),
        (State.FILED, {}, Verdict.REJECTED, "reject"),
        (State.HEARING, {"hearing_due_on": DUE}, Verdict.REJECTED, "reject"),
    ],
)
def test_an_answer_ends_the_objection_with_its_verdict_and_reason(
    state: State, other: dict[str, Any], verdict: Verdict, action: str
) -> None:
    objection = _objection(state, **other)

    objection.resolve(verdict=verdict, reason="经核实。", by=OFFICER, at=LATER, today=OVER)

    (happened,) = objection.recorded
    assert (happened.action, happened.from_state, happened.to_state, happened.reason) == (
        action,
        state,
        verdict.value,
        "经核实。",
    )
    assert happened.event == ObjectionResolved(**ABOUT, verdict=verdict, reason="经核实。")
    assert (objection.answer, objection.answered_at, objection.waits_for) == ("经核实。", LATER, None)


@pytest.mark.parametrize("state", [State.UPHELD, State.REJECTED])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_an_objection_is_answered_once(state: State, verdict: Verdict) -> None:
    objection = _objection(state)

    with pytest.raises(ObjectionAnswered) as refused:
        objection.resolve(verdict=verdict, reason="再议。", by=OFFICER, at=LATER, today=OVER)

    assert isinstance(refused.value, Refused)
    assert (refused.value.current_state, refused.value.allowed_actions) == (state, ())
    assert (objection.answer, objection.recorded) == (None, [])


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.DRAFTED, ("attach", "file")),
        (State.FILED, ("hear", "fall_due", "uphold", "reject")),
        (State.HEARING, ("move_hearing", "fall_due", "state_position", "uphold", "reject")),
        (State.STATED, ("fall_due", "uphold", "reject")),
        (State.UPHELD, ()),
    ],
)
def test_what_may_follow_each_state(state: State, allowed: tuple[str, ...]) -> None:
    assert LIFECYCLE.allowed(state) == allowed
