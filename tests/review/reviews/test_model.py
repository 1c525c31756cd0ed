from datetime import date
from typing import Any

import pytest

from common.contracts.review import PanelDrawn, ReviewCompleted, ReviewOpened, ReviewScored
from common.errors import Refused
from review_service.reviews.lifecycle import LIFECYCLE, State
from review_service.reviews.model import Review
from support import programmes
from support.reviewing import accepted, definition, uscc
from support.service import START


def review(state: State = State.PENDING) -> Review:
    one = Review.opened(accepted(definition()), review_id="rev_1", at=START)
    one.recorded.clear()
    one.state = state
    return one


def told(one: Review) -> list[Any]:
    return [item.event for item in one.recorded]


def test_a_review_opens_with_the_snapshot_under_its_digest() -> None:
    event = accepted(definition())

    one = Review.opened(event, review_id="rev_1", at=START)

    assert (one.state, one.applicant, one.division) == (State.PENDING, uscc(1), "370102")
    assert (one.snapshot, one.digest, one.programme_digest) == (event.snapshot, event.digest, event.programme_digest)
    assert [type(each) for each in told(one)] == [ReviewOpened]


def test_the_panel_is_told_by_its_size() -> None:
    one = review()

    one.assign(draw_id="drw_1", size=3)

    (event,) = told(one)
    assert isinstance(event, PanelDrawn)
    assert (one.state, event.draw_id, event.size) == (State.ASSIGNED, "drw_1", 3)


def test_the_score_is_kept_with_its_arithmetic_and_not_told() -> None:
    rules = programmes.programme("SERVICE_BRAND")
    sheet = {leaf: rules.score_cap(leaf) for leaf in rules.leaves}
    one = review(State.ASSIGNED)

    one.take_score(rules.official_score([sheet] * 3))

    (event,) = told(one)
    assert isinstance(event, ReviewScored)
    assert (one.state, str(one.score), one.arithmetic is not None) == (State.SCORED, "100.00", True)
    assert "100" not in event.whole().decode().replace("SD-370100", "")


def test_a_place_inside_the_quota_needs_no_reason_and_one_outside_says_why() -> None:
    inside, outside = review(State.SCORED), review(State.SCORED)

    inside.place(rank=1, admitted=True, reasons=["admitted", "tie-by-ticket"])
    outside.place(rank=2, admitted=False, reasons=["reserve", "tie-by-ticket"])

    assert (inside.state, inside.rank, inside.reasons) == (State.SHORTLISTED, 1, [])
    assert (outside.state, outside.rank, outside.reasons) == (State.OUTSIDE, 2, ["reserve", "tie-by-ticket"])
    assert told(inside) == told(outside) == [None]


def test_recognition_tells_what_the_registry_needs_inside_only() -> None:
    one = review(State.SCORED)
    one.place(rank=1, admitted=True, reasons=["admitted"])
    rules = programmes.programme("SERVICE_BRAND")

    one.recognise(
        programme=rules, year=2015, announcement_id="ann_1", document_number="8号", effective_on=date(2015, 12, 20)
    )

    event = told(one)[-1]
    assert isinstance(event, ReviewCompleted)
    assert (event.outcome, event.rank, event.reasons, event.announcement_id) == ("recognised", 1, (), "ann_1")
    assert event.registration is not None
    assert event.registration.model_dump() == {
        "item": "旅游接待服务1",
        "year": 2015,
        "programme_digest": one.programme_digest,
        "edition": 1,
        "document_number": "8号",
        "effective_on": date(2015, 12, 20),
        "validity_years": 3,
        "number_pattern": "SDFW-{year}-{serial:05d}",
    }
    assert b"registration" not in event.projection()
    assert b"recommenders" not in event.projection()


def test_an_upheld_objection_costs_the_place_and_is_the_reason() -> None:
    one = review(State.SCORED)
    one.place(rank=1, admitted=True, reasons=["admitted"])

    one.drop(reason="objection-upheld")
    one.decline(announcement_id="ann_1")

    event = told(one)[-1]
    assert isinstance(event, ReviewCompleted)
    assert (one.state, event.outcome, event.reasons) == (State.NOT_RECOGNISED, "not_recognised", ("objection-upheld",))
    assert event.registration is None


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.PENDING, ("assign", "decline", "remove")),
        (State.ASSIGNED, ("score", "remove")),
        (State.SCORED, ("shortlist", "pass_over", "remove")),
        (State.SHORTLISTED, ("drop", "recognise", "decline", "remove")),
        (State.OUTSIDE, ("decline", "remove")),
        (State.RECOGNISED, ()),
        (State.NOT_RECOGNISED, ()),
        (State.REMOVED, ()),
    ],
)
def test_what_may_follow_each_state(state: State, allowed: tuple[str, ...]) -> None:
    assert LIFECYCLE.allowed(state) == allowed


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.RECOGNISED, "review-concluded"),
        (State.NOT_RECOGNISED, "review-concluded"),
        (State.REMOVED, "review-removed"),
        (State.OUTSIDE, "action-not-allowed"),
    ],
)
def test_what_has_ended_is_not_drawn(state: State, code: str) -> None:
    one = review(state)

    with pytest.raises(Refused) as refused:
        one.assign(draw_id="drw_1", size=3)

    assert (refused.value.code, refused.value.current_state, one.state) == (code, state.value, state)
    assert one.recorded == []
