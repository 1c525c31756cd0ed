"""Contradictions between the sections of a definition; the model of each section checks the section itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from common.codes.kinds import ItemKind
from common.kernel.text import SHORT
from common.kernel.values.sizes import ANSWERS, MODEL, MOST_MODELS, SCOPE, TRADEMARK
from common.programme.definition.intake import ClockName, OnOverdue
from common.programme.definition.whole import Definition
from common.programme.rules import expressions as rules, forms, trials

LEVEL_ORDER: Final = ("county", "city")
OVERDUE: Final[Mapping[ClockName, frozenset[OnOverdue]]] = {
    "county_recommendation": frozenset({"remind", "escalate", "return", "nothing"}),
    "city_recommendation": frozenset({"remind", "escalate", "return", "nothing"}),
    "correction": frozenset({"remind", "reject", "nothing"}),
    "formal_check": frozenset({"remind", "nothing"}),
    "supplement": frozenset({"remind", "reject", "nothing"}),
    "scoring": frozenset({"remind", "escalate", "nothing"}),
    "objection_hearing": frozenset({"remind", "nothing"}),
    "objection_investigation": frozenset({"remind", "escalate", "nothing"}),
    "change_report": frozenset({"remind", "nothing"}),
    "rectification": frozenset({"remind", "nothing"}),
}
"""What may happen when each term has passed."""


def contradictions(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield every contradiction as (pointer, problem)."""
    if (most := forms.largest_answers(definition.form.answers)) > ANSWERS:
        yield "/form/answers", f"answers can have {most} bytes, more than {ANSWERS}"
    yield from _repeated_codes(definition)
    yield from _item(definition)
    yield from _scope(definition)
    yield from _rules(definition)
    yield from _recommendation(definition)
    yield from _withheld(definition)
    yield from _industries(definition)
    yield from _priorities(definition)
    yield from _bars(definition)
    yield from _clocks(definition)
    if definition.quota.total > definition.title.last_serial:
        yield "/title/number_pattern", "has no room for the serials of the quota"
    indicators = {node.code for node in definition.review.indicators.walk()}
    for position, code in enumerate(definition.quota.criteria, start=1):
        if code not in indicators:
            yield f"/quota/tie_order/{position}", "no indicator has this code"
    for pointer, span in (("/cycle", definition.cycle), ("/title/renewal", definition.title.renewal)):
        if span.opens_month > span.closes_month:
            yield f"{pointer}/closes_month", "closes before it opens"


def _repeated_codes(definition: Definition) -> Iterator[tuple[str, str]]:
    named: list[tuple[str, Iterable[str]]] = [
        ("/applicant_kinds", (each.code for each in definition.applicant_kinds)),
        ("/catalogue/categories", (each.code for each in definition.catalogue.categories)),
        ("/catalogue/priorities", (each.code for each in definition.catalogue.priorities)),
        ("/materials/kinds", (each.kind for each in definition.materials.kinds)),
        ("/review/panel/seats", (each.role for each in definition.review.panel.seats)),
        ("/review/recusal", (each.code for each in definition.review.recusal)),
        ("/title/mark", (each.code for each in definition.title.mark)),
        (
            "/veto_rules",
            [*(each.code for each in definition.eligibility_rules), *(each.code for each in definition.veto_rules)],
        ),
    ]
    named += [
        (f"/title/grounds/{act}", (ground.code for ground in getattr(definition.title.grounds, act)))
        for act in type(definition.title.grounds).model_fields
    ]
    for pointer, codes in named:
        listed = list(codes)
        if len(listed) > len(set(listed)):
            yield pointer, "a code appears twice"


def _item(definition: Definition) -> Iterator[tuple[str, str]]:
    schema, item = definition.form.answers, definition.item
    categories = {each.code for each in definition.catalogue.categories}
    wanted = [("title", item.title, "string"), ("category", item.category, "string")]
    wanted += [(f"scope/{position}", pointer, "string") for position, pointer in enumerate(item.scope)]
    wanted += [("trademark", item.trademark, "string")] if item.trademark else []
    wanted += [("models", item.models, "array")] if item.models else []
    wanted += [("industry", item.industry, "string")] if item.industry else []
    if item.kind is ItemKind.PRODUCT and item.models is None:
        yield "/item/models", "a product is recognised in exact models"
    for field, pointer, kind in wanted:
        path = tuple(pointer.split("/")[1:])
        found = forms.field_at(schema, path)
        if found is None or found["type"] != kind:
            yield f"/item/{field}", f"the form has no {kind} there"
        elif field != "industry" and not forms.is_required(schema, path):
            yield f"/item/{field}", "the form does not demand it"
        elif field == "title" and forms.longest_text(found) > SHORT:
            yield "/item/title", f"the form does not end it at {SHORT} characters"
        elif field == "trademark" and forms.longest_text(found) > TRADEMARK:
            yield "/item/trademark", f"the form does not end it at {TRADEMARK} characters"
        elif field == "models" and not _models_end(found):
            yield "/item/models", f"the form does not end them at {MOST_MODELS} models of {MODEL} characters"
        elif forms.has_lines(found.get("items", found)):
            yield f"/item/{field}", "a name stands on one line: the form has a textarea there"
        elif field == "category" and set(found.get("enum", ())) != categories:
            yield "/item/category", "the form does not offer exactly the catalogue's categories"


def _models_end(field: Mapping[str, Any]) -> bool:
    return int(field.get("maxItems", MOST_MODELS + 1)) <= MOST_MODELS and forms.longest_text(field["items"]) <= MODEL


def _scope(definition: Definition) -> Iterator[tuple[str, str]]:
    found = [forms.field_at(definition.form.answers, tuple(each.split("/")[1:])) for each in definition.item.scope]
    if sum(forms.longest_text(each) + 1 for each in found if each is not None) > SCOPE:
        yield "/item/scope", f"its answers can have more than {SCOPE} characters together"


def _industries(definition: Definition) -> Iterator[tuple[str, str]]:
    for at, category in enumerate(definition.catalogue.categories):
        if category.industry_codes and definition.item.industry is None:
            yield f"/catalogue/categories/{at}/industry_codes", "the item names no answer that holds an industry code"


def _priorities(definition: Definition) -> Iterator[tuple[str, str]]:
    pointer, listed = definition.item.priorities, {each.code for each in definition.catalogue.priorities}
    if pointer is None:
        if listed:
            yield "/catalogue/priorities", "the item names no answer that holds its priority fields"
        return
    found = forms.field_at(definition.form.answers, tuple(pointer.split("/")[1:]))
    if found is None or found["type"] != "array":
        yield "/item/priorities", "the form has no array there"
    elif set(found["items"].get("enum", ())) != listed:
        yield "/item/priorities", "the form does not offer exactly the catalogue's priority fields"


def _rules(definition: Definition) -> Iterator[tuple[str, str]]:
    expressions = [
        (f"/eligibility_rules/{at}/holds", rule.holds) for at, rule in enumerate(definition.eligibility_rules)
    ]
    facts = trials.possible_facts(definition.form.answers, kinds=[each.code for each in definition.applicant_kinds])
    expressions += [(f"/veto_rules/{at}/hit", rule.hit) for at, rule in enumerate(definition.veto_rules)]
    for pointer, expression in expressions:
        for root, *path in sorted(rules.paths(expression)):
            if root == "answers" and forms.field_at(definition.form.answers, tuple(path)) is None:
                yield pointer, f"the form has no field {'.'.join(path)}"
                break
        else:
            flaw = trials.flaw(expression, facts)
            if flaw is not None:
                yield pointer, f"the rule can never be answered with true or false: {flaw}"


def _bars(definition: Definition) -> Iterator[tuple[str, str]]:
    grounds = definition.title.grounds
    for act in type(grounds).model_fields:
        for at, ground in enumerate(getattr(grounds, act)):
            if act != "revoke" and (ground.bar_years is not None or ground.barred_for_life):
                yield f"/title/grounds/{act}/{at}", "only a revocation bars its holder"
            elif ground.bar_years is not None and ground.barred_for_life:
                yield f"/title/grounds/{act}/{at}/bar_years", "a bar is for years or for life"


def _recommendation(definition: Definition) -> Iterator[tuple[str, str]]:
    levels = [each.level for each in definition.recommendation]
    if levels != [level for level in LEVEL_ORDER if level in levels]:
        yield "/recommendation", "the levels go up, each at most once"
    for level in levels:
        if getattr(definition.clocks, f"{level}_recommendation") is None:
            yield f"/clocks/{level}_recommendation", "a level of the chain has no clock"


def _withheld(definition: Definition) -> Iterator[tuple[str, str]]:
    blind, kinds = definition.review.blind, {each.kind for each in definition.materials.kinds}
    for at, pointer in enumerate(blind.withheld_answers):
        if forms.field_at(definition.form.answers, tuple(pointer.split("/")[1:])) is None:
            yield f"/review/blind/withheld_answers/{at}", "the form has no such field"
    for at, kind in enumerate(blind.withheld_materials):
        if kind not in kinds:
            yield f"/review/blind/withheld_materials/{at}", "no such material is asked for"


def _clocks(definition: Definition) -> Iterator[tuple[str, str]]:
    for name, allowed in OVERDUE.items():
        clock = getattr(definition.clocks, name)
        if clock is not None and clock.on_overdue not in allowed:
            yield f"/clocks/{name}/on_overdue", f"may be {', '.join(sorted(allowed))}"
        if clock is not None and clock.remind_days > clock.days:
            yield f"/clocks/{name}/remind_days", "is longer than the term"
