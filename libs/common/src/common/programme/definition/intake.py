"""The sections from identity to recommendation: who may apply for what, and the steps until the review."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from common.codes import kinds
from common.codes.calendar import DayKind
from common.kernel.values.numbers import Days, Ordinal, Years
from common.kernel.values.times import Day
from common.programme.parts import (
    Code,
    HonourCode,
    LevelName,
    Month,
    Pointer,
    Prose,
    Section,
    Source,
    Words,
)
from common.programme.rules.expressions import Expression
from common.programme.rules.forms import AnswersSchema

MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=100)]
MAX_MATERIAL_BYTES: Final = 100 * 1024 * 1024


class LegalDocument(Section):
    """A document on which the honour rests; issuer, number and date stay empty where no source gives them."""

    title: Words
    issuer: Words | None = None
    number: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    issued_on: Day | None = None
    source: Source


class Identity(Section):
    """Which honour it is, since when these rules hold and on which documents."""

    honour: HonourCode
    name: Words
    summary: Prose
    effective_on: Day
    legal_basis: Annotated[tuple[LegalDocument, ...], Field(min_length=1)]


class Cycle(Section):
    """How often a round is held, in which months applications come in, and when owners of drafts are reminded.

    They are reminded `remind_days` calendar days before the last day of the applications, 0 for never.
    """

    every_years: Years
    opens_month: Month
    closes_month: Month
    remind_days: Annotated[int, Field(ge=0, le=365)]
    source: Source


class ApplicantKind(Section):
    """A kind of applicant that is admitted, one of those that the platform registers."""

    code: kinds.ApplicantKind
    name: Words


class Item(Section):
    """What the title is given for, and where the form holds it.

    `scope` names the answers that together say what counts as the same item: one live title per scope and holder.
    `industry` names the answer that holds the item's industry code, which must belong to its category; `priorities`
    the one that holds its priority fields. A product is recognised in exact models.
    """

    kind: kinds.ItemKind
    name: Words
    title: Pointer
    category: Pointer
    scope: Annotated[tuple[Pointer, ...], Field(min_length=1)]
    trademark: Pointer | None = None
    models: Pointer | None = None
    industry: Pointer | None = None
    priorities: Pointer | None = None


class Category(Section):
    """A group of the catalogue, with the industry codes that belong to it; without any, every code does."""

    code: Code
    name: Words
    industry_codes: tuple[Annotated[str, StringConstraints(pattern=r"^[A-T]?[0-9]{0,4}$", min_length=1)], ...] = ()

    def has(self, industry: str) -> bool:
        """Return whether an industry code belongs to it, so begins with one of its codes, letter or not."""
        codes = self.industry_codes
        return not codes or any(industry.startswith(code) or industry[1:].startswith(code) for code in codes)


class Priority(Section):
    """A field that the call favours; a tag for reports, no advantage in points."""

    code: Code
    name: Words
    source: Source


class Catalogue(Section):
    """What can be applied for in a round; industry codes are of the edition named."""

    industry_edition: Literal["GB/T 4754-2011", "GB/T 4754-2017"]
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    priorities: tuple[Priority, ...] = ()
    source: Source


class Form(Section):
    """The form: a JSON Schema of the answers whose fields carry `x-ui` with labels in both languages."""

    answers: AnswersSchema
    source: Source


class Material(Section):
    """A kind of document to attach."""

    kind: Code
    name: Words
    required: bool
    media_types: Annotated[tuple[MediaType, ...], Field(min_length=1)]
    max_bytes: Annotated[int, Field(ge=1, le=MAX_MATERIAL_BYTES)]
    help: Prose | None = None


class Materials(Section):
    """The documents to attach."""

    kinds: Annotated[tuple[Material, ...], Field(min_length=1, max_length=50)]
    source: Source


class Department(Section):
    """A member department that answers for a fact."""

    code: Code
    name: Words

    @property
    def named(self) -> dict[str, str]:
        """Return its code and its name in both languages."""
        return {"code": self.code, "zh": self.name.zh, "en": self.name.en}


class EligibilityRule(Section):
    """A condition that an application must meet: `holds` is true when it does."""

    code: Code
    text: Prose
    holds: Expression
    look_back_years: Years | None = None
    source_department: Department | None = None
    source: Source


class VetoRule(Section):
    """A fact that excludes an application: `hit` is true when it is there.

    `records` in the expression are those within `look_back_years` before the day of the check.
    """

    code: Code
    text: Prose
    hit: Expression
    look_back_years: Years | None = None
    source_department: Department
    source: Source


class RecommendationLevel(Section):
    """One level of the chain; `limit` is the most applications one agency may recommend in a round.

    When an application has gone up from an overdue level, the level above decides for it as well if it is `skippable`,
    and otherwise first in its place.
    """

    level: LevelName
    skippable: bool
    limit: Ordinal | None = None
    source: Source


class Acceptance(Section):
    """The formal check by the recognition body, which may ask for a supplement so many times."""

    supplements: Annotated[int, Field(ge=0, le=10)]
    source: Source


OnOverdue = Literal["remind", "escalate", "return", "reject", "nothing"]
"""What happens when a term has passed."""


class Span(Section):
    """A length of time: so many working days, or so many calendar days."""

    days: Days
    kind: Annotated[DayKind, Field(strict=False)]
    source: Source


class Clock(Span):
    """A term within which somebody has to act.

    The one who has to act is reminded `remind_days` calendar days before the last one, 0 for never. When the term has
    passed: `remind` him again; `escalate` it to the one above him; `return` it to the applicant; `reject` it;
    `nothing` but that it is shown as overdue.
    """

    remind_days: Annotated[int, Field(ge=0, le=365)]
    on_overdue: OnOverdue


class Clocks(Section):
    """The terms of the procedure; a recommendation level that is in the chain has one too.

    `correction` runs while the applicant corrects what was returned to him.
    """

    county_recommendation: Clock | None = None
    city_recommendation: Clock | None = None
    correction: Clock
    formal_check: Clock
    supplement: Clock
    scoring: Clock
    objection_hearing: Clock
    objection_investigation: Clock
    change_report: Clock
    rectification: Clock


ClockName = Literal[
    "county_recommendation",
    "city_recommendation",
    "correction",
    "formal_check",
    "supplement",
    "scoring",
    "objection_hearing",
    "objection_investigation",
    "change_report",
    "rectification",
]
"""The terms by name."""
RECOMMENDATION_CLOCKS: Final[Mapping[str, ClockName]] = {
    "county": "county_recommendation",
    "city": "city_recommendation",
}
"""The term of each level of the recommendation chain."""
