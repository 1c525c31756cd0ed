"""The moves of an application after its acceptance: it follows review and registry, and may ask to be withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from applications_service.intake.applications import progress
from applications_service.intake.applications.lifecycle import LIFECYCLE, UNDER_REVIEW, State
from applications_service.intake.applications.model.row import ApplicationRow
from common.contracts.applications.applications import (
    ApplicationWithdrawn,
    WithdrawalRequested,
)
from common.contracts.review.reviews import WithdrawalOutcome
from common.kernel.actor import Actor
from common.kernel.errors import Permanent
from common.kernel.lifecycle import Move


class Followed(ApplicationRow):
    """An application that others decide about."""

    __abstract__ = True

    def withdraw(self, *, by: Actor, reason: str, at: datetime) -> None:
        """End it at once before acceptance; after it, ask the review, which alone knows whether it can still end.

        A withdrawn draft is not published, and its files are given up.
        """
        move = LIFECYCLE.check(self, "withdraw", by)
        if move.target is State.WITHDRAWAL_REQUESTED:
            self.withdrawal = {"reason": reason, "requested_at": at.isoformat()}
            self.record(move, WithdrawalRequested(**self._about(), reason=reason, requested_at=at), reason=reason)
        else:
            if self.snapshot is None:
                self.attachments = []
            self._end_withdrawn(move, reason)

    def settle_withdrawal(self, *, outcome: WithdrawalOutcome, note: str, at: datetime) -> None:
        """Follow the review's answer to the request: end, or go back to where it was and show the note."""
        if self.state is not State.WITHDRAWAL_REQUESTED or self.withdrawal is None:
            raise Permanent("no-withdrawal-requested")
        granted = outcome is WithdrawalOutcome.WITHDRAWN
        move = LIFECYCLE.move(self.state, "grant_withdrawal" if granted else "deny_withdrawal")
        asked = self.withdrawal
        self.withdrawal = asked | {"outcome": outcome.value, "note": note, "settled_at": at.isoformat()}
        if granted:
            self._end_withdrawn(move, asked["reason"])
        else:
            self.record(move, reason=note)

    def advance(self, *, stage: str, outcome: str | None = None, brand_number: str | None = None) -> None:
        """Set the stage that review or registry has published.

        Events of different topics arrive in any order: a late event adds its values and never moves the stage back.
        A stage reported before the application ended may arrive after it and changes nothing. An outcome or a brand of
        an application that is not under review contradicts it: Permanent, so that the event is set aside visibly.
        """
        if self.state not in UNDER_REVIEW:
            if outcome or brand_number:
                raise Permanent("application-not-under-review")
            return
        self.stage = progress.further(self.stage, stage)
        self.outcome = outcome or self.outcome
        self.brand_number = brand_number or self.brand_number
        if outcome:
            self.readers = []
        self.record(LIFECYCLE.move(self.state, "advance"), reason=stage)

    def open_to(self, readers: Sequence[str]) -> None:
        """Let exactly these experts read the materials: those who sit on the panel now. After the end it is nobody."""
        if self.state in UNDER_REVIEW and self.outcome is None:
            self.readers = list(readers)
            self.record(LIFECYCLE.move(self.state, "open_to_panel"))

    def _end_withdrawn(self, move: Move, reason: str) -> None:
        event = ApplicationWithdrawn(**self._about(), reason=reason) if move.event else None
        self.record(move, event, reason=reason)
        self.reason, self.readers = reason, []
        self._wait_on(None, stage="withdrawn")
