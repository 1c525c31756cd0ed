"""The review's copy of a round and of its rules, received by events; the rules never change."""

from collections.abc import Collection

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.rounds import AcceptanceConcluded
from common.editions.model import LearnedRound, LearnedRules
from common.kernel.digests import digest
from review_service.cases.rounds.refusals import AcceptanceNotConcluded, CasesMissing
from review_service.tables import METADATA


class Rules(LearnedRules):
    """A programme's edition, as this service stores it."""

    __tablename__ = "rules"
    metadata = METADATA


class Round(LearnedRound):
    """A round; its row is locked while places are assigned.

    Once its acceptance is concluded, it names by count and digest the applications that the review must hold.
    """

    __tablename__ = "rounds"
    metadata = METADATA

    accepted_count: Mapped[int | None] = mapped_column(default=None)
    accepted_digest: Mapped[str | None] = mapped_column(default=None)

    def conclude(self, event: AcceptanceConcluded) -> None:
        """Store which applications were accepted."""
        self.accepted_count, self.accepted_digest = event.accepted_count, event.accepted_digest
        self.note("conclude_acceptance")

    def check_whole(self, application_ids: Collection[str]) -> None:
        """Raise AcceptanceNotConcluded, or CasesMissing unless these are exactly the accepted applications."""
        if self.accepted_digest is None:
            raise AcceptanceNotConcluded
        if not self.is_whole(application_ids):
            raise CasesMissing(count=len(application_ids), accepted=self.accepted_count)

    def is_whole(self, application_ids: Collection[str]) -> bool:
        """Return whether the acceptance is concluded and these are exactly the accepted applications."""
        return self.accepted_digest is not None and digest(sorted(application_ids)) == self.accepted_digest
