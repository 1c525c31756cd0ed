"""The states of a score sheet; a sheet publishes nothing, the review publishes what happens to its panel."""

from enum import StrEnum

from common.kernel.actor import Role
from common.kernel.lifecycle import Lifecycle, Move, OnDeskOf, Through
from review_service.panel.sheets.refusals import SheetRecused, SheetReplaced, SheetVoid


class State(StrEnum):
    """The state of a sheet."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    REPLACED = "replaced"
    VOID = "void"


SEATED = (State.OPEN, State.SUBMITTED)
"""The states of a sheet whose expert sits on the panel."""
SEALED = "scores are sealed; the review publishes ReviewScored when the last sheet is in"
NAMELESS = "published by PanelChanged, which names nobody"

LIFECYCLE = Lifecycle(
    Move("lay_out", None, State.OPEN, internal="published by PanelDrawn or PanelChanged, which name nobody"),
    Move("fill_in", State.OPEN, None, internal=SEALED),
    Move("submit", State.OPEN, State.SUBMITTED, internal=SEALED),
    Move("recuse", State.OPEN, State.RECUSED, internal=NAMELESS),
    Move("replace", State.OPEN, State.REPLACED, internal=NAMELESS),
    Move("fall_due", State.OPEN, None, internal="nobody but the recognition body learns whose sheet is late"),
    Move("void", SEATED, State.VOID, internal="published by PanelChanged, PanelDissolved or WithdrawalSettled"),
    final={State.RECUSED: SheetRecused, State.REPLACED: SheetReplaced, State.VOID: SheetVoid},
    waits={State.OPEN: OnDeskOf(Role.EXPERT, Role.RECOGNITION_OFFICER), State.SUBMITTED: Through("reviews")},
)
