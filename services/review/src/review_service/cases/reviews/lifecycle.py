"""The states of a review and what may follow, and what helps a case whose panel has a vacant seat."""

from enum import StrEnum
from typing import Any

from common.contracts.review.reviews import (
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    ReviewCompleted,
    ReviewHeld,
    ReviewOpened,
    ReviewReleased,
    ReviewScored,
    WithdrawalSettled,
)
from common.kernel.actor import Actor
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, Through
from review_service.cases.reviews.refusals import (
    NoSeatVacant,
    ReviewConcluded,
    ReviewNotOnHold,
    ReviewOnHold,
    ReviewWithdrawn,
)


class State(StrEnum):
    """The state of a review."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    SCORED = "scored"
    SHORTLISTED = "shortlisted"
    OUTSIDE = "outside"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    WITHDRAWN = "withdrawn"


class Help(StrEnum):
    """What would help to fill a vacant seat."""

    ENTER_EXPERTS = "enter_experts"
    RESUME_EXPERTS = "resume_experts"
    AWAIT_RETURN = "await_return"
    RAISE_LOAD = "raise_load"
    ADD_ROLES = "add_roles"
    ADD_SPECIALITIES = "add_specialities"


CONCLUDED = (State.RECOGNISED, State.NOT_RECOGNISED)
UNDECIDED = (State.PENDING, State.ASSIGNED, State.SCORED, State.SHORTLISTED, State.OUTSIDE)
ON_THE_LIST = (State.SHORTLISTED, State.OUTSIDE)
"""The states of a ranked case that has no outcome yet."""
IN_THE_LIST = "ShortlistProposed publishes the whole list"


def without_vacancy(review: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold the filling of seats from a panel that has no vacant one."""
    return None if review.vacant_seats else NoSeatVacant()


def on_hold(review: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold from a case that is held what it must not undergo, and a second hold."""
    return None if review.hold is None else ReviewOnHold(application_id=review.application_id)


def not_on_hold(review: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold the release of a case that nobody holds."""
    return ReviewNotOnHold() if review.hold is None else None


LIFECYCLE = Lifecycle(
    Move("open", None, State.PENDING, ReviewOpened),
    Move("assign", State.PENDING, State.ASSIGNED, PanelDrawn),
    Move("change_panel", State.ASSIGNED, None, PanelChanged),
    Move("fill_seats", State.ASSIGNED, None, PanelChanged, unless=without_vacancy),
    Move("score", State.ASSIGNED, State.SCORED, ReviewScored),
    Move("close_panel", State.ASSIGNED, State.SCORED, ReviewScored),
    Move("dissolve_panel", (State.ASSIGNED, State.SCORED), State.PENDING, PanelDissolved),
    Move("shortlist", State.SCORED, State.SHORTLISTED, internal=IN_THE_LIST),
    Move("pass_over", State.SCORED, State.OUTSIDE, internal=IN_THE_LIST),
    Move("call_up", State.OUTSIDE, State.SHORTLISTED, internal="published by ShortlistChanged"),
    Move("show", State.SHORTLISTED, None, internal="published by NoticePublished", unless=on_hold),
    Move("hold", UNDECIDED, None, ReviewHeld, unless=on_hold),
    Move("release", UNDECIDED, None, ReviewReleased, unless=not_on_hold),
    Move("remove", ON_THE_LIST, State.NOT_RECOGNISED, ReviewCompleted),
    Move("recognise", State.SHORTLISTED, State.RECOGNISED, ReviewCompleted, unless=on_hold),
    Move("decline", (State.PENDING, State.SHORTLISTED, State.OUTSIDE), State.NOT_RECOGNISED, ReviewCompleted),
    Move("withdraw", UNDECIDED, State.WITHDRAWN, WithdrawalSettled),
    Move("deny_withdrawal", CONCLUDED, None, WithdrawalSettled),
    final={
        State.RECOGNISED: ReviewConcluded,
        State.NOT_RECOGNISED: ReviewConcluded,
        State.WITHDRAWN: ReviewWithdrawn,
    },
    waits={
        State.PENDING: Through("draws"),
        State.ASSIGNED: Through("sheets"),
        State.SCORED: Through("rankings"),
        State.SHORTLISTED: Through("announcements"),
        State.OUTSIDE: Through("announcements"),
    },
)
