"""Every rule of a case answered at once: the register's and the programme's, each with the values that decided.

Submission shows what failed as warnings; acceptance and the decision day refuse it. Nothing is loaded or stored here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from common.kernel.values.times import LAST_DAY
from common.programme import AppliedItem, Outcome, Programme, RuleResult
from common.standing.refusals import ApplicantBarred, TitleHeldByAnother

_BARRED: Final = ("申报单位在申报限制期内。", "A revocation bars the applicant.")
_HELD: Final = (
    "同一商标同类项目的称号由其他单位持有，且未终止。",
    "Another organisation holds a live title for the same trademark and category.",
)

_INDUSTRY: Final = (
    "行业代码不属于所选申报类别。",
    "The industry code does not belong to the category of the catalogue.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A live title; `valid_until` is None for one without end."""

    number: str
    honour: str
    applicant_id: str
    uscc: str | None
    scope: str
    valid_until: date | None

    @property
    def fact(self) -> dict[str, Any]:
        """Return it as the rules of a programme read it; one without end is valid until the last year of all."""
        end = self.valid_until or LAST_DAY
        return {"number": self.number, "honour": self.honour, "scope": self.scope, "valid_until_year": end.year}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar that a revocation brought; `until_on` is its last day."""

    number: str
    until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the register says of an applicant on a day.

    `titles` are his live ones, `bars` those in force, the longest first; `of_others` are the live titles of others for
    the same trademark and category.
    """

    titles: tuple[Title, ...] = ()
    bars: tuple[Bar, ...] = ()
    of_others: tuple[Title, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The answer to every rule about a case, and the standing on which it rests."""

    standing: Standing
    results: tuple[RuleResult, ...]

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """Return the rules that the case breaks; a rule that nobody can answer is not among them."""
        return tuple(each for each in self.results if each.outcome is Outcome.FAILED)

    def refuse_overlap(self) -> None:
        """Raise TitleHeldByAnother when another's live title is for the same trademark and category."""
        for title in self.standing.of_others:
            raise TitleHeldByAnother(number=title.number)

    def refuse_bar(self) -> None:
        """Raise ApplicantBarred while a bar is in force."""
        for bar in self.standing.bars:
            raise ApplicantBarred(number=bar.number, until_on=bar.until_on)

    def under(self, edition: int, programme_digest: str, *, at: datetime) -> dict[str, Any]:
        """Return what is stored and shown: the edition, the instant, and the answer to every rule."""
        return {
            "edition": edition,
            "programme_digest": programme_digest,
            "checked_at": at.isoformat(),
            "results": [each.as_json() for each in self.results],
        }


def applied_for(programme: Programme, answers: object) -> AppliedItem | None:
    """Return the item that complete answers apply for, None while the form refuses them."""
    complete = isinstance(answers, Mapping) and not programme.check_form(answers)
    return programme.item_of(answers) if complete else None  # type: ignore[arg-type]  # complete answers are a mapping


def check(programme: Programme, facts: Mapping[str, Any], standing: Standing, *, year: int, on: date) -> Check:
    """Answer every rule about a case on a day; `facts` is its snapshot, `year` that of its round."""
    known = {**facts, "holdings": [title.fact for title in standing.titles], "year": year, "as_of_on": on}
    bars = [{"number": bar.number, "until_on": bar.until_on.isoformat()} for bar in standing.bars]
    others = [
        {"number": title.number, "applicant_id": title.applicant_id, "uscc": title.uscc} for title in standing.of_others
    ]
    applied = applied_for(programme, known.get("answers"))
    stray = None if applied is None else programme.industry_outside(known["answers"])
    edition = programme.catalogue.industry_edition
    strays = (
        []
        if applied is None or stray is None
        else [{"industry_code": stray, "edition": edition, "category": applied.category}]
    )
    of_all = (
        RuleResult.found(ApplicantBarred.code, "register", *_BARRED, bars=bars),
        RuleResult.found(TitleHeldByAnother.code, "register", *_HELD, titles=others),
        RuleResult.found("industry-outside-category", "intake", *_INDUSTRY, codes=strays),
    )
    return Check(standing=standing, results=(*of_all, *programme.eligibility(known)))
