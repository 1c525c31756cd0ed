"""The sections from the public notice to the exit: notice, objection, decision and the title itself."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from common.kernel.values.numbers import Ordinal, Years
from common.kernel.values.times import LAST_DAY, anniversary
from common.programme.definition.intake import Span
from common.programme.parts import Code, Month, Prose, Section, Share, Source, Words

NUMBER_PATTERN: Final = r"^[A-Z]([A-Z0-9]*[A-Z])?-\{year\}-\{serial:0[1-9]d\}$"
_DAY: Final = timedelta(days=1)


class Notice(Span):
    """How long the list is shown to the public before the deliberation."""

    text: Prose


class Objections(Section):
    """What makes an objection admissible.

    The clocks `objection_hearing` and `objection_investigation` bound the hearing of the firm and the investigation.
    """

    real_name: bool
    evidence: bool
    inside_notice_only: bool
    text: Prose
    source: Source


class Recognition(Section):
    """The deliberation of the recognition body: its seats, quorum, majority and whose votes the majority is of."""

    body: Words
    seats: Ordinal
    quorum: Share
    majority: Share
    majority_of: Literal["present", "seats"]
    source: Source


class Confirmation(Section):
    """The organisation that confirms the list; it is never the recognition body and never edits a score."""

    organisation: Words
    text: Prose
    source: Source


class Decision(Section):
    """Who recognises and who confirms."""

    recognition: Recognition
    confirmation: Confirmation

    @property
    def quorum(self) -> int:
        """Return the smallest number of members who must be present, including those who abstain."""
        return _at_least(self.recognition.quorum, self.recognition.seats)

    def votes_needed(self, present: int) -> int:
        """Return the smallest number of votes in favour that accepts a list when this number of members is present."""
        return _at_least(
            self.recognition.majority, present if self.recognition.majority_of == "present" else self.recognition.seats
        )


class Validity(Section):
    """How long a title is valid: `years` from its effective date, or without end when there are none."""

    years: Years | None = None
    ends: Literal["day_before_anniversary", "year_end"]
    source: Source


class RenewalRule(Section):
    """How a title is renewed: by a full new review in the year of its expiry, applied for in these months."""

    mode: Literal["full_review", "none"]
    opens_month: Month
    closes_month: Month
    source: Source


class Ground(Section):
    """A reason for an act on a title; `bar_years` keeps the holder from applying, for life when `barred_for_life`.

    Only a revocation bars, for years or for life.
    """

    code: Code
    text: Prose
    bar_years: Years | None = None
    barred_for_life: bool = False
    sell_through: bool = True
    source: Source

    def barred_until(self, effective_on: date) -> date | None:
        """Return the last day of the bar that begins with the act's effective day, None when the ground bars nobody."""
        if self.barred_for_life:
            return LAST_DAY
        return None if self.bar_years is None else anniversary(effective_on, self.bar_years) - _DAY


Grounded = Annotated[tuple[Ground, ...], Field(min_length=1)]
Act = Literal["warn", "suspend", "revoke", "cancel", "reinstate"]


class Grounds(Section):
    """The reasons an act may have, per act; an act for any other reason is refused."""

    warn: Grounded
    suspend: Grounded
    revoke: Grounded
    cancel: Grounded
    reinstate: Grounded


class SellThrough(Section):
    """Until when packaging printed before a title ended may be used up."""

    until: Literal["year_end", "same_day"]
    text: Prose
    source: Source


class MarkRule(Section):
    """A rule for the use of the mark."""

    code: Code
    text: Prose


class Title(Section):
    """What a recognised item holds: number, validity, mark, and how it can end."""

    validity: Validity
    renewal: RenewalRule
    number_pattern: Annotated[str, StringConstraints(pattern=NUMBER_PATTERN, max_length=60)]
    number_source: Source
    mark: Annotated[tuple[MarkRule, ...], Field(min_length=1)]
    mark_source: Source
    grounds: Grounds
    sell_through: SellThrough

    @property
    def validity_years(self) -> int | None:
        """Return the years of validity, None for a title without end."""
        return self.validity.years

    def valid_until(self, effective_on: date) -> date | None:
        """Return the last day of a title that takes effect on a date, None for a title without end."""
        years = self.validity.years
        if years is None:
            return None
        if self.validity.ends == "year_end":
            return date(effective_on.year + years, 12, 31)
        return anniversary(effective_on, years) - _DAY

    @property
    def last_serial(self) -> int:
        """Return the largest serial that the number pattern has room for."""
        return int("9" * int(self.number_pattern[-3]))  # the pattern ends in {serial:0Nd}

    def number(self, *, year: int, serial: int) -> str:
        """Return the brand number without its check character; raises ValueError for a serial that does not fit."""
        number = self.number_pattern.format(year=year, serial=serial)
        if not 1 <= serial <= self.last_serial:
            raise ValueError(f"the serial {serial} does not fit {self.number_pattern}")
        return number

    def ground(self, act: Act, code: str) -> Ground | None:
        """Return the ground of an act by its code, None when the programme has no such ground."""
        return next((ground for ground in getattr(self.grounds, act) if ground.code == code), None)

    def sell_through_until(self, ended_on: date, *, ground: Ground | None = None) -> date:
        """Return the last day on which old packaging may be used; a ground without sell-through ends it at once."""
        if self.sell_through.until == "same_day" or (ground is not None and not ground.sell_through):
            return ended_on
        return date(ended_on.year, 12, 31)


def _at_least(share: str, of: int) -> int:
    return -(-of * Fraction(share).numerator // Fraction(share).denominator)
