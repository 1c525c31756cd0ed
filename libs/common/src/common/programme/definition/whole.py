"""The sections of a programme definition in their order; their methods are in `programme.py`."""

from typing import Annotated, Literal

from pydantic import Field

from common.programme.definition.award import Decision, Notice, Objections, Title
from common.programme.definition.intake import (
    Acceptance,
    ApplicantKind,
    Catalogue,
    Clocks,
    Cycle,
    EligibilityRule,
    Form,
    Identity,
    Item,
    Materials,
    RecommendationLevel,
    VetoRule,
)
from common.programme.definition.reviewing import Quota, Review
from common.programme.parts import Section


class Definition(Section):
    """One honour's rules, as `programmes/<honour>.yaml` holds them."""

    format: Literal["mingpai.programme/1"]
    identity: Identity
    cycle: Cycle
    applicant_kinds: Annotated[tuple[ApplicantKind, ...], Field(min_length=1)]
    item: Item
    catalogue: Catalogue
    form: Form
    materials: Materials
    eligibility_rules: tuple[EligibilityRule, ...]
    veto_rules: tuple[VetoRule, ...]
    recommendation: tuple[RecommendationLevel, ...]
    acceptance: Acceptance
    clocks: Clocks
    review: Review
    quota: Quota
    notice: Notice
    objections: Objections
    decision: Decision
    title: Title
