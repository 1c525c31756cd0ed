"""The application of one applicant, whose content is frozen under a digest when it is submitted.

Invariant: after submission, `snapshot` and `digest` are those of the submitted content; the review uses only them.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import UniqueConstraint

from applications_service.intake.applications import chain, content, verdicts
from applications_service.intake.applications.lifecycle import LIFECYCLE, ON_APPLICANT, State
from applications_service.intake.applications.model.at_desk import AtDesk
from applications_service.intake.applications.refusals import (
    ApplicantKindNotAdmitted,
    ApplicationNotEligible,
    ApplicationOverlaps,
    ItemChanged,
    SupplementOverdue,
)
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.refusals import RoundNotOpen
from common.codes.calendar import WorkingCalendar
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationEscalated,
    ApplicationHandedBack,
    ApplicationLapsed,
    ApplicationOverdue,
    ApplicationRecommended,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ChainStage,
    DeadlineMoved,
    EscalatedTo,
    OverdueRule,
    SupplementExtended,
    SupplementReceived,
    SupplementRequested,
)
from common.contracts.applications.contacts import Contact
from common.files.store import StoredFile
from common.kernel.actor import Actor, Role
from common.kernel.clock import legal_date
from common.kernel.lifecycle import Move
from common.kernel.worklist import waits_for
from common.programme import Programme
from common.programme.terms import Terms
from common.standing.checks import Standing, check

CLOSING: Final = "closing"
"""The clock of a draft: it runs until the round closes."""
NOT_SUBMITTED_IN_TIME: Final = "申报截止前未提交。"
NOT_RECOMMENDED_IN_TIME: Final = "推荐单位逾期未办理推荐。"
NOT_CORRECTED_IN_TIME: Final = "逾期未修改并重新提交。"
NOT_SUPPLEMENTED_IN_TIME: Final = "逾期未补正。"


class Application(AtDesk):
    """One item put forward by one applicant in one round."""

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("receipt_number"),)
    PREFIX = "app"
    MOVES = LIFECYCLE
    CASE_OF = "applicant"

    def create(self, *, round_: Round, terms: Terms, at: datetime) -> None:
        """Begin a draft. The round must accept applications, and the programme must admit the applicant's kind."""
        if not round_.is_open(at):
            raise RoundNotOpen(opens_at=round_.opens_at.isoformat(), closes_at=round_.closes_at.isoformat())
        if not terms.programme.takes_applicant(self.applicant_kind):
            raise ApplicantKindNotAdmitted(admitted=terms.programme.admitted)
        self.record(LIFECYCLE.birth("create"))
        self.wait_until_closing(round_=round_, terms=terms)

    def edit(self, *, answers: dict[str, Any]) -> None:
        """Replace the content of a draft or of a returned application."""
        move = LIFECYCLE.move(self.state, "edit")
        self.answers = answers
        self.record(move)

    def attach(self, *, kind: str, name: str, file: StoredFile, programme: Programme) -> None:
        """Add a material that the programme asks for; the same file under the same kind counts once."""
        move = LIFECYCLE.move(self.state, "attach")
        self.attachments = content.with_file(self.attachments, kind=kind, name=name, file=file, programme=programme)
        self.record(move)

    def detach(self, *, kind: str, file_digest: str) -> None:
        """Remove a material; what was handed in before still names it. Raises AttachmentNotFound."""
        move = LIFECYCLE.move(self.state, "detach")
        self.attachments = content.without_file(self.attachments, kind=kind, file_digest=file_digest)
        self.record(move)

    def identify(self, programme: Programme) -> None:
        """Set item, scope and priority fields from the checked answers; a scope is applied for once in a round."""
        LIFECYCLE.move(self.state, "submit")
        content.check(self.answers, self.attachments, programme=programme)
        applied = programme.item_of(self.answers)
        self.item, self.scope, self.priorities = applied.title, applied.scope, list(applied.priorities)

    def submit(
        self,
        *,
        round_: Round,
        terms: Terms,
        contact: Contact,
        others_in_scope: int,
        standing: Standing,
        at: datetime,
    ) -> None:
        """Freeze the identified content under its digest and submit it; the receipt number is assigned once.

        A rule that the application breaks is a warning, stored with the answers to all; an overlap is refused. Where no
        level of the chain recommends for the division, the recognition body gets it at once.
        """
        ahead = chain.stages_ahead(terms.programme.levels, division=self.division, done=())
        unrecommended = ahead[0] is ChainStage.RECOGNITION_BODY
        move = LIFECYCLE.move(self.state, "submit_unrecommended" if unrecommended else "submit")
        if self.state is State.DRAFT and not round_.is_open(at):
            raise RoundNotOpen(opens_at=round_.opens_at.isoformat(), closes_at=round_.closes_at.isoformat())
        if others_in_scope:
            raise ApplicationOverlaps
        found = check(terms.programme, self.content, standing, year=round_.year, on=legal_date(at))
        found.refuse_overlap()
        self._freeze()
        self.formal_check = found.under(self.edition, self.programme_digest, at=at)
        self.receipt_number = self.receipt_number or f"{round_.year}-{self.id.removeprefix('app_').upper()}"
        self.submitted_at = self.submitted_at or at
        if self.supplements_left is None:
            self.supplements_left = terms.programme.acceptance.supplements
        self.recommenders = []
        self.reason = self.escalated_from = None
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
        self._wait_at(ahead[0], terms, stage="recommended" if unrecommended else "submitted")

    def recommend(
        self, *, by: Actor, round_: Round, terms: Terms, opinion: str, at: datetime, confirms_division: bool = False
    ) -> ChainStage:
        """Recommend at the current stage and return that stage; after the last one the recognition body decides.

        The one above a silent recommender recommends first in his place, or for both if that level is skippable.
        The first recommender confirms the division that nobody has confirmed. Raises DivisionUnconfirmed when he does
        not: he returns an application from elsewhere. Raises RecommendationWindowClosed: then the office decides.
        """
        ahead = self._stages_ahead(terms.programme)
        last = ChainStage.RECOGNITION_BODY in ahead[: self._stages_decided(terms.programme, ahead) + 1]
        move = LIFECYCLE.check(self, "conclude_recommendation" if last else "recommend", by)
        if not by.has(Role.OFFICE):
            round_.check_recommending(at)
        if self.division_confirmation is None:
            self._confirm_division(by, at, confirmed=confirms_division)
        decided = ahead[: self._stages_decided(terms.programme, ahead)]
        turn, following = decided[-1], ahead[len(decided)]
        self.recommenders = [
            *self.recommenders, *({"chain_stage": each.value, "agency": by.org} for each in decided)
        ]  # fmt: skip
        self.escalated_from = None
        self.record(
            move,
            ApplicationRecommended(**self._about(), chain_stage=turn, agency=by.org, recommended_at=at),
            reason=opinion,
        )
        self._wait_at(following, terms, stage="recommended" if last else "submitted")
        return turn

    def return_(self, *, by: Actor, terms: Terms, reason: str) -> ChainStage:
        """Send it back for correction; a recommender may only at his own stage. Returns the stage that sent it back."""
        move = LIFECYCLE.check(self, "return", by)
        own = chain.is_on_desk_of(by, self.waits_for)
        turn = self.turn(terms.programme) if own else ChainStage.RECOGNITION_BODY
        self._return(move, turn=turn, terms=terms, reason=reason)
        return turn

    def hand_back(self, *, by: Actor, terms: Terms, reason: str) -> ChainStage:
        """Give it back to the recommender who was silent, with a new term. Returns his stage."""
        move = LIFECYCLE.check(self, "hand_back", by)
        silent = self.escalated_from or self.turn(terms.programme)
        self.escalated_from = None
        self.record(move, ApplicationHandedBack(**self._about(), chain_stage=silent, reason=reason), reason=reason)
        self._wait_at(silent, terms, stage="submitted")
        return silent

    def escalate(self, *, terms: Terms, to: EscalatedTo | None = None) -> None:
        """Put it on the desk above a silent recommender: the city's, above it the office's; or on the one given."""
        ahead = self._stages_ahead(terms.programme)
        above = to or chain.above(self.waits_for, division=self.division, ahead=ahead)
        move = LIFECYCLE.move(self.state, "escalate")
        self.escalated_from = ahead[0]
        self.record(
            move, ApplicationEscalated(**self._about(), chain_stage=ahead[0], escalated_to=above), reason=above.value
        )
        term = terms.of("city_recommendation") if above is EscalatedTo.CITY else None
        self.wait(chain.desk_above(above, division=self.division), term)

    def request_supplement(self, *, by: Actor, round_: Round, terms: Terms, reason: str, at: datetime) -> None:
        """Ask the applicant to complete the materials within the programme's term, as often as it allows."""
        move = LIFECYCLE.check(self, "request_supplement", by)
        round_.check_accepting(at)
        term = terms.of("supplement")
        self.supplements_left = (self.supplements_left or 0) - 1
        self.supplement_due_on, self.supplement_extended, self.reason = term.due_on, False, reason
        self.record(move, SupplementRequested(**self._about(), reason=reason, due_on=term.due_on), reason=reason)
        self._wait_on(waits_for(Role.APPLICANT, self.applicant), term, stage="supplement_requested")

    def extend_supplement(self, *, by: Actor, terms: Terms, reason: str) -> None:
        """Give the applicant, once for each supplement, a second term for the one that he let pass."""
        move = LIFECYCLE.check(self, "extend_supplement", by)
        term = terms.of("supplement")
        self.supplement_due_on, self.supplement_extended = term.due_on, True
        self.record(move, SupplementExtended(**self._about(), reason=reason, due_on=term.due_on), reason=reason)
        self._wait_on(waits_for(Role.APPLICANT, self.applicant), term, stage="supplement_requested")

    def supplement(self, *, by: Actor, answers: dict[str, Any], terms: Terms, at: datetime) -> None:
        """Store the completed content for the same item, freeze it again and send it to the recognition body.

        Raises ItemChanged for another item: it was not recommended, and its scope was not checked.
        """
        move = LIFECYCLE.check(self, "supplement", by)
        if self.supplement_due_on is not None and legal_date(at) > self.supplement_due_on:
            raise SupplementOverdue(due_on=self.supplement_due_on.isoformat())
        self.answers = answers
        content.check(self.answers, self.attachments, programme=terms.programme)
        applied = terms.programme.item_of(answers)
        if applied.scope != self.scope:
            raise ItemChanged
        self.item, self.priorities = applied.title, list(applied.priorities)
        self._freeze()
        self.record(move, SupplementReceived(**self._about(), digest=self._digest()))
        self._wait_at(ChainStage.RECOGNITION_BODY, terms, stage="recommended")

    def accept(
        self,
        *,
        by: Actor,
        round_: Round,
        programme: Programme,
        standing: Standing,
        at: datetime,
        decisions: Sequence[verdicts.Decision] = (),
    ) -> None:
        """Admit it to the review unless a rule of the programme or of the register forbids it.

        The event contains the snapshot; the answer to every rule is stored with the edition. The officer decides about
        each rule that the facts do not decide. A supplement that is overdue may be left aside: what was handed in
        before is accepted. Raises AcceptanceWindowClosed, and as `verdicts.settled`.
        """
        move = LIFECYCLE.check(self, "accept", by)
        round_.check_accepting(at)
        found = check(programme, self.snapshot or {}, standing, year=round_.year, on=legal_date(at))
        found.refuse_bar()
        found.refuse_overlap()
        if found.failed:
            raise ApplicationNotEligible(rules=verdicts.named(found.failed))
        self.decisions = verdicts.settled(found.results, decisions)
        self.formal_check = found.under(self.edition, self.programme_digest, at=at)
        self.accepted_at = at
        self.record(
            move,
            ApplicationAccepted(
                **self._about(),
                edition=self.edition,
                programme_digest=self.programme_digest,
                digest=self._digest(),
                accepted_at=at,
                recommenders=list(dict.fromkeys(each["agency"] for each in self.recommenders)),
                snapshot=self.snapshot or {},
            ),
            reason=verdicts.as_reason(self.decisions),
        )
        self._wait_on(None, stage="accepted")

    def reject(self, *, by: Actor, reasons: Sequence[str]) -> None:
        """Refuse it at acceptance, or after the applicant let his term pass, with reasons."""
        self._reject(LIFECYCLE.check(self, "reject", by), reasons)

    def pass_by(self, rule: OverdueRule, *, terms: Terms) -> None:
        """Do what the programme prescribes for a term that has passed.

        What the applicant had to do is decided by the recognition body from now on.
        """
        if self.due_on is None or self.clock is None:
            raise ValueError(f"no term of {self.id} can have passed")
        overdue = ApplicationOverdue(**self._about(), clock=self.clock, due_on=self.due_on, on_overdue=rule)
        self.record(LIFECYCLE.move(self.state, "fall_due"), overdue, reason=rule.value)
        if rule is OverdueRule.ESCALATE:
            self.escalate(terms=terms)
        elif rule is OverdueRule.RETURN:
            move = LIFECYCLE.move(self.state, "return")
            self._return(move, turn=self.turn(terms.programme), terms=terms, reason=NOT_RECOMMENDED_IN_TIME)
        elif rule is OverdueRule.REJECT and self.state is State.RETURNED:
            self.lapse(reason=NOT_CORRECTED_IN_TIME)
        elif rule is OverdueRule.REJECT:
            self._reject(LIFECYCLE.move(self.state, "reject"), [NOT_SUPPLEMENTED_IN_TIME])
        elif self.state in ON_APPLICANT:
            self.pass_on(waits_for(Role.RECOGNITION_OFFICER))

    def lapse(self, *, reason: str) -> None:
        """End a draft that was not submitted before the closing, whose files are given up, or an uncorrected return."""
        move = LIFECYCLE.move(self.state, "lapse")
        if self.snapshot is None:
            self.attachments = []
        self.record(move, ApplicationLapsed(**self._about(), reason=reason) if move.event else None, reason=reason)
        self.reason = reason
        self._wait_on(None, stage="lapsed")

    def wait_until_closing(self, *, round_: Round, terms: Terms) -> None:
        """Keep a draft on its owner's desk until the round's closing."""
        remind_days = terms.programme.cycle.remind_days
        term = terms.until(round_.windows.last_day, CLOSING, remind_days=remind_days)
        self.wait(waits_for(Role.APPLICANT, self.applicant), term)

    def count_again(self, calendar: WorkingCalendar, *, today: date) -> None:
        """Move the end of the applicant's running term when it falls later by an amended calendar."""
        before, clock = self.due_on, self.clock
        if before is None or clock is None or not self.move_deadline(calendar, today=today):
            return
        move = LIFECYCLE.move(self.state, "move_deadline")
        if self.state is State.SUPPLEMENT_REQUESTED:
            self.supplement_due_on = self.due_on
        moved = DeadlineMoved(**self._about(), clock=clock, due_on_before=before, due_on_after=self.due_on or before)
        self.record(move, moved)

    def _return(self, move: Move, *, turn: ChainStage, terms: Terms, reason: str) -> None:
        self.reason, self.escalated_from = reason, None
        self.record(move, ApplicationReturned(**self._about(), chain_stage=turn, reason=reason), reason=reason)
        self._wait_on(waits_for(Role.APPLICANT, self.applicant), terms.of("correction"), stage="returned")

    def _reject(self, move: Move, reasons: Sequence[str]) -> None:
        self.reason = "；".join([*(each.rstrip("。") for each in reasons[:-1]), *reasons[-1:]])
        self.record(move, ApplicationRejected(**self._about(), reasons=list(reasons)), reason=self.reason)
        self._wait_on(None, stage="rejected")

    def _stages_decided(self, programme: Programme, ahead: tuple[ChainStage, ...]) -> int:
        """Return how many stages one recommendation decides: two above a silent level that may be skipped."""
        skipped = self.escalated_from is ahead[0] and programme.skips(ahead[0].value)
        return 2 if skipped and ahead[1] is not ChainStage.RECOGNITION_BODY else 1
