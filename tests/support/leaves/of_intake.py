"""The proofs of the leaves from the identity to the clocks."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from support.leaves import intake
from support.leaves.edition import Change, all_of, asks_also, publishing, put, take
from support.leaves.proof import Proof, each

_NO_MODELS: Final = all_of(take("/item/models"), put("/item/kind", "service"))
_ONLY_CITY: Final = all_of(take("/recommendation/0"), put("/recommendation/0/skippable", False))
_THIS_ONE: Final = put("/veto_rules/0/hit", 'records.exists(r, r.code == "failed_supervision_check")')

_TERMS: Final[Mapping[str, str]] = {
    "county_recommendation": "return",
    "city_recommendation": "return",
    "correction": "nothing",
    "supplement": "reject",
}
"""What else may happen when each term has passed, and leaves the application somewhere else."""


def _clocks() -> dict[str, Proof]:
    found: dict[str, Proof] = {}
    for name in (*_TERMS, "formal_check"):
        scene, path = partial(intake.term, name), f"clocks.{name}"
        found |= each(scene, {f"{path}.days": 12, f"{path}.kind": "calendar", f"{path}.remind_days": 2})
        if name in _TERMS:
            found |= each(scene, {f"{path}.on_overdue": _TERMS[name]})
    return found


def _item(part: str, like: str) -> Change:
    return asks_also(f"other_{part}", like, f"/item/{part}")


INTAKE: Final[Mapping[str, Proof]] = {
    "format": Proof(publishing, put("/format", "mingpai.programme/2")),
    "identity.effective_on": Proof(intake.opening, put("/identity/effective_on", "2015-12-01")),
    "identity.legal_basis[].issued_on": Proof(intake.page, put("/identity/legal_basis/0/issued_on", "2014-11-01")),
    **each(intake.opening, {"cycle.every_years": 2, "cycle.opens_month": 11, "cycle.closes_month": 10}),
    "cycle.remind_days": Proof(intake.drafting, put("/cycle/remind_days", 7)),
    "applicant_kinds[].code": Proof(intake.drafting, put("/applicant_kinds/0/code", "association")),
    "item.kind": Proof(publishing, put("/item/kind", "product"), _NO_MODELS),
    "item.title": Proof(intake.named_item, put("/item/title", "/trademark/name")),
    "item.category": Proof(intake.category_counts, _item("category", "product_category")),
    "item.scope": Proof(intake.same_item, put("/item/scope", ["/trademark/registration_number"])),
    "item.trademark": Proof(lambda given: intake.applied(given).trademark, take("/item/trademark")),
    "item.models": Proof(lambda given: intake.applied(given).models, _item("models", "models")),
    "item.industry": Proof(intake.category_counts, _item("industry", "industry_code")),
    "item.priorities": Proof(intake.named_item, _item("priorities", "priorities")),
    "catalogue.industry_edition": Proof(intake.straying, put("/catalogue/industry_edition", "GB/T 4754-2017")),
    "catalogue.categories[].code": Proof(publishing, put("/catalogue/categories/0/code", "machines")),
    "catalogue.categories[].industry_codes": Proof(
        intake.category_counts, put("/catalogue/categories/0/industry_codes", ["C13"])
    ),
    "catalogue.priorities[].code": Proof(publishing, put("/catalogue/priorities/0/code", "machines")),
    "form.answers": Proof(intake.completeness, put("/form/answers/properties/product_name/minLength", 50)),
    **each(intake.completeness, {"materials.kinds[].kind": "letter", "materials.kinds[].required": False}),
    **each(
        intake.attaching,
        {"materials.kinds[].media_types": ["application/pdf"], "materials.kinds[].max_bytes": 8_000_000},
    ),
    "eligibility_rules[].code": Proof(intake.codes, put("/eligibility_rules/0/code", "another_code")),
    "eligibility_rules[].holds": Proof(intake.failed, put("/eligibility_rules/0/holds", "applicant.kind == 'branch'")),
    "eligibility_rules[].look_back_years": Proof(intake.failed, put("/eligibility_rules/0/look_back_years", 10)),
    "eligibility_rules[].source_department.code": Proof(
        intake.departments, put("/eligibility_rules/0/source_department/code", "environment")
    ),
    "veto_rules[].code": Proof(intake.codes, put("/veto_rules/0/code", "another_code")),
    "veto_rules[].hit": Proof(intake.failed, put("/veto_rules/0/hit", "applicant.kind == 'enterprise'")),
    "veto_rules[].look_back_years": Proof(intake.failed, put("/veto_rules/0/look_back_years", 10), _THIS_ONE),
    "veto_rules[].source_department.code": Proof(
        intake.departments, put("/veto_rules/0/source_department/code", "environment")
    ),
    "recommendation[].level": Proof(lambda given: intake.submitted(given).waits_for, _ONLY_CITY),
    "recommendation[].skippable": Proof(intake.skipping, put("/recommendation/0/skippable", True)),
    "acceptance.supplements": Proof(intake.supplementing, put("/acceptance/supplements", 2)),
    **_clocks(),
}
