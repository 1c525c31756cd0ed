"""A proposal to draw again: another person decides, once, about a case whose panel can still be dissolved."""

import pytest

from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError
from review_service.cases.reviews.lifecycle import State as ReviewState
from review_service.cases.reviews.model import Review
from review_service.panel.redraws.lifecycle import LIFECYCLE, State
from review_service.panel.redraws.model import Redraw
from support.casts.reviewing import accepted, definition
from support.service.alone import START


def officer(number: int) -> Actor:
    return Actor(sub=f"officer-{number}", org="SD-BODY", roles=frozenset({Role.RECOGNITION_OFFICER}))


def proposed(state: ReviewState = ReviewState.SCORED) -> Redraw:
    review = Review.opened(accepted(definition()), review_id="rev_1", at=START)
    review.state = state
    redraw = Redraw(
        id="rdw_1",
        review_id="rev_1",
        round_id="rnd_1",
        draw_id="drw_1",
        reason="名单有误。",
        proposed_by="officer-1",
        proposed_at=START,
    )
    redraw.propose(review)
    return redraw


def test_a_proposal_waits_for_another_person_who_decides_it_once() -> None:
    approved, refused = proposed(), proposed(ReviewState.ASSIGNED)

    with pytest.raises(MingpaiError) as oneself:
        approved.approve(by=officer(1), at=START)
    waiting = approved.waits_for
    approved.approve(by=officer(2), at=START)
    refused.refuse(by=officer(2), reason="名单无误。", at=START)
    with pytest.raises(MingpaiError) as twice:
        approved.refuse(by=officer(3), reason="不妥。", at=START)

    assert (waiting, approved.waits_for) == ("recognition_officer", None)
    assert (approved.state, approved.decided_by) == (State.APPROVED, "officer-2")
    assert (refused.state, refused.refused_because) == (State.REFUSED, "名单无误。")
    assert (oneself.value.code, twice.value.code) == ("redraw-by-another-person", "redraw-decided")


@pytest.mark.parametrize("state", [ReviewState.PENDING, ReviewState.SHORTLISTED, ReviewState.RECOGNISED])
def test_a_case_without_a_panel_or_on_a_list_is_not_proposed(state: ReviewState) -> None:
    with pytest.raises(MingpaiError):
        proposed(state)


def test_what_may_follow_each_state() -> None:
    assert {state: LIFECYCLE.allowed(state) for state in State} == {
        State.PROPOSED: ("approve", "refuse"),
        State.APPROVED: (),
        State.REFUSED: (),
    }
