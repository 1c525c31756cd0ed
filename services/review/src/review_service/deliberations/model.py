"""The recognition body's vote on a list, and what the leading group's office decides about it.

The office can hold, return, refuse or confirm; no method here touches a score or a rank.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.actor import Role
from common.contracts.review import DeliberationConcluded, ListConfirmed, ListHeld, ListRefused, ListReturned
from common.programme import Programme
from common.storage.columns import EnumText, UtcDateTime
from common.worklist import waits_for
from review_service.deliberations.lifecycle import LIFECYCLE, State
from review_service.deliberations.refusals import (
    ConfirmedByAnotherOrganisation,
    QuorumMissing,
    VotesExceedSeats,
    VotesNotEnough,
)
from review_service.tables import Stored


class Deliberation(Stored):
    """One vote on one list."""

    __tablename__ = "deliberations"

    ranking_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    honour: Mapped[str]
    recognition_body: Mapped[str]
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    minutes: Mapped[str]
    concluded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    concluded_by: Mapped[str]
    state: Mapped[State] = mapped_column(EnumText(State), default=State.CONCLUDED)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    reason: Mapped[str | None] = mapped_column(default=None)

    def conclude(self, programme: Programme) -> None:
        """Keep the vote; raises when it has more votes than seats, or when quorum or majority is missed."""
        rule = programme.decision
        present = self.votes_for + self.votes_against + self.abstained
        if present > rule.recognition.seats:
            raise VotesExceedSeats(present=present, seats=rule.recognition.seats)
        if present < rule.quorum:
            raise QuorumMissing(present=present, quorum=rule.quorum)
        needed = rule.votes_needed(present)
        if self.votes_for < needed:
            raise VotesNotEnough(votes_for=self.votes_for, needed=needed)
        self.record(
            LIFECYCLE.birth("conclude"),
            DeliberationConcluded(
                **self._about(),
                votes_for=self.votes_for,
                votes_against=self.votes_against,
                abstained=self.abstained,
            ),
        )
        self.waits_for = waits_for(Role.OFFICE)

    def hold(self, *, org: str, reason: str) -> None:
        """Stop the clock of the list until a question is settled."""
        self._check_other(org)
        move = LIFECYCLE.move(self.state, "hold")
        self.reason = reason
        self.record(move, ListHeld(**self._about(), reason=reason), reason=reason)

    def confirm(self, *, org: str) -> None:
        """Confirm the list as it stands."""
        self._check_other(org)
        self.record(LIFECYCLE.move(self.state, "confirm"), ListConfirmed(**self._about()))

    def return_(self, *, org: str, reason: str) -> None:
        """Send the list back to be deliberated anew."""
        self._check_other(org)
        move = LIFECYCLE.move(self.state, "return")
        self.reason, self.waits_for = reason, None
        self.record(move, ListReturned(**self._about(), reason=reason), reason=reason)

    def refuse(self, *, org: str, reason: str) -> None:
        """Refuse the list: nobody on it is recognised."""
        self._check_other(org)
        move = LIFECYCLE.move(self.state, "refuse")
        self.reason, self.waits_for = reason, None
        self.record(move, ListRefused(**self._about(), reason=reason), reason=reason)

    def announce(self) -> None:
        """Note that the announcement has been published."""
        self.waits_for = None
        self.record(LIFECYCLE.move(self.state, "announce"))

    def _check_other(self, org: str) -> None:
        if org == self.recognition_body:
            raise ConfirmedByAnotherOrganisation

    def _about(self) -> dict[str, Any]:
        return {
            "deliberation_id": self.id,
            "ranking_id": self.ranking_id,
            "round_id": self.round_id,
            "honour": self.honour,
        }
