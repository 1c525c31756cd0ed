"""A notice is published once; its end is a day, not a move."""

from enum import StrEnum

from common.contracts.review import NoticePublished
from common.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where a notice stands."""

    PUBLISHED = "published"


LIFECYCLE = Lifecycle(Move("publish", None, State.PUBLISHED, NoticePublished))
