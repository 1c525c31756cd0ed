"""The ranked list of a round, cut at the quota; anybody can recompute it from `seed` and `items`.

Invariant: `changes` holds every change of the shortlist since the ranking, so that each version can be read again
(versions.py); those who are recognised counted, nobody is called up beyond the quota, or before one who ranks higher.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.rankings import (
    LeavingGround,
    ListChange,
    RankedCase,
    ShortlistChanged,
    ShortlistProposed,
)
from common.programme.definition.reviewing import ReserveRule
from common.storage.columns import EnumText, JsonText, UtcDateTime
from review_service.cases.reviews.lifecycle import State as ReviewState
from review_service.cases.reviews.model import Review
from review_service.decision.rankings.lifecycle import LIFECYCLE, State
from review_service.decision.rankings.refusals import ListNotEmpty, NoPlaceVacant, ReserveEmpty, ReserveNeverCalled
from review_service.tables import Stored

CALLED_UP = "依次递补。"
"""The reason of a call that the programme makes by itself."""
TAKES_A_PLACE = (ReviewState.SHORTLISTED, ReviewState.RECOGNISED)


class Ranking(Stored):
    """One round's list; `announced_at` is the instant of its first announcement.

    The methods that count take all cases of the round that are on the list, outside it or recognised.
    """

    __tablename__ = "rankings"
    __table_args__ = (UniqueConstraint("round_id"),)
    PREFIX = "rnk"
    MOVES = LIFECYCLE

    round_id: Mapped[str]
    honour: Mapped[str]
    year: Mapped[int]
    quota: Mapped[int]
    seed: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[str]
    recognition_body: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PROPOSED)
    list_version: Mapped[int] = mapped_column(default=1)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def propose(self, cases: Sequence[RankedCase]) -> None:
        """Propose the list, which the ranking has already cut at the quota."""
        self.record(
            LIFECYCLE.birth("propose"), ShortlistProposed(**self._about(), quota=self.quota, items=tuple(cases))
        )

    def go(self, action: str) -> None:
        """Make the move that a notice or a deliberation causes."""
        self.record(LIFECYCLE.move(self.state, action))

    def strike_off(
        self, case: Review, *, ground: LeavingGround, veto_rule: str | None = None, reason: str, at: datetime
    ) -> None:
        """Note that a case has left the shortlist; its review says how it ended."""
        self._change("remove", ListChange.LEFT, case, ground=ground, veto_rule=veto_rule, reason=reason, at=at)

    def vacancies(self, cases: Sequence[Review]) -> int:
        """Return how many places of the quota nobody has."""
        return self.quota - sum(case.state in TAKES_A_PLACE for case in cases)

    def call_reserve(self, cases: Sequence[Review], *, rule: ReserveRule, reason: str, at: datetime) -> Review:
        """Call up the next case on the reserve list and return it.

        Raises ReserveNeverCalled when the programme leaves places vacant, NoPlaceVacant, and ReserveEmpty.
        """
        LIFECYCLE.move(self.state, "call_reserve")
        if rule == "never":
            raise ReserveNeverCalled
        if self.vacancies(cases) <= 0:
            raise NoPlaceVacant(quota=self.quota)
        following = _next_on_reserve(cases)
        if following is None:
            raise ReserveEmpty
        following.call_up()
        self._change("call_reserve", ListChange.CALLED_UP, following, ground=None, veto_rule=None, reason=reason, at=at)
        return following

    def refill(self, cases: Sequence[Review], *, rule: ReserveRule, at: datetime) -> None:
        """Fill every vacant place from the reserve list, if the programme calls it by itself."""
        while rule == "automatic" and self.vacancies(cases) > 0 and _next_on_reserve(cases) is not None:
            self.call_reserve(cases, rule=rule, reason=CALLED_UP, at=at)

    def is_over(self, cases: Sequence[Review], *, rule: ReserveRule) -> bool:
        """Return whether nobody is left on the list, and nobody can come onto it unless an officer decided so now."""
        may_call = rule == "by_officer" and self.vacancies(cases) > 0 and _next_on_reserve(cases) is not None
        return not _listed(cases) and not may_call

    def announce(self, cases: Sequence[Review], *, rule: ReserveRule, at: datetime) -> list[Review]:
        """Note an announcement after its cases were recognised; returns the cases that end outside the list now.

        While somebody is still to be decided the list goes on, and so does the reserve.
        """
        self.announced_at = self.announced_at or at
        over = self.is_over(cases, rule=rule)
        self.record(LIFECYCLE.move(self.state, "announce" if over else "announce_part"))
        return [case for case in _outside(cases) if over or not case.on_reserve]

    def end_when_over(self, cases: Sequence[Review], *, rule: ReserveRule) -> list[Review]:
        """Close a list that has been announced and on which nobody is left; returns the cases that end outside it."""
        ended = self.announced_at is not None and self.state is State.ON_NOTICE and self.is_over(cases, rule=rule)
        return self.close(cases) if ended else []

    def close(self, cases: Sequence[Review]) -> list[Review]:
        """Close a list on which nobody is left; returns the cases that end outside it. Raises ListNotEmpty."""
        move = LIFECYCLE.move(self.state, "close")
        if listed := _listed(cases):
            raise ListNotEmpty(count=len(listed))
        self.record(move)
        return _outside(cases)

    def _change(
        self,
        action: str,
        change: ListChange,
        case: Review,
        *,
        ground: LeavingGround | None,
        veto_rule: str | None,
        reason: str,
        at: datetime,
    ) -> None:
        move = LIFECYCLE.move(self.state, action)
        self.list_version += 1
        event = ShortlistChanged(
            **self._about(),
            list_version=self.list_version,
            change=change,
            review_id=case.id,
            application_id=case.application_id,
            applicant_id=case.applicant_id,
            applicant=case.applicant,
            rank=case.rank or 0,
            ground=ground,
            veto_rule=veto_rule,
            reason=reason,
        )
        entry = event.model_dump(mode="json", exclude=set(self._about()))
        self.changes = [*self.changes, entry | {"changed_at": at.isoformat()}]
        self.record(move, event, reason=reason)

    def _about(self) -> dict[str, str]:
        return {"ranking_id": self.id, "round_id": self.round_id, "honour": self.honour}


def _listed(cases: Sequence[Review]) -> list[Review]:
    return [case for case in cases if case.state is ReviewState.SHORTLISTED]


def _outside(cases: Sequence[Review]) -> list[Review]:
    return [case for case in cases if case.state is ReviewState.OUTSIDE]


def _next_on_reserve(cases: Sequence[Review]) -> Review | None:
    reserve = [case for case in _outside(cases) if case.on_reserve]
    return min(reserve, key=lambda case: case.rank or 0, default=None)
