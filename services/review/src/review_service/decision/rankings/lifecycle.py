"""The states of a round's list, from the proposal until every case on it has its outcome."""

from enum import StrEnum

from common.contracts.review.rankings import ShortlistChanged, ShortlistProposed
from common.kernel.lifecycle import Lifecycle, Move, Through
from review_service.decision.rankings.refusals import ListDecided


class State(StrEnum):
    """The state of a list."""

    PROPOSED = "proposed"
    ON_NOTICE = "on_notice"
    DELIBERATED = "deliberated"
    ANNOUNCED = "announced"
    REFUSED = "refused"
    CLOSED = "closed"


OPEN = (State.PROPOSED, State.ON_NOTICE, State.DELIBERATED)

LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, ShortlistProposed),
    Move("publish_notice", (State.PROPOSED, State.ON_NOTICE), State.ON_NOTICE, internal="published by NoticePublished"),
    Move("remove", OPEN, None, ShortlistChanged),
    Move("call_reserve", OPEN, None, ShortlistChanged),
    Move("deliberate", State.ON_NOTICE, State.DELIBERATED, internal="published by DeliberationConcluded"),
    Move("take_back", State.DELIBERATED, State.ON_NOTICE, internal="published by ListReturned"),
    Move("refuse", State.DELIBERATED, State.REFUSED, internal="published by ListRefused"),
    Move("announce_part", State.DELIBERATED, State.ON_NOTICE, internal="published by AnnouncementPublished"),
    Move("announce", State.DELIBERATED, State.ANNOUNCED, internal="published by AnnouncementPublished"),
    Move(
        "close", (State.PROPOSED, State.ON_NOTICE), State.CLOSED, internal="published by ReviewCompleted of each case"
    ),
    final={State.ANNOUNCED: ListDecided, State.REFUSED: ListDecided, State.CLOSED: ListDecided},
    waits={
        State.PROPOSED: Through("notices"),
        State.ON_NOTICE: Through("deliberations"),
        State.DELIBERATED: Through("announcements"),
    },
)
