"""The states of a deliberation: the recognition body concludes, the leading group's office decides."""

from enum import StrEnum

from common.contracts.review import DeliberationConcluded, ListConfirmed, ListHeld, ListRefused, ListReturned
from common.lifecycle import Lifecycle, Move
from review_service.deliberations.refusals import DeliberationDecided


class State(StrEnum):
    """Where a deliberation stands."""

    CONCLUDED = "concluded"
    HELD = "held"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REFUSED = "refused"
    ANNOUNCED = "announced"


BEFORE_OFFICE = (State.CONCLUDED, State.HELD)

LIFECYCLE = Lifecycle(
    Move("conclude", None, State.CONCLUDED, DeliberationConcluded),
    Move("hold", State.CONCLUDED, State.HELD, ListHeld),
    Move("confirm", BEFORE_OFFICE, State.CONFIRMED, ListConfirmed),
    Move("return", BEFORE_OFFICE, State.RETURNED, ListReturned),
    Move("refuse", BEFORE_OFFICE, State.REFUSED, ListRefused),
    Move("announce", State.CONFIRMED, State.ANNOUNCED, internal="told by AnnouncementPublished"),
    final={
        State.RETURNED: DeliberationDecided,
        State.REFUSED: DeliberationDecided,
        State.ANNOUNCED: DeliberationDecided,
    },
)
