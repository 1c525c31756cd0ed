"""Where a definition contradicts itself across its sections; what one section can tell alone is in its model."""

from collections.abc import Iterable, Iterator
from typing import Final

from common.programme import forms, rules
from common.programme.definition import Definition

LEVEL_ORDER: Final = ("county", "city")


def contradictions(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield every contradiction as (pointer, problem)."""
    yield from _repeated_codes(definition)
    yield from _item(definition)
    yield from _rule_paths(definition)
    yield from _recommendation(definition)
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
            yield pointer, "a code stands twice"


def _item(definition: Definition) -> Iterator[tuple[str, str]]:
    schema, item = definition.form.answers, definition.item
    categories = {each.code for each in definition.catalogue.categories}
    wanted = [("title", item.title, "string"), ("category", item.category, "string")]
    wanted += [(f"scope/{position}", pointer, "string") for position, pointer in enumerate(item.scope)]
    wanted += [("trademark", item.trademark, "string")] if item.trademark else []
    wanted += [("models", item.models, "array")] if item.models else []
    for field, pointer, kind in wanted:
        path = tuple(pointer.split("/")[1:])
        found = forms.field_at(schema, path)
        if found is None or found["type"] != kind:
            yield f"/item/{field}", f"the form has no {kind} there"
        elif not forms.is_required(schema, path):
            yield f"/item/{field}", "the form does not demand it"
        elif field == "category" and set(found.get("enum", ())) != categories:
            yield "/item/category", "the form does not offer exactly the catalogue's categories"


def _rule_paths(definition: Definition) -> Iterator[tuple[str, str]]:
    expressions = [
        (f"/eligibility_rules/{at}/holds", rule.holds) for at, rule in enumerate(definition.eligibility_rules)
    ]
    expressions += [(f"/veto_rules/{at}/hit", rule.hit) for at, rule in enumerate(definition.veto_rules)]
    for pointer, expression in expressions:
        for root, *path in sorted(rules.paths(expression)):
            if root == "answers" and forms.field_at(definition.form.answers, tuple(path)) is None:
                yield pointer, f"the form has no field {'.'.join(path)}"


def _recommendation(definition: Definition) -> Iterator[tuple[str, str]]:
    levels = [each.level for each in definition.recommendation]
    if levels != [level for level in LEVEL_ORDER if level in levels]:
        yield "/recommendation", "the levels go up, each at most once"
    for level in levels:
        if getattr(definition.clocks, f"{level}_recommendation") is None:
            yield f"/clocks/{level}_recommendation", "a level of the chain has no clock"
