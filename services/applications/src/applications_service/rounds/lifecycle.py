"""A round is open, then closed."""

from enum import StrEnum

from applications_service.rounds.refusals import RoundAlreadyClosed
from common.contracts.applications import RoundClosed, RoundOpened
from common.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    CLOSED = "closed"


LIFECYCLE = Lifecycle(
    Move("open", None, State.OPEN, RoundOpened),
    Move("close", State.OPEN, State.CLOSED, RoundClosed),
    final={State.CLOSED: RoundAlreadyClosed},
)
