"""The states of a proposal to draw a case again: one person proposes, another decides."""

from enum import StrEnum
from typing import Any

from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, OnDeskOf
from common.kernel.worklist import proposed_by_oneself
from review_service.panel.redraws.refusals import RedrawByAnotherPerson, RedrawDecided


class State(StrEnum):
    """The state of a proposal."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


def decided_by_another(redraw: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- a proposal or a row
    """Withhold the decision from the person who made the proposal."""
    return RedrawByAnotherPerson() if proposed_by_oneself(redraw, actor) else None


LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, internal="a proposal stays internal until it is approved"),
    Move("approve", State.PROPOSED, State.APPROVED, internal="published as PanelDissolved", unless=decided_by_another),
    Move("refuse", State.PROPOSED, State.REFUSED, internal="the panel stays as it is", unless=decided_by_another),
    final={State.APPROVED: RedrawDecided, State.REFUSED: RedrawDecided},
    waits={State.PROPOSED: OnDeskOf(Role.RECOGNITION_OFFICER)},
)
