"""A round is open, then closed, and in the end its acceptance is concluded."""

from enum import StrEnum

from applications_service.rules.rounds.refusals import AcceptanceAlreadyConcluded
from common.contracts.applications.rounds import (
    AcceptanceConcluded,
    AcceptanceOverdue,
    RoundClosed,
    RoundExtended,
    RoundOpened,
)
from common.kernel.actor import Role
from common.kernel.lifecycle import ByClock, Lifecycle, Move, OnDeskOf


class State(StrEnum):
    """The state of a round."""

    OPEN = "open"
    CLOSED = "closed"
    CONCLUDED = "concluded"


LIFECYCLE = Lifecycle(
    Move("open", None, State.OPEN, RoundOpened),
    Move("extend", (State.OPEN, State.CLOSED), None, RoundExtended),
    Move("close", State.OPEN, State.CLOSED, RoundClosed),
    Move("fall_due", State.CLOSED, None, AcceptanceOverdue),
    Move("conclude_acceptance", State.CLOSED, State.CONCLUDED, AcceptanceConcluded),
    final={State.CONCLUDED: AcceptanceAlreadyConcluded},
    waits={State.OPEN: ByClock("closes_at"), State.CLOSED: OnDeskOf(Role.RECOGNITION_OFFICER)},
)
