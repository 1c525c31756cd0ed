"""The sections that say who may apply for what, and how an application comes in: identity to recommendation."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from common.programme.forms import AnswersSchema
from common.programme.parts import (
    MAX_COUNT,
    Code,
    Count,
    HonourCode,
    LevelName,
    Month,
    Pointer,
    Prose,
    Section,
    Source,
    Words,
    Years,
)
from common.programme.rules import Expression

MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=100)]
MAX_MATERIAL_BYTES: Final = 100 * 1024 * 1024


class LegalDocument(Section):
    """A document on which the honour rests; issuer, number and date stay empty where no source gives them."""

    title: Words
    issuer: Words | None = None
    number: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    issued_on: date | None = None
    source: Source


class Identity(Section):
    """Which honour it is, since when these rules hold and on which documents."""

    honour: HonourCode
    name: Words
    summary: Prose
    effective_on: date
    legal_basis: Annotated[tuple[LegalDocument, ...], Field(min_length=1)]


class Cycle(Section):
    """How often a round is held, and in which months applications come in."""

    every_years: Years
    opens_month: Month
    closes_month: Month
    source: Source


class ApplicantKind(Section):
    """A kind of applicant that is admitted."""

    code: Code
    name: Words


class Item(Section):
    """What the title is given for, and where the form holds it.

    `scope` names the answers that together say what counts as the same item: one live title per scope and holder.
    """

    kind: Code
    name: Words
    title: Pointer
    category: Pointer
    scope: Annotated[tuple[Pointer, ...], Field(min_length=1)]
    trademark: Pointer | None = None
    models: Pointer | None = None


class Category(Section):
    """A group of the catalogue, with the industry codes that belong to it."""

    code: Code
    name: Words
    industry_codes: tuple[Annotated[str, StringConstraints(pattern=r"^[A-T]?[0-9]{0,4}$", min_length=1)], ...] = ()


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

    kinds: Annotated[tuple[Material, ...], Field(min_length=1)]
    source: Source


class Department(Section):
    """A member department that answers for a fact."""

    code: Code
    name: Words


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
    """One level of the chain; `limit` is the most applications one agency may recommend in a round."""

    level: LevelName
    skippable: bool
    limit: Count | None = None
    source: Source


class Acceptance(Section):
    """The formal check by the recognition body, which may ask for a supplement so many times."""

    supplements: Annotated[int, Field(ge=0, le=10)]
    source: Source


class Clock(Section):
    """A term: so many working days, or so many calendar days."""

    days: Annotated[int, Field(ge=1, le=MAX_COUNT)]
    kind: Literal["working", "calendar"]
    source: Source


class Clocks(Section):
    """The terms of the procedure; a recommendation level that is in the chain has one too."""

    county_recommendation: Clock | None = None
    city_recommendation: Clock | None = None
    formal_check: Clock
    supplement: Clock
    objection_investigation: Clock
    change_report: Clock
    rectification: Clock


ClockName = Literal[
    "county_recommendation",
    "city_recommendation",
    "formal_check",
    "supplement",
    "objection_investigation",
    "change_report",
    "rectification",
]
"""The terms by name."""
