"""The states of an act: one person proposes, another decides."""

from enum import StrEnum

from common.lifecycle import Lifecycle, Move
from registry_service.acts.refusals import ActDecided


class State(StrEnum):
    """Where an act stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, internal="a proposal is nobody's business until it is approved"),
    Move("approve", State.PROPOSED, State.APPROVED, internal="told by the brand's own event"),
    Move("refuse", State.PROPOSED, State.REFUSED, internal="the brand stays as it is"),
    final={State.APPROVED: ActDecided, State.REFUSED: ActDecided},
)
