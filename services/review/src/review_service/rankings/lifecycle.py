"""The states of a round's list, from the proposal to the decision."""

from enum import StrEnum

from common.contracts.review import ShortlistProposed
from common.lifecycle import Lifecycle, Move
from review_service.rankings.refusals import ListDecided


class State(StrEnum):
    """Where a list stands."""

    PROPOSED = "proposed"
    ON_NOTICE = "on_notice"
    DELIBERATED = "deliberated"
    ANNOUNCED = "announced"
    REFUSED = "refused"


LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, ShortlistProposed),
    Move("publish_notice", State.PROPOSED, State.ON_NOTICE, internal="told by NoticePublished"),
    Move("deliberate", State.ON_NOTICE, State.DELIBERATED, internal="told by DeliberationConcluded"),
    Move("take_back", State.DELIBERATED, State.ON_NOTICE, internal="told by ListReturned"),
    Move("refuse", State.DELIBERATED, State.REFUSED, internal="told by ListRefused"),
    Move("announce", State.DELIBERATED, State.ANNOUNCED, internal="told by AnnouncementPublished"),
    final={State.ANNOUNCED: ListDecided, State.REFUSED: ListDecided},
)
