from datetime import date
from typing import Any

import pytest

from common.contracts.review.reviews import (
    PanelCause,
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    ReviewCompleted,
    ReviewHeld,
    ReviewOpened,
    ReviewReleased,
    ReviewScored,
)
from common.kernel.actor import Actor, Role
from common.kernel.errors import Refused
from common.programme import Programme
from review_service.cases.reviews.lifecycle import LIFECYCLE, State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.refusals import ReviewNotOnHold, ReviewOnHold
from support.casts import programmes
from support.casts.actors import actor
from support.casts.reviewing import accepted, definition, uscc
from support.service.alone import START

OFFICER = Actor(sub="officer-1", org="SD-BODY", roles=frozenset({Role.RECOGNITION_OFFICER}))
DUE = date(2015, 10, 29)
VACANT = {"seat": 2, "role": "finance", "category": None, "why": {"paused": 1}, "helps": ["enter_experts"]}


def review(state: State = State.PENDING) -> Review:
    one = Review.opened(accepted(definition()), review_id="rev_1", at=START)
    one.recorded.clear()
    one.state = state
    return one


def recorded(one: Review) -> list[Any]:
    return [item.event for item in one.recorded]


def test_a_review_opens_with_the_snapshot_under_its_digest() -> None:
    event = accepted(definition())

    one = Review.opened(event, review_id="rev_1", at=START)

    assert (one.state, one.applicant, one.division) == (State.PENDING, uscc(1), "370102")
    assert (one.snapshot, one.digest, one.programme_digest) == (event.snapshot, event.digest, event.programme_digest)
    assert [type(each) for each in recorded(one)] == [ReviewOpened]


def test_of_the_panel_only_the_size_is_published() -> None:
    one = review()

    one.assign(draw_id="drw_1", due_on=DUE, readers=["e-1", "e-2", "e-3"])

    (event,) = recorded(one)
    assert isinstance(event, PanelDrawn)
    assert (one.state, event.draw_id, event.size, event.due_on) == (State.ASSIGNED, "drw_1", 3, DUE)
    assert event.readers == ("e-1", "e-2", "e-3")
    assert b"e-1" not in event.projection()


def test_the_score_is_kept_with_its_arithmetic_and_not_published() -> None:
    rules = programmes.programme("SERVICE_BRAND")
    sheet = {leaf: rules.score_cap(leaf) for leaf in rules.leaves}
    one = review(State.ASSIGNED)

    one.take_score(rules.official_score([sheet] * 3))

    (event,) = recorded(one)
    assert isinstance(event, ReviewScored)
    assert (one.state, str(one.score), one.arithmetic is not None) == (State.SCORED, "100.00", True)
    assert "100" not in event.whole().decode().replace("SD-370100", "")


def test_a_place_inside_the_quota_needs_no_reason_and_one_outside_says_why() -> None:
    inside, outside = review(State.SCORED), review(State.SCORED)

    inside.place(rank=1, admitted=True, on_reserve=False, reasons=["admitted", "tie-by-ticket"])
    outside.place(rank=2, admitted=False, on_reserve=True, reasons=["reserve", "tie-by-ticket"])

    assert (inside.state, inside.rank, inside.reasons) == (State.SHORTLISTED, 1, [])
    assert (inside.on_reserve, outside.on_reserve) == (False, True)
    assert (outside.state, outside.rank, outside.reasons) == (State.OUTSIDE, 2, ["reserve", "tie-by-ticket"])
    assert recorded(inside) == recorded(outside) == [None]


def test_recognition_publishes_what_the_registry_needs_inside_only() -> None:
    one = review(State.SCORED)
    one.place(rank=1, admitted=True, on_reserve=False, reasons=["admitted"])
    rules = programmes.programme("SERVICE_BRAND")

    one.show(until=date(2015, 12, 10))

    recognise(one, rules)

    event = recorded(one)[-1]
    assert isinstance(event, ReviewCompleted)
    assert (event.outcome, event.rank, event.reasons, event.announcement_id) == ("recognised", 1, (), "ann_1")
    assert event.registration is not None
    assert event.registration.model_dump() == {
        "item": "旅游接待服务1",
        **programmes.item_members("SERVICE_BRAND"),
        "year": 2015,
        "digest": one.digest,
        "programme_digest": one.programme_digest,
        "edition": 1,
        "document_number": "8号",
        "effective_on": date(2015, 12, 20),
        "validity_years": 3,
        "number_pattern": "SDFW-{year}-{serial:05d}",
    }
    assert b"registration" not in event.projection()
    assert b"recommenders" not in event.projection()


def recognise(one: Review, rules: Programme, *, announced_on: date = date(2015, 12, 11)) -> None:
    one.recognise(
        programme=rules,
        year=2015,
        announcement_id="ann_1",
        document_number="8号",
        announced_on=announced_on,
        effective_on=date(2015, 12, 20),
    )


@pytest.mark.parametrize(("until", "hold"), [(None, False), (date(2015, 12, 11), False), (date(2015, 12, 10), True)])
def test_nobody_is_recognised_before_his_notice_has_ended_or_while_he_is_held(
    until: date | None, *, hold: bool
) -> None:
    one = review(State.SHORTLISTED)
    if until is not None:
        one.show(until=until)
    if hold:
        one.hold_back(by=actor("office"), reason="待查。", at=START)

    with pytest.raises(Refused) as refused:
        recognise(one, programmes.programme("SERVICE_BRAND"))

    assert (refused.value.code, one.state) == ("review-on-hold" if hold else "notice-not-ended", State.SHORTLISTED)


@pytest.mark.parametrize("state", [State.PENDING, State.ASSIGNED, State.SCORED, State.SHORTLISTED, State.OUTSIDE])
def test_a_case_is_held_at_any_stage_once_and_goes_on_where_it_was(state: State) -> None:
    one, office = review(state), actor("office")

    one.hold_back(by=office, reason="待查。", at=START)
    with pytest.raises(ReviewOnHold):
        one.hold_back(by=office, reason="待查。", at=START)
    one.release(by=office, reason="已查清。")
    with pytest.raises(ReviewNotOnHold):
        one.release(by=office, reason="已查清。")

    assert [type(event) for event in recorded(one)] == [ReviewHeld, ReviewReleased]
    assert (one.state, one.hold) == (state, None)


@pytest.mark.parametrize("state", [State.SHORTLISTED, State.OUTSIDE])
def test_a_case_that_is_removed_ends_at_once_with_its_ground_and_reason(state: State) -> None:
    one = review(state)

    one.remove(grounds=["veto", "tax_evasion"], reason="税务部门查实。")

    event = recorded(one)[-1]
    assert isinstance(event, ReviewCompleted)
    assert (one.state, event.outcome) == (State.NOT_RECOGNISED, "not_recognised")
    assert event.reasons == ("veto", "tax_evasion", "税务部门查实。")
    assert event.registration is None


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.PENDING, ("assign", "hold", "release", "decline", "withdraw")),
        (
            State.ASSIGNED,
            ("change_panel", "fill_seats", "score", "close_panel", "dissolve_panel", "hold", "release", "withdraw"),
        ),
        (State.SCORED, ("dissolve_panel", "shortlist", "pass_over", "hold", "release", "withdraw")),
        (State.SHORTLISTED, ("show", "hold", "release", "remove", "recognise", "decline", "withdraw")),
        (State.OUTSIDE, ("call_up", "hold", "release", "remove", "decline", "withdraw")),
        (State.RECOGNISED, ("deny_withdrawal",)),
        (State.NOT_RECOGNISED, ("deny_withdrawal",)),
        (State.WITHDRAWN, ()),
    ],
)
def test_what_may_follow_each_state(state: State, allowed: tuple[str, ...]) -> None:
    assert LIFECYCLE.allowed(state) == allowed


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.RECOGNISED, "review-concluded"),
        (State.NOT_RECOGNISED, "review-concluded"),
        (State.WITHDRAWN, "review-withdrawn"),
        (State.OUTSIDE, "action-not-allowed"),
    ],
)
def test_what_has_ended_is_not_drawn(state: State, code: str) -> None:
    one = review(state)

    with pytest.raises(Refused) as refused:
        one.assign(draw_id="drw_1", due_on=DUE, readers=[])

    assert (refused.value.code, refused.value.current_state, one.state) == (code, state.value, state)
    assert one.recorded == []


def test_a_changed_panel_publishes_its_size_and_keeps_who_sits_on_it_inside() -> None:
    one = review(State.ASSIGNED)

    one.change_panel(PanelCause.RECUSED, readers=["e-1", "e-2"], vacancies=[VACANT], reason="配偶任职。")
    with pytest.raises(Refused) as full:
        LIFECYCLE.check(review(State.ASSIGNED), "fill_seats", OFFICER)
    LIFECYCLE.check(one, "fill_seats", OFFICER)

    (event,) = recorded(one)
    assert isinstance(event, PanelChanged)
    assert (event.cause, event.size, event.vacant) == ("recused", 2, 1)
    assert b"e-1" not in event.projection()
    assert (one.vacancies, one.vacant_seats, one.recorded[0].reason) == ([VACANT], 1, "配偶任职。")
    assert full.value.code == "no-seat-vacant"


@pytest.mark.parametrize("state", [State.ASSIGNED, State.SCORED])
def test_a_dissolved_panel_leaves_nothing_behind(state: State) -> None:
    rules = programmes.programme("SERVICE_BRAND")
    sheet = {leaf: rules.score_cap(leaf) for leaf in rules.leaves}
    one = review()
    one.assign(draw_id="drw_1", due_on=DUE, readers=["e-1"], vacancies=[VACANT])
    if state is State.SCORED:
        one.close_panel(rules.official_score([sheet] * 3), reason="期限已过。")

    one.dissolve_panel(reason="抽取有误。")

    assert isinstance(recorded(one)[-1], PanelDissolved)
    assert (one.state, one.draw_id, one.sheets_due_on, one.vacancies) == (State.PENDING, None, None, [])
    assert (one.score, one.arithmetic) == (None, None)
