"""An announcement is published once and is final."""

from enum import StrEnum

from common.contracts.review.announcements import AnnouncementPublished
from common.kernel.lifecycle import Lifecycle, Move, Stands


class State(StrEnum):
    """The state of an announcement."""

    PUBLISHED = "published"


LIFECYCLE = Lifecycle(
    Move("publish", None, State.PUBLISHED, AnnouncementPublished),
    waits={State.PUBLISHED: Stands("what was announced stays announced")},
)
