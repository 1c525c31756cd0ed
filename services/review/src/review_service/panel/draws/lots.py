"""A plain seeded draw: each seat in order goes to the fit expert with the lowest ticket; others are passed over.

Anybody with the seed and the pool can repeat the draw: ticket = SHA-256(seed ‖ review id ‖ expert id). The function is
pure, so that another algorithm can take its place behind the same values.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from common.kernel.values.times import anniversary
from common.programme import Programme
from common.programme.definition.reviewing import EMPLOYMENT, REVIEWED_LAST_YEAR, SAME_COUNTY
from review_service.cases.reviews.lifecycle import Help


class Skip(StrEnum):
    """Why an expert is passed over, beside the programme's grounds of recusal, which keep their own codes."""

    RECUSED = "recused"
    PAUSED = "paused"
    ABSENT = "absent"
    LOAD_REACHED = "load_reached"
    ON_THIS_PANEL = "on_this_panel"
    ROLE_MISSING = "role_missing"
    SPECIALITY_MISSING = "speciality_missing"
    ORGANISATION_ON_PANEL = "organisation_on_panel"


HELPS: Final[Mapping[str, Help]] = {
    Skip.PAUSED: Help.RESUME_EXPERTS,
    Skip.ABSENT: Help.AWAIT_RETURN,
    Skip.LOAD_REACHED: Help.RAISE_LOAD,
    Skip.ROLE_MISSING: Help.ADD_ROLES,
    Skip.SPECIALITY_MISSING: Help.ADD_SPECIALITIES,
}


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie of an expert to an organisation, employment or a declared conflict; a day that is None is open."""

    organisation: str
    since_on: date | None = None
    until_on: date | None = None
    ground: str = EMPLOYMENT

    def reaches(self, on: date, *, years: int | None) -> bool:
        """Return whether it still counts on the day: it has not ended, or ended within so many years (None: ever)."""
        return self.until_on is None or years is None or self.until_on >= anniversary(on, -years)

    def lasts(self, on: date) -> bool:
        """Return whether it exists on the day."""
        return (self.since_on is None or self.since_on <= on) and (self.until_on is None or on <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The data of an expert that the draw uses.

    `load` counts his cases of the round's year, `most` is the most he takes (None: any number); `reviewed` are the
    applicants whom he reviewed, each with the year of the round; a recusal in force keeps him from those `recused`;
    `absences` are first and last days.
    """

    id: str
    sub: str
    division: str
    roles: frozenset[str] = frozenset()
    specialities: frozenset[str] = frozenset()
    employers: tuple[Tie, ...] = ()
    conflicts: tuple[Tie, ...] = ()
    absences: tuple[tuple[date, date], ...] = ()
    paused: bool = False
    load: int = 0
    most: int | None = None
    reviewed: frozenset[tuple[str, int]] = frozenset()
    recused: frozenset[str] = frozenset()

    def organisations(self, on: date) -> frozenset[str]:
        """Return the organisations that he works for on the day."""
        return frozenset(tie.organisation for tie in self.employers if tie.lasts(on))


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of a panel, numbered from 1; `category` must be among the expert's specialities unless it is None."""

    number: int
    role: str
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The case to judge: applicant, county and year of the round; the sheets are written from `on` to `until`.

    `grounds` are the programme's grounds of recusal, each with the years that it looks back (None: ever).
    """

    review_id: str
    applicant: str
    division: str
    year: int
    on: date
    until: date
    grounds: Mapping[str, int | None]

    def ground(self, expert: Candidate) -> str | None:
        """Return the first ground on which the expert must not judge this applicant, None when there is none."""
        return next(self._grounds(expert), None)

    def _grounds(self, expert: Candidate) -> Iterator[str]:
        if EMPLOYMENT in self.grounds and any(self._counts(tie) for tie in expert.employers):
            yield EMPLOYMENT
        for tie in expert.conflicts:
            if self._counts(tie):
                yield tie.ground
        if REVIEWED_LAST_YEAR in self.grounds:
            years = self.grounds[REVIEWED_LAST_YEAR] or 0
            past = range(self.year - years, self.year)
            if any(applicant == self.applicant and year in past for applicant, year in expert.reviewed):
                yield REVIEWED_LAST_YEAR
        if SAME_COUNTY in self.grounds and expert.division == self.division:
            yield SAME_COUNTY

    def _counts(self, tie: Tie) -> bool:
        return tie.organisation == self.applicant and tie.reaches(self.on, years=self.grounds.get(tie.ground))


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat that nobody can take: how many experts are passed over for which reason, and what would help."""

    seat: Seat
    why: Mapping[str, int]
    helps: tuple[Help, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as protocols and views hold it."""
        return {
            "seat": self.seat.number,
            "role": self.seat.role,
            "category": self.seat.category,
            "why": dict(self.why),
            "helps": list(self.helps),
        }


@dataclass(frozen=True, slots=True)
class Panel:
    """Who sits where, who was passed over for the whole case and why, and the seats that stay vacant."""

    seated: tuple[tuple[Seat, Candidate], ...]
    skipped: tuple[tuple[str, str], ...]
    vacant: tuple[Vacancy, ...]


def seats_of(programme: Programme, category: str) -> tuple[Seat, ...]:
    """Return the seats of a panel under the programme, in its order, for a case of this category."""
    rules = (rule for rule in programme.review.panel.seats for _ in range(rule.count))
    return tuple(
        Seat(number, rule.role, category if rule.knows_category else None) for number, rule in enumerate(rules, 1)
    )


def ticket(seed: str, review_id: str, expert_id: str) -> bytes:
    """Return the ticket of an expert for a case."""
    return hashlib.sha256(f"{seed}\n{review_id}\n{expert_id}".encode()).digest()


def draw_panel(
    pool: Sequence[Candidate],
    *,
    case: Case,
    seats: Sequence[Seat],
    seed: str,
    sitting: Collection[str] = (),
    left: Collection[str] = (),
) -> Panel:
    """Fill the seats from the pool, each with the lowest ticket among those fit for it.

    For a replacement `seats` are the vacant ones, `sitting` the experts who keep theirs and `left` those who left this
    panel: the next in the order of the same lots takes the seat. The order of the pool has no effect.
    """
    ordered = sorted(pool, key=lambda expert: ticket(seed, case.review_id, expert.id))
    out = {expert.id: why for expert in ordered if (why := _unfit(expert, case)) is not None}
    out |= dict.fromkeys((*left, *sitting), Skip.ON_THIS_PANEL)
    taken = {org for expert in pool if expert.id in sitting for org in expert.organisations(case.on)}
    seated: list[tuple[Seat, Candidate]] = []
    vacant: list[Vacancy] = []
    for seat in seats:
        passed: Counter[str] = Counter()
        for expert in ordered:
            reason = out.get(expert.id) or _unseated(expert, seat, taken, on=case.on)
            if reason is None:
                seated.append((seat, expert))
                out[expert.id] = Skip.ON_THIS_PANEL
                taken |= expert.organisations(case.on)
                break
            passed[reason] += 1
        else:
            counts = {reason: passed[reason] for reason in sorted(passed)}
            helps = (Help.ENTER_EXPERTS, *(HELPS[reason] for reason in counts if reason in HELPS))
            vacant.append(Vacancy(seat, counts, helps))
    drawn = {expert.id for _, expert in seated}
    skipped = tuple((one.id, out[one.id]) for one in ordered if one.id in out and one.id not in drawn)
    return Panel(tuple(seated), skipped, tuple(vacant))


def _unfit(expert: Candidate, case: Case) -> str | None:
    """Return why the expert cannot take any seat of the case."""
    ground = case.ground(expert)
    if ground is not None:
        return ground
    if case.applicant in expert.recused:
        return Skip.RECUSED
    if expert.paused:
        return Skip.PAUSED
    if any(first <= case.until and case.on <= last for first, last in expert.absences):
        return Skip.ABSENT
    return Skip.LOAD_REACHED if expert.most is not None and expert.load >= expert.most else None


def _unseated(expert: Candidate, seat: Seat, taken: Collection[str], *, on: date) -> str | None:
    """Return why an expert who is fit for the case cannot take this seat."""
    if seat.role not in expert.roles:
        return Skip.ROLE_MISSING
    if seat.category is not None and seat.category not in expert.specialities:
        return Skip.SPECIALITY_MISSING
    return None if expert.organisations(on).isdisjoint(taken) else Skip.ORGANISATION_ON_PANEL
