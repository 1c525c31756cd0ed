"""The states of an act: one person proposes, another decides; what the brand allows no more lapses."""

from enum import StrEnum

from common.lifecycle import Lifecycle, Move
from registry_service.acts.refusals import ActDecided, ActLapsed


class State(StrEnum):
    """Where an act stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, internal="a proposal is nobody's business until it is approved"),
    Move("approve", State.PROPOSED, State.APPROVED, internal="told by the brand's own event"),
    Move("refuse", State.PROPOSED, State.REFUSED, internal="the brand stays as it is"),
    Move("lapse", State.PROPOSED, State.LAPSED, internal="told by the brand's own event"),
    final={State.APPROVED: ActDecided, State.REFUSED: ActDecided, State.LAPSED: ActLapsed},
)
