"""The states of an objection; an open one holds the award."""

from enum import StrEnum

from common.contracts.review import ObjectionFiled, ObjectionResolved
from common.lifecycle import Lifecycle, Move
from review_service.objections.refusals import ObjectionAnswered


class State(StrEnum):
    """Where an objection stands."""

    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"


LIFECYCLE = Lifecycle(
    Move("file", None, State.FILED, ObjectionFiled),
    Move("uphold", State.FILED, State.UPHELD, ObjectionResolved),
    Move("reject", State.FILED, State.REJECTED, ObjectionResolved),
    final={State.UPHELD: ObjectionAnswered, State.REJECTED: ObjectionAnswered},
)
