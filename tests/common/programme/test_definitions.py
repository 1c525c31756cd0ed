"""The honours that ship, and what a definition must not be."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, strategies as st

from common.kernel.digests import digest
from common.programme import Programme, ProgrammeInvalid, parse, programme_schema, schema_text
from support.casts.programmes import FOLDER, answers, definition, definition_text, programme, remove_at, set_at

HONOURS = ("FAMOUS_PRODUCT", "SERVICE_BRAND")
DIGESTS = {
    "FAMOUS_PRODUCT": "sha256:004d7fbbeb11a926a33445cdb6042e7b14bc89313efeb1abf5d3305b5304396b",
    "SERVICE_BRAND": "sha256:69e9f6ec39549414bec3fb9dabb9c0695f793db307df0c6b297eebffedd6c05e",
}
Spoil = Callable[[dict[str, Any]], None]


def put(pointer: str, value: object) -> Spoil:
    return lambda target: set_at(target, pointer, value)


def take(pointer: str) -> Spoil:
    return lambda target: remove_at(target, pointer)


KIND = definition("FAMOUS_PRODUCT")["materials"]["kinds"][0]
TREE = "/review/indicators/tree"
FORM = "/form/answers/properties"
DOUBLE = {"level": "double", "source": "default: ours"}
BAD: dict[str, tuple[Spoil, str]] = {
    "an unknown section": (put("/bonus", {}), "/bonus"),
    "a missing section": (take("/quota"), "/quota"),
    "a number as text": (put("/quota/total", "300"), "/quota/total"),
    "points as a number": (put("/review/threshold/points", 600), "/review/threshold/points"),
    "points with an exponent": (put("/review/threshold/points", "6e2"), "/review/threshold/points"),
    "no quota at all": (put("/quota/total", 0), "/quota/total"),
    "a number from nowhere": (take("/quota/source"), "/quota/source"),
    "a source without its mark": (put("/quota/source", "somebody said so"), "/quota/source"),
    "one language only": (take("/identity/name/en"), "/identity/name/en"),
    "a direction mark in a text": (put("/identity/name/zh", "名牌\u202e"), "/identity/name/zh"),
    "a lower-case honour": (put("/identity/honour", "famous"), "/identity/honour"),
    "a day that is none": (put("/identity/effective_on", "2015-02-30"), "/identity/effective_on"),
    "children above their parent": (
        put("/review/indicators/tree/0/children/0/cap", "101"),
        "/review/indicators/tree/0",
    ),
    "a cap off the unit": (put("/review/indicators/unit", "7"), "/review/indicators"),
    "an indicator twice": (put("/review/indicators/tree/0/code", "quality"), "/review/indicators"),
    "a quality line out of reach": (put("/review/threshold/points", "1000.5"), "/review"),
    "more sheets demanded than experts": (put("/review/panel/minimum_sheets", 4), "/review/panel"),
    "seats beside the panel": (put("/review/panel/seats/0/count", 2), "/review/panel"),
    "a role twice": (put("/review/panel/seats/0/role", "finance"), "/review/panel/seats"),
    "last year without years": (take("/review/recusal/3/look_back_years"), "/review/recusal/3"),
    "withheld where everybody sees": (put("/review/blind/withheld_materials", ["other"]), "/review/blind"),
    "an answer withheld that nobody gives": (
        put("/review/blind", DOUBLE | {"withheld_answers": ["/nickname"]}),
        "/review/blind/withheld_answers/0",
    ),
    "a material withheld that nobody attaches": (
        put("/review/blind", DOUBLE | {"withheld_materials": ["nothing"]}),
        "/review/blind/withheld_materials/0",
    ),
    "no term for sheets": (take("/clocks/scoring"), "/clocks/scoring"),
    "rounding to a half": (put("/review/aggregation/round_to", "0.5"), "/review/aggregation"),
    "ties without a ticket": (put("/quota/tie_order", ["total", "quality"]), "/quota"),
    "a tie criterion that is no indicator": (put("/quota/tie_order/1", "beauty"), "/quota/tie_order/1"),
    "an expression that is no CEL": (put("/veto_rules/0/hit", "records.exists("), "/veto_rules/0/hit"),
    "an expression over an unknown fact": (put("/veto_rules/0/hit", "weather == 'fine'"), "/veto_rules/0/hit"),
    "an expression that calls the unknown": (put("/veto_rules/0/hit", "now() == year"), "/veto_rules/0/hit"),
    "an expression over an answer nobody gives": (
        put("/eligibility_rules/0/holds", "answers.trademark.colour == 'red'"),
        "/eligibility_rules/0/holds",
    ),
    "an expression over an applicant's unknown": (
        put("/eligibility_rules/0/holds", "applicant.age > 3"),
        "/eligibility_rules/0/holds",
    ),
    "a rule twice": (put("/veto_rules/0/code", "tax_evasion"), "/veto_rules"),
    "a ground twice": (put("/title/grounds/warn/0/code", "mark_misuse"), "/title/grounds/warn"),
    "an item nobody is asked for": (put("/item/title", "/nickname"), "/item/title"),
    "an item that may be left out": (put("/item/title", "/industry_code"), "/item/title"),
    "models that are no list": (put("/item/models", "/product_name"), "/item/models"),
    "a category the form does not offer": (put("/catalogue/categories/0/code", "toys"), "/item/category"),
    "an industry code that nobody is asked for": (put("/item/industry", "/nickname"), "/item/industry"),
    "industry codes without an answer": (
        take("/item/industry"),
        "/catalogue/categories/0/industry_codes",
    ),
    "a product without models": (take("/item/models"), "/item/models"),
    "priority fields that nobody is asked for": (take("/item/priorities"), "/catalogue/priorities"),
    "priority fields the form does not offer": (put("/catalogue/priorities/0/code", "toys"), "/item/priorities"),
    "priority fields that are no list": (put("/item/priorities", "/industry_code"), "/item/priorities"),
    "the city before the county": (put("/recommendation/0/level", "city"), "/recommendation"),
    "a level without a clock": (take("/clocks/county_recommendation"), "/clocks/county_recommendation"),
    "a sheet that is returned": (put("/clocks/scoring/on_overdue", "return"), "/clocks/scoring/on_overdue"),
    "an objection that is rejected by silence": (
        put("/clocks/objection_investigation/on_overdue", "reject"),
        "/clocks/objection_investigation/on_overdue",
    ),
    "a hearing that goes up": (
        put("/clocks/objection_hearing/on_overdue", "escalate"),
        "/clocks/objection_hearing/on_overdue",
    ),
    "a clock in fortnights": (put("/clocks/supplement/kind", "fortnights"), "/clocks/supplement/kind"),
    "a round that closes before it opens": (put("/cycle/closes_month", 1), "/cycle/closes_month"),
    "a share above one": (put("/decision/recognition/majority", "4/3"), "/decision/recognition/majority"),
    "a share of nothing": (put("/decision/recognition/quorum", "2/0"), "/decision/recognition/quorum"),
    "a number pattern with other fields": (put("/title/number_pattern", "X-{year}-{secret}"), "/title/number_pattern"),
    "a number whose letters end in a digit": (
        put("/title/number_pattern", "SDMP2-{year}-{serial:05d}"),  # without dashes it could be SDMP of another year
        "/title/number_pattern",
    ),
    "serials that do not reach the quota": (
        put("/title/number_pattern", "SDMP-{year}-{serial:02d}"),
        "/title/number_pattern",
    ),
    "a term of more than ten years": (put("/clocks/supplement/days", 3661), "/clocks/supplement/days"),
    "rules in force before there were any": (put("/identity/effective_on", "0999-12-31"), "/identity/effective_on"),
    "a day that is an instant": (put("/identity/effective_on", "2015-01-01T00:00:00Z"), "/identity/effective_on"),
    "a day in seconds": (put("/identity/effective_on", "1445212800"), "/identity/effective_on"),
    "an open form": (take("/form/answers/additionalProperties"), "/form/answers"),
    "a form with fractions": (put(f"{FORM}/employees/type", "number"), "/form/answers"),
    "a form with a reference": (put(f"{FORM}/employees/$ref", "#"), "/form/answers"),
    "an unbounded text": (take(f"{FORM}/product_name/maxLength"), "/form/answers"),
    "an unbounded number": (take(f"{FORM}/employees/maximum"), "/form/answers"),
    "an unbounded list": (take(f"{FORM}/models/maxItems"), "/form/answers"),
    "a form that can hold more than an event": (put(f"{FORM}/models/maxItems", 5_000), "/form/answers"),
    "an item longer than a name": (put(f"{FORM}/product_name/maxLength", 201), "/item/title"),
    "more kinds of material than can be attached": (
        put("/materials/kinds", [KIND | {"kind": f"k{at}"} for at in range(51)]),
        "/materials/kinds",
    ),
    "a field without a label": (take(f"{FORM}/employees/x-ui/label/en"), "/form/answers"),
    "a pattern that may run for ever": (put(f"{FORM}/industry_code/pattern", "(?=x)y"), "/form/answers"),
    "applicants whom nobody can register": (put("/applicant_kinds/0/code", "guild"), "/applicant_kinds/0/code"),
    "a title for nothing that is known": (put("/item/kind", "spaceship"), "/item/kind"),
    "a title of several lines": (put(f"{FORM}/product_name/x-ui/widget", "textarea"), "/item/title"),
    "models of several lines": (put(f"{FORM}/models/items/x-ui/widget", "textarea"), "/item/models"),
    "a trademark of several lines": (
        put(f"{FORM}/trademark/properties/registration_number/x-ui/widget", "textarea"),
        "/item/scope/0",
    ),
    "a float": (put("/quota/total", 3.5), "/quota/total"),
    "a number beyond 2^53": (put("/quota/total", 2**60), ""),
}


@pytest.mark.parametrize("honour", HONOURS)
def test_a_shipped_honour_keeps_its_digest(honour: str) -> None:
    """A change of this digest is a new edition: rounds pin it."""
    assert parse(definition_text(honour)).digest == DIGESTS[honour]


@pytest.mark.parametrize("honour", HONOURS)
def test_a_definition_comes_back_from_json_as_it_was(honour: str) -> None:
    rules = programme(honour)
    again = Programme.from_definition(rules.definition)
    assert again == rules
    assert again.definition == rules.definition
    assert again.digest == digest(rules.definition)


@pytest.mark.parametrize("honour", HONOURS)
def test_a_digest_does_not_depend_on_the_order_of_members(honour: str) -> None:
    shuffled = json.loads(json.dumps(definition(honour)), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert list(shuffled) != list(definition(honour))
    assert Programme.from_definition(shuffled).digest == DIGESTS[honour]


@pytest.mark.parametrize(
    ("honour", "quota", "total", "prefix"),
    [("FAMOUS_PRODUCT", 300, 1000, "SDMP-2015-00007"), ("SERVICE_BRAND", 150, 100, "SDFW-2015-00007")],
)
def test_the_seed_s_caps_and_three_years_are_in_the_definitions(
    honour: str, quota: int, total: int, prefix: str
) -> None:
    rules = programme(honour)
    assert (rules.honour, rules.quota.total, rules.title.validity_years) == (honour, quota, 3)
    assert rules.quota.source.startswith("seed: ")
    assert rules.total_points == total
    assert rules.levels == ("county", "city")
    assert rules.title.number(year=2015, serial=7) == prefix


def numbers_without_source(value: object, path: str = "", *, covered: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        covered = covered or any(key == "source" or key.endswith("_source") for key in value)
        for key, child in value.items():
            yield from numbers_without_source(child, f"{path}/{key}", covered=covered)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from numbers_without_source(child, f"{path}/{index}", covered=covered)
    elif isinstance(value, int) and not isinstance(value, bool) and not covered:
        yield path


@pytest.mark.parametrize("honour", HONOURS)
def test_every_number_says_where_it_is_from(honour: str) -> None:
    assert list(numbers_without_source(definition(honour))) == []


@pytest.mark.parametrize("what", sorted(BAD))
def test_a_bad_definition_is_refused_at_its_place(what: str) -> None:
    spoil, pointer = BAD[what]
    bad = definition("FAMOUS_PRODUCT")
    spoil(bad)
    with pytest.raises(ProgrammeInvalid) as refused:
        Programme.from_definition(bad)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    "value", [None, [], "text", 7, {}, {1: 2}, float("nan"), "\ud800", {"format": {"a": object()}}]
)
def test_what_is_no_definition_at_all_is_refused(value: object) -> None:
    with pytest.raises(ProgrammeInvalid):
        Programme.from_definition(value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", "line 2: a key that appears twice"),
        ("a: &x 1\nb: *x\n", "line 1: anchors and aliases are not used"),
        ("1: a\n", "line 1: a key that is no text"),
        ("a: [1\n", "line 2: expected ',' or ']', but got '<stream end>'"),
        ("[" * 80 + "]" * 80, "line 1: too deep"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "line 1: could not determine a constructor for the tag 'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        ("a: !!float 1.5\n", "decimals are written as strings"),
        ("a: \x00", "no YAML"),
        ("x" * 1_100_000, "more than 1048576 characters"),
    ],
)
def test_yaml_that_does_more_than_json_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ProgrammeInvalid) as refused:
        parse(text)
    assert refused.value.params["problem"] == problem


def test_a_date_and_a_decimal_in_yaml_stay_text() -> None:
    text = (
        definition_text("FAMOUS_PRODUCT")
        .replace('"2015-10-01"', "2015-10-01")
        .replace('round_to: "0.01"', "round_to: 0.01")
    )
    assert parse(text).digest == DIGESTS["FAMOUS_PRODUCT"]


@given(st.text(max_size=200))
def test_no_text_ends_in_anything_but_a_refusal(text: str) -> None:
    with pytest.raises(ProgrammeInvalid):
        parse(text)


def test_the_exported_schema_is_the_models_own() -> None:
    """Export: python -c 'from common.programme import schema_text as t; print(t(), end="")' > the file."""
    assert (FOLDER / "programme.schema.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("honour", HONOURS)
def test_a_shipped_honour_fits_the_exported_schema(honour: str) -> None:
    validator = jsonschema_rs.Draft202012Validator(programme_schema(), validate_formats=True, offline=True)
    assert validator.is_valid(definition(honour))
    assert not validator.is_valid(definition(honour) | {"quota": {}})


@pytest.mark.parametrize("honour", HONOURS)
def test_the_support_s_answers_are_what_the_form_wants(honour: str) -> None:
    assert programme(honour).check_form(answers(honour)) == []
