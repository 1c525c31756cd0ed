"""A request to withdraw and its answer, facts that contradict an end, and a division that nobody has confirmed."""

import pytest

from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import DivisionUnconfirmed
from common.contracts.applications.applications import ApplicationWithdrawn, WithdrawalRequested
from common.contracts.review.reviews import WithdrawalOutcome
from common.kernel.errors import Permanent
from support.casts.actors import id_of
from support.casts.applying import (
    APPLYING,
    HONOUR,
    IN_CITY,
    IN_COUNTY,
    STATES,
    TERMS,
    USCC,
    new_application,
    new_round,
)
from support.service.alone import START

ABOUT = {
    "application_id": "app_1",
    "round_id": "rnd_1",
    "honour": HONOUR,
    "applicant_id": id_of(USCC),
    "applicant": USCC,
    "division": "370102",
}


def _last(application: Application) -> tuple[str, str | None, str | None, object]:
    happened = application.recorded[-1]
    return happened.action, happened.from_state, happened.to_state, happened.event


def test_after_acceptance_a_withdrawal_is_a_request() -> None:
    application = new_application("accepted")

    application.withdraw(by=APPLYING, reason="改制", at=START)

    asked = WithdrawalRequested(**ABOUT, reason="改制", requested_at=START)
    assert _last(application) == ("withdraw", "accepted", "withdrawal_requested", asked)
    assert (application.stage, application.withdrawal) == (
        "accepted",
        {"reason": "改制", "requested_at": START.isoformat()},
    )


def test_a_granted_request_ends_the_application_with_the_reason_that_was_given() -> None:
    application = new_application("withdrawal_requested")

    application.settle_withdrawal(outcome=WithdrawalOutcome.WITHDRAWN, note="准予撤回。", at=START)

    ended = ApplicationWithdrawn(**ABOUT, reason="不再申报。")
    assert _last(application) == ("grant_withdrawal", "withdrawal_requested", "withdrawn", ended)
    assert (application.stage, application.reason, (application.withdrawal or {})["outcome"]) == (
        "withdrawn",
        "不再申报。",
        "withdrawn",
    )


def test_a_request_that_came_too_late_leaves_the_application_where_it_was_and_shows_the_note() -> None:
    application = new_application("withdrawal_requested", stage="recognised", outcome="recognised")

    application.settle_withdrawal(outcome=WithdrawalOutcome.TOO_LATE, note="评审已终结。", at=START)

    assert _last(application) == ("deny_withdrawal", "withdrawal_requested", "accepted", None)
    assert (application.stage, (application.withdrawal or {})["outcome"], (application.withdrawal or {})["note"]) == (
        "recognised",
        "too_late",
        "评审已终结。",
    )


@pytest.mark.parametrize("state", [state for state in STATES if state != "withdrawal_requested"])
def test_an_answer_to_no_request_contradicts_and_is_set_aside(state: str) -> None:
    application = new_application(state)

    with pytest.raises(Permanent, match="no-withdrawal-requested"):
        application.settle_withdrawal(outcome=WithdrawalOutcome.WITHDRAWN, note="x", at=START)

    assert application.recorded == []


@pytest.mark.parametrize("known", [{"outcome": "recognised"}, {"brand_number": "SDMP-2015-00001-B"}])
@pytest.mark.parametrize("state", [state for state in STATES if state not in {"accepted", "withdrawal_requested"}])
def test_an_outcome_or_a_brand_of_what_is_not_under_review_contradicts(state: str, known: dict[str, str]) -> None:
    application = new_application(state)

    with pytest.raises(Permanent, match="application-not-under-review"):
        application.advance(stage="recognised", **known)

    application.advance(stage="on_notice")  # an earlier stage that is only late
    assert application.recorded == []


def test_the_first_recommender_confirms_a_division_that_nobody_has_confirmed() -> None:
    application = new_application("submitted", division_confirmation=None)

    with pytest.raises(DivisionUnconfirmed):
        application.recommend(by=IN_COUNTY, round_=new_round(), terms=TERMS, opinion="同意推荐。", at=START)
    assert (application.recommenders, application.recorded) == ([], [])

    application.recommend(
        by=IN_COUNTY, round_=new_round(), terms=TERMS, opinion="同意推荐。", at=START, confirms_division=True
    )
    application.recommend(by=IN_CITY, round_=new_round(), terms=TERMS, opinion="同意推荐。", at=START)

    assert application.division_confirmation == {
        "source": "recommender",
        "agency": "SD-370102",
        "confirmed_by": IN_COUNTY.sub,
        "confirmed_at": START.isoformat(),
    }
