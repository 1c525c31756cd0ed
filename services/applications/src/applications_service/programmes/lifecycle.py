"""A programme's edition is published once and never changes; new rules are a new edition."""

from enum import StrEnum

from common.contracts.applications import ProgrammePublished
from common.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an edition stands."""

    PUBLISHED = "published"


LIFECYCLE = Lifecycle(Move("publish", None, State.PUBLISHED, ProgrammePublished))
