"""The sections of a programme definition in their order; what can be asked of them is in `programme.py`."""

from typing import Annotated, Literal

from pydantic import Field

from common.programme.intake import (
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
from common.programme.outcome import Decision, Notice, Objections, Title
from common.programme.parts import Section
from common.programme.reviewing import Quota, Review


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
