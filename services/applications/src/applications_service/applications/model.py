"""The application: what an applicant asks for, frozen under a digest when it is handed in.

Invariant: from submission on, `snapshot` and `digest` say what was handed in; the review works from them alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.applications.lifecycle import LIFECYCLE, State
from applications_service.applications.refusals import (
    ApplicantKindNotAdmitted,
    ApplicationIncomplete,
    ApplicationNotEligible,
    ApplicationOverlaps,
    AttachmentNotFound,
    ItemChanged,
    MaterialUnknown,
    NotYourLevel,
    RecognitionStands,
    SupplementAskedOnce,
    SupplementOverdue,
)
from applications_service.rounds.model import Round
from applications_service.rounds.refusals import RoundNotOpen
from applications_service.tables import Stored
from common.actor import Role
from common.clock import SHANGHAI
from common.contracts.applications import (
    ApplicationAccepted,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Contact,
    Level as AtLevel,
    SupplementReceived,
    SupplementRequested,
)
from common.digests import digest
from common.divisions import Level, at_level, reaches
from common.files import StoredFile
from common.programme import Outcome, Programme
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.worklist import waits_for

AFTER_ACCEPTANCE = (
    {"accepted"},
    {"under_review"},
    {"shortlisted", "outside_shortlist"},
    {"on_notice"},
    {"recognised", "not_recognised"},
    {"registered"},
)


@dataclass(frozen=True, slots=True)
class Recommender:
    """Who recommends: his agency, its division and the level that the division stands for."""

    agency: str
    division: str
    level: Level


def attached(entries: Sequence[dict[str, Any]], file_digest: str) -> dict[str, Any]:
    """Return the entry of an attached file; raises AttachmentNotFound."""
    for entry in entries:
        if entry["digest"] == file_digest:
            return entry
    raise AttachmentNotFound(key=file_digest)


def _place(stage: str) -> int:
    """Return how far a stage is on the way to the award; what becomes of the brand comes after all of them."""
    return next((place for place, stages in enumerate(AFTER_ACCEPTANCE) if stage in stages), len(AFTER_ACCEPTANCE))


class Application(Stored):
    """One item put forward by one applicant in one round."""

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("receipt_number"),)

    round_id: Mapped[str]
    honour: Mapped[str]
    edition: Mapped[int]
    programme_digest: Mapped[str]
    applicant: Mapped[str] = mapped_column(index=True)
    applicant_name: Mapped[str]
    applicant_kind: Mapped[str]
    division: Mapped[str] = mapped_column(index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    item: Mapped[str | None] = mapped_column(default=None)
    scope: Mapped[str | None] = mapped_column(default=None, index=True)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.DRAFT)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    recommenders: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    digest: Mapped[str | None] = mapped_column(default=None)
    receipt_number: Mapped[str | None] = mapped_column(default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    supplement_due_on: Mapped[date | None] = mapped_column(default=None)
    stage: Mapped[str] = mapped_column(default="draft")
    outcome: Mapped[str | None] = mapped_column(default=None)
    brand_number: Mapped[str | None] = mapped_column(default=None)

    def create(self, *, round_: Round, programme: Programme, at: datetime) -> None:
        """Begin a draft while the round takes applications, for a kind of applicant that the programme admits."""
        if not round_.is_open(at):
            raise RoundNotOpen(opens_at=round_.opens_at.isoformat(), closes_at=round_.closes_at.isoformat())
        if not programme.takes_applicant(self.applicant_kind):
            raise ApplicantKindNotAdmitted
        self.record(LIFECYCLE.birth("create"))
        self._lay_on(waits_for(Role.APPLICANT, self.applicant))

    def edit(self, *, answers: dict[str, Any]) -> None:
        """Replace the content of a draft or of a returned application."""
        move = LIFECYCLE.move(self.state, "edit")
        self.answers = answers
        self.record(move)

    def attach(self, *, kind: str, name: str, file: StoredFile, programme: Programme) -> None:
        """Add a material that the programme asks for; the same file under the same kind counts once."""
        move = LIFECYCLE.move(self.state, "attach")
        if not programme.takes_material(kind, media_type=file.media_type, size=file.size):
            raise MaterialUnknown(kind=kind)
        entry = {
            "kind": kind,
            "name": name,
            "digest": file.digest,
            "size": file.size,
            "media_type": file.media_type,
        }
        others = [each for each in self.attachments if (each["kind"], each["digest"]) != (kind, file.digest)]
        self.attachments = [*others, entry]
        self.record(move)

    def identify(self, programme: Programme) -> None:
        """Take item and scope from the complete answers: what must not be applied for twice in a round."""
        LIFECYCLE.move(self.state, "submit")
        self._check_content(programme)
        applied = programme.item_of(self.answers)
        self.item, self.scope = applied.title, applied.scope

    def submit(
        self, *, round_: Round, programme: Programme, contact: Contact, others_in_scope: int, at: datetime
    ) -> None:
        """Freeze the identified content under its digest and hand it in; the receipt number is given once and kept."""
        move = LIFECYCLE.move(self.state, "submit")
        if self.state is State.DRAFT and not round_.is_open(at):
            raise RoundNotOpen(opens_at=round_.opens_at.isoformat(), closes_at=round_.closes_at.isoformat())
        if others_in_scope:
            raise ApplicationOverlaps
        self._freeze()
        self.receipt_number = self.receipt_number or f"{round_.year}-{self.id.removeprefix('app_').upper()}"
        self.submitted_at = self.submitted_at or at
        self.recommenders = []
        self.reason = None
        self.record(
            move,
            ApplicationSubmitted(
                **self._about(),
                digest=self._digest(),
                receipt_number=self.receipt_number,
                submitted_at=self.submitted_at,
                snapshot=self.snapshot or {},
                contact=contact,
            ),
        )
        self._lay_on(self._next_desk(programme), stage="submitted")

    def recommend(self, *, by: Recommender, programme: Programme, opinion: str, at: datetime) -> None:
        """Recommend at the level whose turn it is; the last level hands it to the recognition body."""
        remaining = self._remaining_levels(programme)
        last = len(remaining) == 1
        move = LIFECYCLE.move(self.state, "conclude_recommendation" if last else "recommend")
        self._check_turn(by, remaining)
        self.recommenders = [*self.recommenders, {"level": by.level.value, "agency": by.agency}]
        self.record(
            move,
            ApplicationRecommended(**self._about(), level=by.level.value, agency=by.agency, recommended_at=at),
            reason=opinion,
        )
        self._lay_on(self._next_desk(programme), stage="recommended" if last else "submitted")

    def return_(self, *, by: Recommender | None, programme: Programme, reason: str) -> None:
        """Give it back for correction; a recommender only while it is his turn."""
        move = LIFECYCLE.move(self.state, "return")
        if by is not None:
            self._check_turn(by, self._remaining_levels(programme))
        self.reason = reason
        level = by.level.value if by else AtLevel.RECOGNITION_BODY
        self.record(move, ApplicationReturned(**self._about(), level=level, reason=reason), reason=reason)
        self._lay_on(waits_for(Role.APPLICANT, self.applicant), stage="returned")

    def request_supplement(self, *, reason: str, due_on: date) -> None:
        """Ask the applicant, once, to complete the materials by a day."""
        move = LIFECYCLE.move(self.state, "request_supplement")
        if self.supplement_due_on is not None:
            raise SupplementAskedOnce
        self.supplement_due_on, self.reason = due_on, reason
        self.record(move, SupplementRequested(**self._about(), reason=reason, due_on=due_on), reason=reason)
        self._lay_on(waits_for(Role.APPLICANT, self.applicant), stage="supplement_requested")

    def supplement(self, *, answers: dict[str, Any], programme: Programme, at: datetime) -> None:
        """Take the completed content for the same item, freeze it anew and give it back to the recognition body.

        Raises ItemChanged: what counties and cities have recommended is one item, and its scope was checked then.
        """
        move = LIFECYCLE.move(self.state, "supplement")
        if self.supplement_due_on is not None and at.astimezone(SHANGHAI).date() > self.supplement_due_on:
            raise SupplementOverdue(due_on=self.supplement_due_on.isoformat())
        self.answers = answers
        self._check_content(programme)
        applied = programme.item_of(answers)
        if applied.scope != self.scope:
            raise ItemChanged
        self.item = applied.title
        self._freeze()
        self.record(move, SupplementReceived(**self._about(), digest=self._digest()))
        self._lay_on(waits_for(Role.RECOGNITION_OFFICER), stage="recommended")

    def accept(self, *, programme: Programme, year: int, at: datetime) -> None:
        """Admit it to the review unless a rule of the programme speaks against it; the snapshot goes with it.

        A rule whose facts are not known stays with the officer's judgement.
        """
        move = LIFECYCLE.move(self.state, "accept")
        facts = {**(self.snapshot or {}), "year": year, "as_of_on": at.astimezone(SHANGHAI).date()}
        failed = [result for result in programme.eligibility(facts) if result.outcome is Outcome.FAILED]
        if failed:
            raise ApplicationNotEligible(rules="；".join(result.zh for result in failed))
        self.record(
            move,
            ApplicationAccepted(
                **self._about(),
                edition=self.edition,
                programme_digest=self.programme_digest,
                digest=self._digest(),
                accepted_at=at,
                recommenders=[each["agency"] for each in self.recommenders],
                snapshot=self.snapshot or {},
            ),
        )
        self._lay_on(None, stage="accepted")

    def reject(self, *, reasons: Sequence[str]) -> None:
        """Refuse it at acceptance, with reasons."""
        move = LIFECYCLE.move(self.state, "reject")
        self.reason = "; ".join(reasons)
        self.record(move, ApplicationRejected(**self._about(), reasons=list(reasons)), reason=self.reason)
        self._lay_on(None, stage="rejected")

    def withdraw(self, *, reason: str) -> None:
        """End it at the applicant's wish, until the review has concluded; of a draft nobody is told."""
        move = LIFECYCLE.move(self.state, "withdraw")
        if self.outcome is not None or self.brand_number is not None:
            raise RecognitionStands
        told = ApplicationWithdrawn(**self._about(), reason=reason) if move.event else None
        self.record(move, told, reason=reason)
        self.reason = reason
        self._lay_on(None, stage="withdrawn")

    def advance(self, *, stage: str, outcome: str | None = None, brand_number: str | None = None) -> None:
        """Mirror what review or registry has told; an application that has ended keeps its own stage.

        The topics keep no order between them: what comes late adds what it knows and never takes the stage back.
        """
        if self.state is not State.ACCEPTED:
            return
        if _place(stage) >= _place(self.stage):
            self.stage = stage
        self.outcome = outcome or self.outcome
        self.brand_number = brand_number or self.brand_number
        self.record(LIFECYCLE.move(self.state, "advance"), reason=stage)

    def _about(self) -> dict[str, Any]:
        return {
            "application_id": self.id,
            "round_id": self.round_id,
            "honour": self.honour,
            "applicant": self.applicant,
            "division": self.division,
        }

    def _check_content(self, programme: Programme) -> None:
        problems = [replace(each, pointer=f"/answers{each.pointer}") for each in programme.check_form(self.answers)]
        problems += programme.check_materials({each["kind"] for each in self.attachments})
        if problems:
            raise ApplicationIncomplete(count=len(problems), problems=problems)

    def _freeze(self) -> None:
        self.snapshot = {
            "application_id": self.id,
            "round_id": self.round_id,
            "programme": {"honour": self.honour, "edition": self.edition, "digest": self.programme_digest},
            "applicant": {
                "uscc": self.applicant,
                "name": self.applicant_name,
                "kind": self.applicant_kind,
                "division": self.division,
            },
            "item": self.item,
            "answers": self.answers,
            "attachments": self.attachments,
        }
        self.digest = digest(self.snapshot)

    def _digest(self) -> str:
        if self.digest is None:
            raise ValueError("an application that was not handed in has no digest")
        return self.digest

    def _remaining_levels(self, programme: Programme) -> list[Level]:
        """Return the levels that have not recommended yet, those above the applicant's own place only."""
        done = {each["level"] for each in self.recommenders}
        levels = [Level(each) for each in programme.levels if each not in done]
        return [each for each in levels if reaches(self.division, each)]

    def _check_turn(self, by: Recommender, remaining: Sequence[Level]) -> None:
        turn = remaining[0] if remaining else Level.PROVINCE
        if by.level is not turn or at_level(self.division, turn) != by.division:
            raise NotYourLevel(level={Level.COUNTY: "县", Level.CITY: "市"}.get(turn, "省"))

    def _next_desk(self, programme: Programme) -> str:
        remaining = self._remaining_levels(programme)
        if not remaining:
            return waits_for(Role.RECOGNITION_OFFICER)
        return waits_for(Role.RECOMMENDER, at_level(self.division, remaining[0]))

    def _lay_on(self, desk: str | None, *, stage: str | None = None) -> None:
        self.waits_for = desk
        self.stage = stage or self.stage
