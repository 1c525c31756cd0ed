"""A reminder is sent once."""

from enum import StrEnum

from common.contracts.review.reminders import DeskReminded
from common.kernel.lifecycle import Lifecycle, Move, Stands


class State(StrEnum):
    """The state of a reminder."""

    SENT = "sent"


LIFECYCLE = Lifecycle(
    Move("send", None, State.SENT, DeskReminded), waits={State.SENT: Stands("it has been handed to the mails")}
)
