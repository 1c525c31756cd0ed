"""The recognition body's vote on a list, and the decision of the leading group's office about it.

Invariant: `items` are the reviews that were voted on, then those that were confirmed; nobody else is announced. The
office can hold, return, refuse or confirm; no method of the model changes a score or a rank.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.deliberations import (
    DeliberationConcluded,
    ListConfirmed,
    ListedCase,
    ListHeld,
    ListRefused,
    ListReturned,
    SeatVote,
    Vote,
    list_digest,
)
from common.files.attached import with_file
from common.files.store import StoredFile
from common.kernel.actor import Actor, Role
from common.kernel.worklist import waits_for
from common.programme import Programme
from common.storage.columns import EnumText, JsonText, UtcDateTime
from review_service.decision.deliberations.lifecycle import LIFECYCLE, State
from review_service.decision.deliberations.refusals import (
    BallotsMissing,
    QuorumMissing,
    SeatsDiffer,
    VotesNotEnough,
)
from review_service.tables import Stored

DEMANDED = frozenset({"ballots", "minutes"})
"""The kinds of file without which a vote is not concluded."""
PRESENT = (Vote.FOR, Vote.AGAINST, Vote.ABSTAINED)


class Deliberation(Stored):
    """One vote on one list; `votes` holds the member, the vote and the recusals of each seat."""

    __tablename__ = "deliberations"
    PREFIX = "dlb"
    MOVES = LIFECYCLE

    ranking_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    honour: Mapped[str]
    recognition_body: Mapped[str]
    votes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    items: Mapped[list[str]] = mapped_column(JsonText)
    minutes: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str]
    state: Mapped[State] = mapped_column(EnumText(State), default=State.RECORDED)
    votes_for: Mapped[int] = mapped_column(default=0)
    votes_against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    concluded_by: Mapped[str | None] = mapped_column(default=None)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    reason: Mapped[str | None] = mapped_column(default=None)
    list_digest: Mapped[str | None] = mapped_column(default=None)

    def record_vote(self, programme: Programme, cases: Mapping[str, str]) -> None:
        """Record the vote on these cases (application ids by review id); it waits for a second person.

        For each case the seats count that are present and not recused from it: they are a quorum, and enough of them
        are in favour. Raises SeatsDiffer, QuorumMissing or VotesNotEnough.
        """
        seats = programme.decision.recognition.seats
        members = {one["member"] for one in self.votes}
        if sorted(one["seat"] for one in self.votes) != list(range(1, seats + 1)) or len(members) < seats:
            raise SeatsDiffer(seats=seats)
        self.votes_for, self.votes_against, self.abstained = (self._count(vote) for vote in PRESENT)
        for application_id in cases.values():
            self._check_carried(programme, application_id)
        self.items = list(cases)
        self.record(LIFECYCLE.birth("record"))
        self.waits_for = waits_for(Role.RECOGNITION_OFFICER)

    def attach(self, *, kind: str, name: str, file: StoredFile) -> None:
        """Attach the ballots or the minutes; the same file under the same kind counts once."""
        move = LIFECYCLE.move(self.state, "attach")
        self.attachments = with_file(self.attachments, kind=kind, name=name, file=file)
        self.record(move)

    def discard(self, *, reason: str) -> None:
        """Discard a record that is wrong, so that the vote can be recorded again."""
        move = LIFECYCLE.move(self.state, "discard")
        self.reason, self.waits_for = reason, None
        self.record(move, reason=reason)

    def conclude(self, applications: Sequence[str], *, by: Actor, at: datetime) -> None:
        """Confirm another person's record. Raises SecondPersonNeeded, and BallotsMissing without the files."""
        move = LIFECYCLE.check(self, "conclude", by)
        if not {each["kind"] for each in self.attachments} >= DEMANDED:
            raise BallotsMissing
        self.concluded_at, self.concluded_by = at, by.sub
        self.record(
            move,
            DeliberationConcluded(
                **self._about(),
                votes_for=self.votes_for,
                votes_against=self.votes_against,
                abstained=self.abstained,
                votes=tuple(SeatVote.model_validate({k: one[k] for k in SeatVote.model_fields}) for one in self.votes),
                items=tuple(applications),
            ),
        )
        self.waits_for = waits_for(Role.OFFICE)

    def hold(self, *, by: Actor, reason: str) -> None:
        """Hold the list until a question is settled."""
        move = LIFECYCLE.check(self, "hold", by)
        self.reason = reason
        self.record(move, ListHeld(**self._about(), reason=reason), reason=reason)

    def confirm(self, cases: Mapping[str, ListedCase], *, by: Actor) -> None:
        """Confirm exactly these cases (by review id), under the digest of the list; all of them were voted on."""
        move = LIFECYCLE.check(self, "confirm", by)
        if not set(self.items) >= cases.keys():
            raise ValueError("a case that was not voted on is not confirmed")
        self.items = list(cases)
        self.list_digest = list_digest(cases.values())
        self.record(move, ListConfirmed(**self._about(), list_digest=self.list_digest, items=tuple(cases.values())))

    def return_(self, *, by: Actor, reason: str) -> None:
        """Send the list back to be deliberated again."""
        move = LIFECYCLE.check(self, "return", by)
        self.reason, self.waits_for = reason, None
        self.record(move, ListReturned(**self._about(), reason=reason), reason=reason)

    def refuse(self, *, by: Actor, reason: str) -> None:
        """Refuse the list: nobody on it is recognised."""
        move = LIFECYCLE.check(self, "refuse", by)
        self.reason, self.waits_for = reason, None
        self.record(move, ListRefused(**self._about(), reason=reason), reason=reason)

    def announce(self) -> None:
        """Note that the announcement has been published."""
        self.record(LIFECYCLE.move(self.state, "announce"))
        self.waits_for = None

    def confirmed_digest(self) -> str:
        """Return the digest of the list that was confirmed."""
        if self.list_digest is None:
            raise ValueError("a list that was not confirmed has no digest")
        return self.list_digest

    def _check_carried(self, programme: Programme, application_id: str) -> None:
        counted = [one["vote"] for one in self.votes if application_id not in one["recused_from"]]
        present = sum(vote in PRESENT for vote in counted)
        if present < programme.decision.quorum:
            raise QuorumMissing(application_id=application_id, present=present, quorum=programme.decision.quorum)
        needed, votes_for = programme.decision.votes_needed(present), counted.count(Vote.FOR)
        if votes_for < needed:
            raise VotesNotEnough(application_id=application_id, votes_for=votes_for, needed=needed)

    def _count(self, vote: Vote) -> int:
        return sum(one["vote"] == vote for one in self.votes)

    def _about(self) -> dict[str, Any]:
        return {
            "deliberation_id": self.id,
            "ranking_id": self.ranking_id,
            "round_id": self.round_id,
            "honour": self.honour,
        }
