"""A notice is published once; its end is a day, not a move."""

from enum import StrEnum

from common.contracts.review.notices import NoticePublished
from common.kernel.lifecycle import Lifecycle, Move, Stands


class State(StrEnum):
    """The state of a notice."""

    PUBLISHED = "published"


LIFECYCLE = Lifecycle(
    Move("publish", None, State.PUBLISHED, NoticePublished),
    waits={State.PUBLISHED: Stands("it is shown until its last day")},
)
