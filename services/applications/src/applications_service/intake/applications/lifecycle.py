"""The states of an application and what may follow. After acceptance `stage` follows review and registry."""

from enum import StrEnum
from typing import Any

from applications_service.intake.applications.chain import is_on_desk_of
from applications_service.intake.applications.refusals import (
    ApplicationClosed,
    MovedOnce,
    NothingEscalated,
    NotOverdueYet,
    NotYourLevel,
    RecognitionStands,
    SupplementExtendedOnce,
    SupplementLimitReached,
    SupplementOverdue,
)
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationCorrected,
    ApplicationEscalated,
    ApplicationHandedBack,
    ApplicationLapsed,
    ApplicationMoved,
    ApplicationOverdue,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DeadlineMoved,
    SupplementExtended,
    SupplementReceived,
    SupplementRequested,
    WithdrawalRequested,
)
from common.kernel.actor import Actor, Role
from common.kernel.errors import MingpaiError
from common.kernel.lifecycle import Lifecycle, Move, OnDeskOf, Through


class State(StrEnum):
    """The state of an application."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RECOMMENDED = "recommended"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    ACCEPTED = "accepted"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


NEVER_ACCEPTED = (
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.RECOMMENDED,
    State.SUPPLEMENT_REQUESTED,
    State.REJECTED,
    State.LAPSED,
)
"""In these states no review can have begun."""
BEFORE_ACCEPTANCE = (State.SUBMITTED, State.RETURNED, State.RECOMMENDED, State.SUPPLEMENT_REQUESTED)
ON_APPLICANT = (State.RETURNED, State.SUPPLEMENT_REQUESTED)
"""In these states the applicant has to act within a term; when it has passed, the recognition body decides."""
UNDER_REVIEW = (State.ACCEPTED, State.WITHDRAWAL_REQUESTED)
"""The states in which review and registry report about an application. The review decides whether it can end."""
UNSEEN = "nobody but the applicant has seen it"


def on_another_desk(application: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- an aggregate or a row
    """Withhold the recommendation from everybody except the agency on whose desk the application is."""
    return None if is_on_desk_of(actor, application.waits_for) else NotYourLevel()


def neither_on_his_desk_nor_his_office(application: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold the return from recommenders of other desks; the recognition body may return from any desk."""
    return None if actor.has(Role.RECOGNITION_OFFICER) else on_another_desk(application, actor)


def too_late(application: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold the supplement after its term has passed."""
    overdue = application.overdue_at is not None
    return SupplementOverdue(due_on=application.supplement_due_on.isoformat()) if overdue else None


def in_time(application: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold what the recognition body may do only after the applicant's term has passed."""
    return NotOverdueYet() if application.overdue_at is None else None


def in_time_or_extended(application: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold an extension within the term, and a second one."""
    return SupplementExtendedOnce() if application.supplement_extended else in_time(application, actor)


def not_escalated(application: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold handing back what has not come up from a silent recommender."""
    return on_another_desk(application, actor) or (None if application.escalated_from else NothingEscalated())


def not_his_to_move(application: Any, actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold moving it to another desk from all but the office and the recommender who has it, who moves it once."""
    if actor.has(Role.OFFICE):
        return None
    return on_another_desk(application, actor) or (MovedOnce() if application.moved_from else None)


def no_supplement_left(application: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold a request to supplement beyond those that the programme allows."""
    return None if application.supplements_left else SupplementLimitReached()


def concluded(application: Any, _actor: Actor) -> MingpaiError | None:  # noqa: ANN401 -- as above
    """Withhold the withdrawal after the review has concluded: from then on only the registry can end the title."""
    return None if application.outcome is None and application.brand_number is None else RecognitionStands()


LIFECYCLE = Lifecycle(
    Move("create", None, State.DRAFT, internal=UNSEEN),
    Move("edit", (State.DRAFT, State.RETURNED), None, internal=UNSEEN),
    Move(
        "attach",
        (State.DRAFT, State.RETURNED, State.SUPPLEMENT_REQUESTED),
        None,
        internal="the content is published when it is handed in",
    ),
    Move(
        "detach",
        (State.DRAFT, State.RETURNED, State.SUPPLEMENT_REQUESTED),
        None,
        internal="the content is published when it is handed in",
    ),
    Move("submit", (State.DRAFT, State.RETURNED), State.SUBMITTED, ApplicationSubmitted),
    Move("submit_unrecommended", (State.DRAFT, State.RETURNED), State.RECOMMENDED, ApplicationSubmitted),
    Move("recommend", State.SUBMITTED, State.SUBMITTED, ApplicationRecommended, unless=on_another_desk),
    Move(
        "conclude_recommendation",
        State.SUBMITTED,
        State.RECOMMENDED,
        ApplicationRecommended,
        unless=on_another_desk,
    ),
    Move(
        "return",
        (State.SUBMITTED, State.RECOMMENDED),
        State.RETURNED,
        ApplicationReturned,
        unless=neither_on_his_desk_nor_his_office,
    ),
    Move("escalate", State.SUBMITTED, State.SUBMITTED, ApplicationEscalated),
    Move("hand_back", State.SUBMITTED, State.SUBMITTED, ApplicationHandedBack, unless=not_escalated),
    Move("move", State.SUBMITTED, State.SUBMITTED, ApplicationMoved, unless=not_his_to_move),
    Move("relocate", (State.SUBMITTED, State.RECOMMENDED), State.SUBMITTED, ApplicationMoved),
    Move("correct", State.DRAFT, None, internal=UNSEEN),
    Move("correct", BEFORE_ACCEPTANCE, None, ApplicationCorrected),
    Move(
        "request_supplement",
        State.RECOMMENDED,
        State.SUPPLEMENT_REQUESTED,
        SupplementRequested,
        unless=no_supplement_left,
    ),
    Move("supplement", State.SUPPLEMENT_REQUESTED, State.RECOMMENDED, SupplementReceived, unless=too_late),
    Move(
        "extend_supplement",
        State.SUPPLEMENT_REQUESTED,
        None,
        SupplementExtended,
        unless=in_time_or_extended,
    ),
    Move("accept", State.RECOMMENDED, State.ACCEPTED, ApplicationAccepted),
    Move("accept", State.SUPPLEMENT_REQUESTED, State.ACCEPTED, ApplicationAccepted, unless=in_time),
    Move("reject", State.RECOMMENDED, State.REJECTED, ApplicationRejected),
    Move("reject", ON_APPLICANT, State.REJECTED, ApplicationRejected, unless=in_time),
    Move("move_deadline", ON_APPLICANT, None, DeadlineMoved),
    Move("fall_due", BEFORE_ACCEPTANCE, None, ApplicationOverdue),
    Move("lapse", State.DRAFT, State.LAPSED, internal=UNSEEN),
    Move("lapse", State.RETURNED, State.LAPSED, ApplicationLapsed),
    Move("withdraw", State.DRAFT, State.WITHDRAWN, internal=UNSEEN),
    Move("withdraw", BEFORE_ACCEPTANCE, State.WITHDRAWN, ApplicationWithdrawn),
    Move("withdraw", State.ACCEPTED, State.WITHDRAWAL_REQUESTED, WithdrawalRequested, unless=concluded),
    Move("grant_withdrawal", State.WITHDRAWAL_REQUESTED, State.WITHDRAWN, ApplicationWithdrawn),
    Move("deny_withdrawal", State.WITHDRAWAL_REQUESTED, State.ACCEPTED, internal="published by WithdrawalSettled"),
    Move("open_to_panel", UNDER_REVIEW, None, internal="it follows the panel that the review has published"),
    Move("advance", UNDER_REVIEW, None, internal="the stage mirrors what review and registry have published"),
    final={
        State.REJECTED: ApplicationClosed,
        State.WITHDRAWN: ApplicationClosed,
        State.LAPSED: ApplicationClosed,
    },
    waits={
        State.DRAFT: OnDeskOf(Role.APPLICANT),
        State.SUBMITTED: OnDeskOf(Role.RECOMMENDER, Role.OFFICE),
        State.RETURNED: OnDeskOf(Role.APPLICANT, Role.RECOGNITION_OFFICER),
        State.RECOMMENDED: OnDeskOf(Role.RECOGNITION_OFFICER),
        State.SUPPLEMENT_REQUESTED: OnDeskOf(Role.APPLICANT, Role.RECOGNITION_OFFICER),
        State.ACCEPTED: Through("reviews"),
        State.WITHDRAWAL_REQUESTED: Through("reviews"),
    },
)
