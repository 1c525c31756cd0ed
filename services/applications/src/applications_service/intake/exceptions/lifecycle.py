"""A code is admitted once; the register keeps it for ever."""

from enum import StrEnum

from common.contracts.applications.usccs import UsccExceptionAdmitted
from common.kernel.lifecycle import Lifecycle, Move, Stands


class State(StrEnum):
    """The state of an exception."""

    ADMITTED = "admitted"


LIFECYCLE = Lifecycle(
    Move("admit", None, State.ADMITTED, UsccExceptionAdmitted),
    waits={State.ADMITTED: Stands("the code is taken from now on")},
)
