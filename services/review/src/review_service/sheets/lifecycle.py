"""The states of a score sheet; nothing of it is told, the review tells that it has been scored."""

from enum import StrEnum

from common.lifecycle import Lifecycle, Move
from review_service.sheets.refusals import SheetAlreadySubmitted, SheetVoid


class State(StrEnum):
    """Where a sheet stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    VOID = "void"


SEALED = "scores are sealed; the review tells ReviewScored when the last sheet is in"

LIFECYCLE = Lifecycle(
    Move("lay_out", None, State.OPEN, internal="told without names by PanelDrawn"),
    Move("fill_in", State.OPEN, None, internal=SEALED),
    Move("submit", State.OPEN, State.SUBMITTED, internal=SEALED),
    Move("void", State.OPEN, State.VOID, internal="told by ApplicationWithdrawn"),
    final={State.SUBMITTED: SheetAlreadySubmitted, State.VOID: SheetVoid},
)
