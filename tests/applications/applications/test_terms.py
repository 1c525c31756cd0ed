"""What happens when the one who has an application on his desk lets his term pass, by the programme's rule."""

from datetime import date, timedelta
from typing import Any

import pytest

from applications_service.intake.applications.lifecycle import State
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import (
    NothingEscalated,
    NotOverdueYet,
    NotYourLevel,
    SupplementExtendedOnce,
)
from applications_service.rules.rounds.refusals import AcceptanceWindowClosed, RecommendationWindowClosed
from common.codes.calendar import WorkingCalendar
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationEscalated,
    ApplicationHandedBack,
    ApplicationLapsed,
    ApplicationOverdue,
    ApplicationRejected,
    ApplicationReturned,
    ChainStage,
    EscalatedTo,
    OverdueRule,
)
from common.kernel.actor import Actor
from common.programme import Programme
from common.programme.terms import Terms
from common.standing.checks import Standing
from support.casts import programmes
from support.casts.actors import actor
from support.casts.applying import (
    AT_BODY,
    HONOUR,
    IN_CITY,
    IN_COUNTY,
    RULES,
    TERMS,
    USCC,
    WHOM,
    new_application,
    new_round,
    terms_on,
)
from support.service.alone import START

AT_OFFICE = actor("office", org="SD-OFFICE")
LATER = date(2015, 11, 20)
CITY_DESK = "recommender:370100"
TICK = timedelta(microseconds=1)


def _passed(state: str, rule: str, **changes: object) -> Application:
    """Return an application whose term has just passed by this rule."""
    application = new_application(state, **changes)
    _pass(application, rule)
    return application


def _pass(application: Application, rule: str, *, terms: Terms | None = None) -> None:
    application.overdue_at = START
    application.pass_by(OverdueRule(rule), terms=terms or terms_on(LATER))


def _recommend(application: Application, by: Actor, *, terms: Terms = TERMS, **changes: Any) -> ChainStage:  # noqa: ANN401 -- a round
    given: dict[str, Any] = {"round_": new_round(), "opinion": "同意推荐。", "at": START} | changes
    return application.recommend(by=by, terms=terms, **given)


def _where(application: Application) -> tuple[str | None, str | None, date | None]:
    return application.waits_for, application.clock, application.due_on


@pytest.mark.parametrize(
    ("state", "desk", "clock", "due_on", "remind_on"),
    [
        ("draft", f"applicant:{USCC}", "closing", date(2015, 11, 30), date(2015, 11, 27)),
        ("submitted", "recommender:370102", "county_recommendation", date(2015, 10, 21), date(2015, 10, 18)),
        ("returned", f"applicant:{USCC}", "correction", date(2015, 10, 21), date(2015, 10, 18)),
        ("recommended", "recognition_officer", "formal_check", date(2015, 10, 21), date(2015, 10, 18)),
        ("supplement_requested", f"applicant:{USCC}", "supplement", date(2015, 10, 14), date(2015, 10, 13)),
        ("accepted", None, None, None, None),
        ("lapsed", None, None, None, None),
    ],
)
def test_each_state_has_its_desk_and_the_term_that_runs_there(
    state: str, desk: str | None, clock: str | None, due_on: date | None, remind_on: date | None
) -> None:
    application = new_application(state)

    assert (*_where(application), application.remind_on) == (desk, clock, due_on, remind_on)


def test_a_reminder_that_would_come_at_once_is_left_out() -> None:
    assert TERMS.until(START.date() + timedelta(days=3), "closing", remind_days=3).remind_on is None


@pytest.mark.parametrize("rule", ["remind", "nothing"])
def test_a_silent_recommender_keeps_it_and_it_shows_as_overdue(rule: str) -> None:
    application = _passed("submitted", rule)

    assert _where(application) == ("recommender:370102", "county_recommendation", date(2015, 10, 21))
    assert application.overdue_at == START
    event = application.recorded[-1].event
    assert isinstance(event, ApplicationOverdue)
    assert (event.clock, event.due_on, event.on_overdue) == ("county_recommendation", date(2015, 10, 21), rule)


def test_the_city_acts_in_the_place_of_a_silent_county_and_then_for_itself() -> None:
    application = _passed("submitted", "escalate")

    event = application.recorded[-1].event
    assert isinstance(event, ApplicationEscalated)
    assert (event.chain_stage, event.escalated_to) == (ChainStage.COUNTY, EscalatedTo.CITY)
    assert _where(application) == (CITY_DESK, "city_recommendation", date(2015, 12, 4))
    assert (application.escalated_from, application.overdue_at) == (ChainStage.COUNTY, None)
    with pytest.raises(NotYourLevel):
        _recommend(application, IN_COUNTY)
    assert _recommend(application, IN_CITY) is ChainStage.COUNTY
    assert (application.state, application.waits_for) == (State.SUBMITTED, CITY_DESK)
    assert _recommend(application, IN_CITY) is ChainStage.CITY
    assert application.state is State.RECOMMENDED


def test_above_a_skippable_level_one_recommendation_decides_for_both() -> None:
    definition = programmes.definition(HONOUR)
    definition["recommendation"][0]["skippable"] = True
    terms = Terms(Programme.from_definition(definition), WorkingCalendar(), LATER)
    application = new_application("submitted")
    _pass(application, "escalate", terms=terms)

    assert _recommend(application, IN_CITY, terms=terms) is ChainStage.CITY
    assert application.state is State.RECOMMENDED
    application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)
    event = application.recorded[-1].event
    assert isinstance(event, ApplicationAccepted)
    assert event.recommenders == ("SD-370100",)


def test_above_a_silent_city_is_the_office_never_the_recognition_body() -> None:
    application = _passed("submitted", "escalate")
    _pass(application, "escalate")

    assert _where(application) == ("office", None, None)
    event = application.recorded[-1].event
    assert isinstance(event, ApplicationEscalated)
    assert event.escalated_to is EscalatedTo.OFFICE
    with pytest.raises(NotYourLevel):
        _recommend(application, IN_CITY)
    assert _recommend(application, AT_OFFICE) is ChainStage.COUNTY
    assert application.waits_for == CITY_DESK


def test_a_chain_of_the_county_alone_goes_up_to_the_office() -> None:
    definition = programmes.definition(HONOUR)
    definition["recommendation"] = definition["recommendation"][:1]
    terms = Terms(Programme.from_definition(definition), WorkingCalendar(), LATER)
    application = new_application("submitted")

    _pass(application, "escalate", terms=terms)

    assert application.waits_for == "office"
    assert _recommend(application, AT_OFFICE, terms=terms) is ChainStage.COUNTY
    assert application.state is State.RECOMMENDED


def test_what_no_level_recommends_goes_to_the_recognition_body_at_once() -> None:
    definition = programmes.definition(HONOUR)
    definition["recommendation"] = definition["recommendation"][:1]
    terms = Terms(Programme.from_definition(definition), WorkingCalendar(), START.date())
    application = new_application(division="370100")

    application.submit(round_=new_round(), terms=terms, contact=WHOM, others_in_scope=0, standing=Standing(), at=START)

    assert (application.state, application.waits_for) == (State.RECOMMENDED, "recognition_officer")
    assert application.recorded[-1].action == "submit_unrecommended"


def test_the_one_above_a_silent_recommender_hands_it_back_with_a_new_term() -> None:
    application = _passed("submitted", "escalate")
    with pytest.raises(NotYourLevel):
        application.hand_back(by=IN_COUNTY, terms=TERMS, reason="x")

    stage = application.hand_back(by=IN_CITY, terms=terms_on(LATER), reason="请县里先办。")

    event = application.recorded[-1].event
    assert isinstance(event, ApplicationHandedBack)
    assert (stage, event.chain_stage, event.reason) == (ChainStage.COUNTY, ChainStage.COUNTY, "请县里先办。")
    assert _where(application) == ("recommender:370102", "county_recommendation", date(2015, 12, 4))
    with pytest.raises(NothingEscalated):
        application.hand_back(by=IN_COUNTY, terms=TERMS, reason="x")


def test_a_silent_recommender_may_cost_a_return_to_the_applicant() -> None:
    application = _passed("submitted", "return")

    event = application.recorded[-1].event
    assert isinstance(event, ApplicationReturned)
    assert (event.chain_stage, event.reason) == (ChainStage.COUNTY, "推荐单位逾期未办理推荐。")
    assert _where(application) == (f"applicant:{USCC}", "correction", date(2015, 12, 4))


def test_after_their_window_recommenders_no_longer_decide_and_the_office_does() -> None:
    application = new_application("submitted")
    closing = new_round().recommendation_closes_at

    with pytest.raises(RecommendationWindowClosed):
        _recommend(application, IN_COUNTY, at=closing)
    application.escalate(terms=TERMS, to=EscalatedTo.OFFICE)
    assert application.waits_for == "office"
    assert _recommend(application, AT_OFFICE, at=closing) is ChainStage.COUNTY
    assert _recommend(new_application("submitted"), IN_COUNTY, at=closing - TICK) is ChainStage.COUNTY


def test_what_is_not_corrected_in_time_lapses() -> None:
    application = _passed("returned", "reject")

    event = application.recorded[-1].event
    assert isinstance(event, ApplicationLapsed)
    assert (application.state, application.stage, event.reason) == (State.LAPSED, "lapsed", "逾期未修改并重新提交。")


def test_a_draft_lapses_without_anybody_hearing_of_it() -> None:
    application = new_application("draft")

    application.lapse(reason="申报截止前未提交。")

    assert (application.state, application.recorded[-1].event) == (State.LAPSED, None)


def test_what_is_not_supplemented_in_time_is_rejected_where_the_programme_says_so() -> None:
    application = _passed("supplement_requested", "reject")

    event = application.recorded[-1].event
    assert isinstance(event, ApplicationRejected)
    assert (application.state, event.reasons) == (State.REJECTED, ("逾期未补正。",))


@pytest.mark.parametrize("state", ["returned", "supplement_requested"])
@pytest.mark.parametrize("rule", ["remind", "nothing"])
def test_what_the_applicant_let_pass_is_on_the_recognition_bodys_desk(state: str, rule: str) -> None:
    application = _passed(state, rule)

    assert (application.state, application.waits_for) == (state, "recognition_officer")
    application.reject(by=AT_BODY, reasons=["逾期未办。"])
    assert application.state is State.REJECTED


@pytest.mark.parametrize("state", ["returned", "supplement_requested"])
def test_within_the_term_the_recognition_body_does_not_decide(state: str) -> None:
    application = new_application(state)

    with pytest.raises(NotOverdueYet):
        application.reject(by=AT_BODY, reasons=["x"])
    if state == "supplement_requested":
        with pytest.raises(NotOverdueYet):
            application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)
        with pytest.raises(NotOverdueYet):
            application.extend_supplement(by=AT_BODY, terms=TERMS, reason="x")
    assert application.state == state


def test_an_overdue_supplement_is_accepted_as_it_is() -> None:
    application = _passed("supplement_requested", "remind")

    application.accept(by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START)

    assert (application.state, application.waits_for) == (State.ACCEPTED, None)


def test_an_overdue_supplement_is_extended_once() -> None:
    application = _passed("supplement_requested", "remind")

    application.extend_supplement(by=AT_BODY, terms=terms_on(LATER), reason="检验机构延误。")

    assert _where(application) == (f"applicant:{USCC}", "supplement", date(2015, 11, 27))
    assert (application.supplement_due_on, application.overdue_at) == (date(2015, 11, 27), None)
    _pass(application, "remind")
    with pytest.raises(SupplementExtendedOnce):
        application.extend_supplement(by=AT_BODY, terms=TERMS, reason="x")
    application.reject(by=AT_BODY, reasons=["逾期未补正。"])


@pytest.mark.parametrize("verb", ["accept", "request_supplement"])
def test_the_recognition_body_accepts_within_its_window(verb: str) -> None:
    application, round_ = new_application("recommended"), new_round()
    closing = round_.acceptance_closes_at

    with pytest.raises(AcceptanceWindowClosed):
        _decide(application, verb, round_=round_, at=closing)
    _decide(application, verb, round_=round_, at=closing - TICK)

    assert application.state is not State.RECOMMENDED


def _decide(application: Application, verb: str, **given: Any) -> None:  # noqa: ANN401 -- a round and an instant
    if verb == "accept":
        application.accept(by=AT_BODY, programme=RULES, standing=Standing(), **given)
    else:
        application.request_supplement(by=AT_BODY, terms=TERMS, reason="缺页", **given)
