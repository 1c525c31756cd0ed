"""The states of an expert in the pool; the pool is never published."""

from enum import StrEnum

from common.kernel.lifecycle import Lifecycle, Move, Stands
from review_service.panel.experts.refusals import ExpertEnded


class State(StrEnum):
    """The state of an expert."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


IN_THE_POOL = (State.ACTIVE, State.PAUSED)
SECRET = "who is in the pool is published nowhere"  # noqa: S105 -- the reason why there is no event

LIFECYCLE = Lifecycle(
    Move("enter", None, State.ACTIVE, internal=SECRET),
    Move("edit", IN_THE_POOL, None, internal=SECRET),
    Move("declare_conflict", IN_THE_POOL, None, internal=SECRET),
    Move("pause", State.ACTIVE, State.PAUSED, internal=SECRET),
    Move("resume", State.PAUSED, State.ACTIVE, internal=SECRET),
    Move("end", IN_THE_POOL, State.ENDED, internal=SECRET),
    final={State.ENDED: ExpertEnded},
    waits={
        State.ACTIVE: Stands("the person may be drawn"),
        State.PAUSED: Stands("the person is away until he is resumed or ended"),
    },
)
