"""The states of an objection: filed with its evidence, put to the firm, answered; an open one holds the case back."""

from enum import StrEnum
from typing import Any

from common.contracts.review.objections import (
    HearingMoved,
    HearingOpened,
    ObjectionFiled,
    ObjectionOverdue,
    ObjectionResolved,
)
from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, OnDeskOf, Stands
from review_service.decision.objections.refusals import (
    FirmNotAsked,
    NotGoneUp,
    ObjectionAnswered,
    ObjectorOnly,
    OtherFirm,
)


class State(StrEnum):
    """The state of an objection."""

    DRAFTED = "drafted"
    FILED = "filed"
    HEARING = "hearing"
    STATED = "stated"
    UPHELD = "upheld"
    REJECTED = "rejected"


OPEN = (State.FILED, State.HEARING, State.STATED)
UNSEEN = "nobody but the objector has seen it"


def not_the_objector(objection: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold a draft from everybody but the person who wrote it."""
    return None if objection.filed_by == actor.sub else ObjectorOnly()


def another_firm(objection: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold the statement from everybody but the firm that is objected to."""
    return None if objection.applicant == actor.org else OtherFirm()


def not_gone_up(objection: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold from the office what the recognition body has not left unanswered."""
    only_office = actor.has(Role.OFFICE) and not actor.has(Role.RECOGNITION_OFFICER)
    return NotGoneUp() if only_office and not objection.escalated else None


def firm_not_asked(objection: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold an answer against the firm until it was asked."""
    return not_gone_up(objection, actor) or (FirmNotAsked() if objection.hearing_due_on is None else None)


LIFECYCLE = Lifecycle(
    Move("draft", None, State.DRAFTED, internal=UNSEEN),
    Move("attach", State.DRAFTED, None, internal=UNSEEN, unless=not_the_objector),
    Move("file", State.DRAFTED, State.FILED, ObjectionFiled, unless=not_the_objector),
    Move("hear", State.FILED, State.HEARING, HearingOpened, unless=not_gone_up),
    Move("move_hearing", State.HEARING, None, HearingMoved),
    Move("fall_due", OPEN, None, ObjectionOverdue),
    Move(
        "state_position", State.HEARING, State.STATED, internal="the statement is the officer's to weigh",
        unless=another_firm,
    ),
    Move("uphold", OPEN, State.UPHELD, ObjectionResolved, unless=firm_not_asked),
    Move("reject", OPEN, State.REJECTED, ObjectionResolved, unless=not_gone_up),
    final={State.UPHELD: ObjectionAnswered, State.REJECTED: ObjectionAnswered},
    waits={
        State.DRAFTED: Stands("nobody has seen it; it counts for nothing until it is filed"),
        State.FILED: OnDeskOf(Role.RECOGNITION_OFFICER, Role.OFFICE),
        State.HEARING: OnDeskOf(Role.APPLICANT, Role.RECOGNITION_OFFICER, Role.OFFICE),
        State.STATED: OnDeskOf(Role.RECOGNITION_OFFICER, Role.OFFICE),
    },
)  # fmt: skip
