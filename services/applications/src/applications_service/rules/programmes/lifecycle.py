"""An edition is proposed by one person, published once by another, and never changes; new rules are a new edition."""

from enum import StrEnum
from typing import Any

from applications_service.rules.programmes.refusals import EditionPublished, PublishedByAnotherPerson
from common.contracts.applications.programmes import ProgrammePublished
from common.kernel.actor import Actor
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, Stands
from common.kernel.worklist import proposed_by_oneself


class State(StrEnum):
    """The state of an edition."""

    PROPOSED = "proposed"
    PUBLISHED = "published"


def proposed_by_himself(edition: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold the publication from the person who proposed the edition."""
    return PublishedByAnotherPerson() if proposed_by_oneself(edition, actor) else None


LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, internal="it binds nobody until it is published"),
    Move("publish", State.PROPOSED, State.PUBLISHED, ProgrammePublished, unless=proposed_by_himself),
    final={State.PUBLISHED: EditionPublished},
    waits={State.PROPOSED: Stands("it binds nobody until another person publishes it")},
)
