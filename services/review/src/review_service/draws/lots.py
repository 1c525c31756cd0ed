"""A plain seeded draw: experts in the order of their hash tickets, those in conflict skipped with the reason.

Anybody with the seed and the pool can repeat it: ticket = SHA-256(seed ‖ review id ‖ expert id).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Skip(StrEnum):
    """Why an expert was passed over."""

    EMPLOYER = "employer_is_applicant"
    DECLARED = "conflict_declared"
    SAME_COUNTY = "same_county"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the draw knows of an expert."""

    id: str
    sub: str
    employer: str
    division: str
    conflicts: frozenset[str]

    def conflict(self, *, applicant: str, division: str) -> Skip | None:
        """Return why he must not judge this applicant, None when he may."""
        if self.employer == applicant:
            return Skip.EMPLOYER
        if applicant in self.conflicts:
            return Skip.DECLARED
        return Skip.SAME_COUNTY if self.division == division else None


@dataclass(frozen=True, slots=True)
class Panel:
    """Who was drawn, in the order of the tickets, and who was passed over and why."""

    drawn: tuple[Candidate, ...]
    skipped: tuple[tuple[str, Skip], ...]
    eligible: int


def ticket(seed: str, review_id: str, expert_id: str) -> bytes:
    """Return the lot of an expert for a case."""
    return hashlib.sha256(f"{seed}\n{review_id}\n{expert_id}".encode()).digest()


def draw_panel(
    pool: Sequence[Candidate], *, seed: str, review_id: str, applicant: str, division: str, size: int
) -> Panel:
    """Draw `size` experts for one case; the panel is shorter when too few are free of conflicts."""
    ordered = sorted(pool, key=lambda expert: ticket(seed, review_id, expert.id))
    skipped = [(expert.id, expert.conflict(applicant=applicant, division=division)) for expert in ordered]
    free = [expert for expert, (_, why) in zip(ordered, skipped, strict=True) if why is None]
    reasons = tuple((expert_id, why) for expert_id, why in skipped if why is not None)
    return Panel(drawn=tuple(free[:size]), skipped=reasons, eligible=len(free))
