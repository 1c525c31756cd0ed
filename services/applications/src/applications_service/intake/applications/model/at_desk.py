"""Where an application waits before its acceptance: on the desk of a stage of the chain, in its division.

Invariant: its division was in use in the year in which the application came to its desk.
"""

from datetime import datetime

from applications_service.intake.applicants.model import Applicant, Source
from applications_service.intake.applicants.refusals import PlaceTooWide
from applications_service.intake.applications import chain
from applications_service.intake.applications.lifecycle import LIFECYCLE, State
from applications_service.intake.applications.model.after_acceptance import Followed
from applications_service.intake.applications.refusals import DivisionUnconfirmed, NobodyRecommendsThere, OnThisDesk
from applications_service.rules.rounds.model import Round
from common.codes.division_successors import division_of
from common.codes.division_table import check_division
from common.codes.divisions import Level, reaches
from common.contracts.applications.applications import ApplicationCorrected, ApplicationMoved, ChainStage
from common.kernel.actor import Actor, Role
from common.kernel.clock import legal_date
from common.kernel.lifecycle import Move
from common.programme import Programme
from common.programme.terms import Terms


class AtDesk(Followed):
    """An application that a stage of the chain decides about."""

    __abstract__ = True

    def locate(self, applicant: Applicant, *, at: datetime) -> None:
        """Take over the applicant's division, with who confirmed it, until the content is submitted.

        Where its code has been given up since, that of its successor in this year counts. An application that was moved
        stays at its desk until the applicant has another division.
        """
        if self.moved_from != applicant.division:
            self.division = division_of(applicant.division, legal_date(at).year)
            self.division_confirmation, self.moved_from = applicant.division_confirmation, None

    def belongs_with(self, applicant: Applicant, *, at: datetime) -> bool:
        """Return whether it is in the division of its applicant, not moved to another one."""
        return self.division == division_of(applicant.division, legal_date(at).year)

    def move_to(
        self, division: str, *, by: Actor, round_: Round, terms: Terms, reason: str, at: datetime
    ) -> ChainStage:
        """Move it from the wrong desk to another county or city; its chain begins there again, with a new term.

        Returns the stage that gave it away. The first recommender at the new desk confirms that it belongs there.
        Raises DivisionUnknown, PlaceTooWide, OnThisDesk, NobodyRecommendsThere, and as LIFECYCLE.check; a recommender's
        move after his window RecommendationWindowClosed.
        """
        move = LIFECYCLE.check(self, "move", by)
        if not by.has(Role.OFFICE):
            round_.check_recommending(at)
        check_division(division, on=legal_date(at))
        if not reaches(division, Level.CITY):
            raise PlaceTooWide
        if division == self.division:
            raise OnThisDesk(division=division)
        stage, moved_from = self.turn(terms.programme), self.moved_from or self.division
        self._begin_chain_in(division, move, by=by, terms=terms, reason=reason, at=at)
        self.moved_from = moved_from
        return stage

    def correct(self, applicant: Applicant, *, by: Actor, terms: Terms, reason: str, at: datetime) -> None:
        """Take over the corrected name and division of its applicant, before its acceptance.

        What recommenders decide, or have decided for the wrong division, goes to the desk of the right one, where its
        chain begins again; what is with its applicant follows when it is submitted. Raises NobodyRecommendsThere.
        """
        move = LIFECYCLE.move(self.state, "correct")
        self.applicant_name = applicant.name
        if self.snapshot is None:
            self.record(move, reason=reason)
        else:
            self._freeze_applicant()
            self.record(
                move, ApplicationCorrected(**self._about(), digest=self._digest(), reason=reason), reason=reason
            )
        if self.state in (State.SUBMITTED, State.RECOMMENDED) and not self.belongs_with(applicant, at=at):
            division = division_of(applicant.division, legal_date(at).year)
            move = LIFECYCLE.move(self.state, "relocate")
            self._begin_chain_in(division, move, by=by, terms=terms, reason=reason, at=at)

    def _begin_chain_in(self, division: str, move: Move, *, by: Actor, terms: Terms, reason: str, at: datetime) -> None:
        """Put it on the desk of the first stage of the chain in another division, which nobody has confirmed."""
        following = chain.stages_ahead(terms.programme.levels, division=division, done=())[0]
        if following is ChainStage.RECOGNITION_BODY:
            raise NobodyRecommendsThere(division=division)
        before, self.division = self.division, division
        self.division_confirmation = self.moved_from = self.escalated_from = None
        self.recommenders = []
        self._freeze_applicant()
        moved = ApplicationMoved(
            **self._about(), division_before=before, agency=by.org, digest=self._digest(), reason=reason, moved_at=at
        )
        self.record(move, moved, reason=reason)
        self._wait_at(following, terms, stage="submitted")

    def turn(self, programme: Programme) -> ChainStage:
        """Return the stage of the chain that decides now."""
        return self._stages_ahead(programme)[0]

    def _confirm_division(self, by: Actor, at: datetime, *, confirmed: bool) -> None:
        if not confirmed:
            raise DivisionUnconfirmed(division=self.division)
        self.division_confirmation = {
            "source": Source.RECOMMENDER,
            "agency": by.org,
            "confirmed_by": by.sub,
            "confirmed_at": at.isoformat(),
        }

    def _stages_ahead(self, programme: Programme) -> tuple[ChainStage, ...]:
        done = {each["chain_stage"] for each in self.recommenders}
        return chain.stages_ahead(programme.levels, division=self.division, done=done)

    def _wait_at(self, turn: ChainStage, terms: Terms, *, stage: str) -> None:
        term = terms.of(chain.CLOCKS[turn])
        self._wait_on(chain.desk_of(turn, division=self.division), term, stage=stage)
