"""The states of a review and what may follow."""

from enum import StrEnum

from common.contracts.review import PanelDrawn, ReviewCompleted, ReviewOpened, ReviewScored
from common.lifecycle import Lifecycle, Move
from review_service.reviews.refusals import ReviewConcluded, ReviewRemoved


class State(StrEnum):
    """Where a review stands."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    SCORED = "scored"
    SHORTLISTED = "shortlisted"
    OUTSIDE = "outside"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    REMOVED = "removed"


UNDECIDED = (State.PENDING, State.ASSIGNED, State.SCORED, State.SHORTLISTED, State.OUTSIDE)
TOLD_BY_LIST = "the whole list is told by ShortlistProposed"

LIFECYCLE = Lifecycle(
    Move("open", None, State.PENDING, ReviewOpened),
    Move("assign", State.PENDING, State.ASSIGNED, PanelDrawn),
    Move("score", State.ASSIGNED, State.SCORED, ReviewScored),
    Move("shortlist", State.SCORED, State.SHORTLISTED, internal=TOLD_BY_LIST),
    Move("pass_over", State.SCORED, State.OUTSIDE, internal=TOLD_BY_LIST),
    Move("drop", State.SHORTLISTED, State.OUTSIDE, internal="told by ObjectionResolved"),
    Move("recognise", State.SHORTLISTED, State.RECOGNISED, ReviewCompleted),
    Move("decline", (State.PENDING, State.SHORTLISTED, State.OUTSIDE), State.NOT_RECOGNISED, ReviewCompleted),
    Move("remove", UNDECIDED, State.REMOVED, internal="told by ApplicationWithdrawn"),
    final={
        State.RECOGNISED: ReviewConcluded,
        State.NOT_RECOGNISED: ReviewConcluded,
        State.REMOVED: ReviewRemoved,
    },
)
