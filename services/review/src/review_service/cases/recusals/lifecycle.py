"""The states of a recusal: it binds from its declaration until it is lifted."""

from enum import StrEnum
from typing import Any

from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from common.kernel.actor import Actor
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, Stands
from review_service.cases.recusals.refusals import LiftedByAnother, RecusalLiftedAlready


class State(StrEnum):
    """The state of a recusal."""

    DECLARED = "declared"
    LIFTED = "lifted"


def his_own(recusal: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold the lifting from the person who is bound."""
    return LiftedByAnother() if recusal.person == actor.sub else None


LIFECYCLE = Lifecycle(
    Move("declare", None, State.DECLARED, RecusalDeclared),
    Move("lift", State.DECLARED, State.LIFTED, RecusalLifted, unless=his_own),
    final={State.LIFTED: RecusalLiftedAlready},
    waits={State.DECLARED: Stands("it binds the person until it is lifted")},
)
