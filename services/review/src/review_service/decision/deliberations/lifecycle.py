"""The states of a deliberation: the recognition body votes, a second person confirms the record, the office decides."""

from enum import StrEnum
from typing import Any

from common.contracts.review.deliberations import (
    DeliberationConcluded,
    ListConfirmed,
    ListHeld,
    ListRefused,
    ListReturned,
)
from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, OnDeskOf, Through
from review_service.decision.deliberations.refusals import (
    ConfirmedByAnotherOrganisation,
    DeliberationDecided,
    DeliberationDiscarded,
    SecondPersonNeeded,
)


class State(StrEnum):
    """The state of a deliberation."""

    RECORDED = "recorded"
    DISCARDED = "discarded"
    CONCLUDED = "concluded"
    HELD = "held"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REFUSED = "refused"
    ANNOUNCED = "announced"


BEFORE_OFFICE = (State.CONCLUDED, State.HELD)
UNSEEN = "published by DeliberationConcluded, once a second person has confirmed the record"


def decided_by_another(deliberation: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold the decision from the organisation that voted."""
    return ConfirmedByAnotherOrganisation() if deliberation.recognition_body == actor.org else None


def recorded_by_himself(deliberation: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold the conclusion from the person who recorded the vote."""
    return SecondPersonNeeded() if deliberation.recorded_by == actor.sub else None


LIFECYCLE = Lifecycle(
    Move("record", None, State.RECORDED, internal=UNSEEN),
    Move("attach", State.RECORDED, None, internal=UNSEEN),
    Move("discard", State.RECORDED, State.DISCARDED, internal="it was never published"),
    Move("conclude", State.RECORDED, State.CONCLUDED, DeliberationConcluded, unless=recorded_by_himself),
    Move("hold", State.CONCLUDED, State.HELD, ListHeld, unless=decided_by_another),
    Move("confirm", BEFORE_OFFICE, State.CONFIRMED, ListConfirmed, unless=decided_by_another),
    Move("return", BEFORE_OFFICE, State.RETURNED, ListReturned, unless=decided_by_another),
    Move("refuse", BEFORE_OFFICE, State.REFUSED, ListRefused, unless=decided_by_another),
    Move("announce", State.CONFIRMED, State.ANNOUNCED, internal="published by AnnouncementPublished"),
    final={
        State.DISCARDED: DeliberationDiscarded,
        State.RETURNED: DeliberationDecided,
        State.REFUSED: DeliberationDecided,
        State.ANNOUNCED: DeliberationDecided,
    },
    waits={
        State.RECORDED: OnDeskOf(Role.RECOGNITION_OFFICER),
        State.CONCLUDED: OnDeskOf(Role.OFFICE),
        State.HELD: OnDeskOf(Role.OFFICE),
        State.CONFIRMED: Through("announcements"),
    },
)
