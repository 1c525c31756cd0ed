"""An announcement is published once and stands."""

from enum import StrEnum

from common.contracts.review import AnnouncementPublished
from common.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an announcement stands."""

    PUBLISHED = "published"


LIFECYCLE = Lifecycle(Move("publish", None, State.PUBLISHED, AnnouncementPublished))
