"""The states of an act: one person proposes, another decides; it lapses when the brand no longer allows it."""

from enum import StrEnum
from typing import Any

from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, OnDeskOf
from common.kernel.worklist import proposed_by_oneself
from registry_service.supervision.acts.refusals import ActDecided, ActLapsed, ApprovedByAnotherPerson


class State(StrEnum):
    """The state of an act."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


def decided_by_another(act: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an act or a row
    """Withhold the decision from the person who proposed the act."""
    return ApprovedByAnotherPerson() if proposed_by_oneself(act, actor) else None


LIFECYCLE = Lifecycle(
    Move("propose", None, State.PROPOSED, internal="a proposal stays internal until it is approved"),
    Move(
        "approve",
        State.PROPOSED,
        State.APPROVED,
        internal="published as the brand's own event",
        unless=decided_by_another,
    ),
    Move("refuse", State.PROPOSED, State.REFUSED, internal="the brand stays as it is", unless=decided_by_another),
    Move("lapse", State.PROPOSED, State.LAPSED, internal="published as the brand's own event"),
    final={State.APPROVED: ActDecided, State.REFUSED: ActDecided, State.LAPSED: ActLapsed},
    waits={State.PROPOSED: OnDeskOf(Role.OFFICE)},
)
