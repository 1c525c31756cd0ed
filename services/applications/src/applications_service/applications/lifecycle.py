"""The states of an application and what may follow. What happens after acceptance is the review's to tell (`stage`)."""

from enum import StrEnum

from applications_service.applications.refusals import ApplicationClosed
from common.contracts.applications import (
    ApplicationAccepted,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    SupplementReceived,
    SupplementRequested,
)
from common.lifecycle import Lifecycle, Move


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RECOMMENDED = "recommended"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


HANDED_IN = (State.SUBMITTED, State.RETURNED, State.RECOMMENDED, State.SUPPLEMENT_REQUESTED, State.ACCEPTED)
UNSEEN = "nobody but the applicant has seen it"

LIFECYCLE = Lifecycle(
    Move("create", None, State.DRAFT, internal=UNSEEN),
    Move("edit", (State.DRAFT, State.RETURNED), None, internal=UNSEEN),
    Move(
        "attach",
        (State.DRAFT, State.RETURNED, State.SUPPLEMENT_REQUESTED),
        None,
        internal="told when the content is handed in",
    ),
    Move("submit", (State.DRAFT, State.RETURNED), State.SUBMITTED, ApplicationSubmitted),
    Move("recommend", State.SUBMITTED, State.SUBMITTED, ApplicationRecommended),
    Move("conclude_recommendation", State.SUBMITTED, State.RECOMMENDED, ApplicationRecommended),
    Move("return", (State.SUBMITTED, State.RECOMMENDED), State.RETURNED, ApplicationReturned),
    Move("request_supplement", State.RECOMMENDED, State.SUPPLEMENT_REQUESTED, SupplementRequested),
    Move("supplement", State.SUPPLEMENT_REQUESTED, State.RECOMMENDED, SupplementReceived),
    Move("accept", State.RECOMMENDED, State.ACCEPTED, ApplicationAccepted),
    Move("reject", State.RECOMMENDED, State.REJECTED, ApplicationRejected),
    Move("withdraw", State.DRAFT, State.WITHDRAWN, internal=UNSEEN),
    Move("withdraw", HANDED_IN, State.WITHDRAWN, ApplicationWithdrawn),
    Move("advance", State.ACCEPTED, None, internal="the stage mirrors what review and registry have told"),
    final={State.REJECTED: ApplicationClosed, State.WITHDRAWN: ApplicationClosed},
)
