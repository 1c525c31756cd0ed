"""What may follow in each state, and that everything else is refused with the state and what does."""

from collections.abc import Callable
from typing import Any

import pytest

from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import (
    ApplicationClosed,
)
from common.files.store import StoredFile
from common.kernel.errors import ActionNotAllowed
from common.standing.checks import Standing
from support.casts.applying import (
    APPLYING,
    AT_BODY,
    HONOUR,
    RULES,
    STATES,
    TERMS,
    WHOM,
    new_application,
    new_round,
)
from support.casts.programmes import answers
from support.service.alone import START

PDF = StoredFile(digest="sha256:new", size=10, media_type="application/pdf")


def _submit(application: Application, **changes: object) -> None:
    given: dict[str, Any] = {
        "round_": new_round(),
        "terms": TERMS,
        "contact": WHOM,
        "others_in_scope": 0,
        "standing": Standing(),
        "at": START,
    }
    application.submit(**(given | changes))


MAY_FOLLOW = {
    "draft": ("edit", "attach", "detach", "submit", "submit_unrecommended", "correct", "lapse", "withdraw"),
    "submitted": (
        "recommend",
        "conclude_recommendation",
        "return",
        "escalate",
        "hand_back",
        "move",
        "relocate",
        "correct",
        "fall_due",
        "withdraw",
    ),
    "returned": (
        "edit",
        "attach",
        "detach",
        "submit",
        "submit_unrecommended",
        "correct",
        "reject",
        "move_deadline",
        "fall_due",
        "lapse",
        "withdraw",
    ),
    "recommended": ("return", "relocate", "correct", "request_supplement", "accept", "reject", "fall_due", "withdraw"),
    "supplement_requested": (
        "attach",
        "detach",
        "correct",
        "supplement",
        "extend_supplement",
        "accept",
        "reject",
        "move_deadline",
        "fall_due",
        "withdraw",
    ),
    "accepted": ("withdraw", "advance", "open_to_panel"),
    "withdrawal_requested": ("grant_withdrawal", "deny_withdrawal", "advance", "open_to_panel"),
    "rejected": (),
    "withdrawn": (),
    "lapsed": (),
}


@pytest.mark.parametrize("state", STATES)
def test_what_does_not_follow_is_refused_with_the_state_and_what_does(state: str) -> None:
    may_follow = MAY_FOLLOW[state]
    attempts: dict[str, Callable[[Application], object]] = {
        "edit": lambda one: one.edit(answers={}),
        "attach": lambda one: one.attach(kind="licence", name="a", file=PDF, programme=RULES),
        "submit": _submit,
        "return": lambda one: one.return_(by=AT_BODY, terms=TERMS, reason="x"),
        "request_supplement": lambda one: one.request_supplement(
            by=AT_BODY, round_=new_round(), terms=TERMS, reason="x", at=START
        ),
        "supplement": lambda one: one.supplement(by=APPLYING, answers=answers(HONOUR), terms=TERMS, at=START),
        "accept": lambda one: one.accept(
            by=AT_BODY, round_=new_round(), programme=RULES, standing=Standing(), at=START
        ),
        "reject": lambda one: one.reject(by=AT_BODY, reasons=["x"]),
        "withdraw": lambda one: one.withdraw(by=APPLYING, reason="x", at=START),
    }

    for action, attempt in attempts.items():
        application = new_application(state)
        if action in {"accept", "reject"}:
            application.overdue_at = START  # so that nothing waits for the end of a term
        if action in may_follow:
            attempt(application)
            assert application.recorded[-1].action == action
            continue
        with pytest.raises(ActionNotAllowed if may_follow else ApplicationClosed) as refused:
            attempt(application)
        assert refused.value.current_state == state
        assert set(refused.value.allowed_actions) <= set(may_follow)  # less what the row withholds from who tried
        assert application.recorded == []
