"""What is wrong with an application's answers and materials."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, strategies as st

from common.kernel.values.sizes import ANSWERS, KIB, size_of
from common.programme.rules.forms import largest_answers
from support.casts.fullest import answers_at_caps
from support.casts.programmes import answers, definition, programme, required_materials, set_at

HONOURS = ("FAMOUS_PRODUCT", "SERVICE_BRAND")
PRODUCT = programme("FAMOUS_PRODUCT")
TRADEMARK = ("class", "name", "owned", "owner_place", "registration_number", "valid_until")


def changed(**changes: object) -> dict[str, Any]:
    return answers("FAMOUS_PRODUCT") | changes


def found(given_answers: object) -> list[tuple[str, str]]:
    return [(each.pointer, each.code) for each in PRODUCT.check_form(given_answers)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"product_name": "床"}, [("/product_name", "too_short")]),
        ({"product_name": "床" * 61}, [("/product_name", "too_long")]),
        ({"product_name": "名\u202e牌"}, [("/product_name", "text_refused")]),
        ({"product_name": 7}, [("/product_name", "wrong_type")]),
        ({"product_category": "toys"}, [("/product_category", "not_offered")]),
        ({"industry_code": "3421"}, [("/industry_code", "malformed")]),
        ({"established_on": "2001-02-30"}, [("/established_on", "malformed")]),
        ({"employees": 0}, [("/employees", "too_small")]),
        ({"employees": 2**70}, [("/employees", "too_large")]),
        ({"employees": 820.0}, [("/employees", "decimal_refused")]),
        ({"employees": True}, [("/employees", "wrong_type")]),
        ({"employees": float("nan")}, [("/employees", "decimal_refused")]),
        ({"models": []}, [("/models", "too_few")]),
        ({"models": ["a", "a"]}, [("/models", "repeated")]),
        ({"annual": answers("FAMOUS_PRODUCT")["annual"] * 2}, [("/annual", "too_many")]),
        ({"declared": False}, [("/declared", "not_offered")]),
        ({"colour": "red"}, [("/colour", "unknown_field")]),
        ({"a/b~c": 1}, [("/a~1b~0c", "unknown_field")]),
        (
            {"trademark": {}},
            [(f"/trademark/{name}", "required") for name in TRADEMARK],
        ),
    ],
)
def test_an_answer_is_refused_at_its_place(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(changed(**changes)) == expected


def test_a_fault_inside_a_list_names_the_entry() -> None:
    bad = answers("FAMOUS_PRODUCT")
    bad["annual"][1]["tax_fen"] = "many"
    del bad["annual"][2]["profit_fen"]
    assert found(bad) == [("/annual/1/tax_fen", "wrong_type"), ("/annual/2/profit_fen", "required")]


def test_a_missing_answer_is_reported_by_its_label_in_both_languages() -> None:
    bad = answers("FAMOUS_PRODUCT")
    del bad["product_name"]
    (problem,) = PRODUCT.check_form(bad)
    assert (problem.zh, problem.en) == ("请填写“产品名称”。", "'Product name' is required.")


def test_a_limit_is_reported_and_the_value_is_not() -> None:
    (problem,) = PRODUCT.check_form(changed(product_name="秘" * 61))
    assert problem.zh == "“产品名称”最多 60 个字符。"
    assert "秘" not in str(problem)


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_answers_that_are_no_object_are_refused(value: object) -> None:
    assert found(value) == [("", "wrong_type")]


def test_a_flood_of_faults_is_cut_off() -> None:
    assert len(PRODUCT.check_form({f"x{number}": 1 for number in range(1000)})) == 200


def texts(field: Mapping[str, Any], value: Any, pointer: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:  # noqa: ANN401 -- any answer
    """Yield the place and the field of every text in the answers."""
    match field["type"]:
        case "object":
            for name, child in value.items():
                yield from texts(field["properties"][name], child, f"{pointer}/{name}")
        case "array":
            for index, child in enumerate(value):
                yield from texts(field["items"], child, f"{pointer}/{index}")
        case "string":
            yield pointer, field


TEXTS = [
    (honour, pointer, field)
    for honour in HONOURS
    for pointer, field in texts(programme(honour).form.answers, answers(honour))
]


@pytest.mark.parametrize(("honour", "pointer", "field"), TEXTS)
def test_every_text_of_a_form_is_checked_as_the_names_of_other_requests_are(
    honour: str, pointer: str, field: Mapping[str, Any]
) -> None:
    def codes(value: str) -> set[str]:
        given_answers = answers(honour)
        set_at(given_answers, pointer, value)
        return {each.code for each in programme(honour).check_form(given_answers) if each.pointer == pointer}

    for blank in ("", "\u3000\u3000", "\u0301\u0302\u0303", " \u2800\n" if "textarea" in str(field) else "\u2800"):
        assert codes(blank) == {"text_blank"}
    lines = "名牌\n\n请把评审费汇入下列账户"
    assert ("text_one_line" in codes(lines)) is (field["x-ui"].get("widget") != "textarea")
    assert codes("名\u200b牌") == {"text_refused"}


DATES = [(honour, pointer) for honour, pointer, field in TEXTS if field.get("format") == "date"]


@pytest.mark.parametrize(("honour", "pointer"), DATES)
@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("0000-01-01", ["malformed"]),
        ("0999-12-31", ["date_out_of_range"]),
        ("1000-01-01", []),
        ("2299-12-31", []),
        ("9999-12-31", ["date_out_of_range"]),
        ("2015-02-30", ["malformed"]),
    ],
)
def test_every_date_of_a_form_is_in_the_years_of_all_facts(
    honour: str, pointer: str, day: str, codes: list[str]
) -> None:
    given_answers = answers(honour)
    set_at(given_answers, pointer, day)
    assert [each.code for each in programme(honour).check_form(given_answers)] == codes


def test_a_date_outside_the_range_is_refused_with_the_range() -> None:
    (problem,) = PRODUCT.check_form(changed(established_on="9999-12-31"))
    assert problem.zh == "“企业成立日期”须在 1000-01-01 至 2299-12-31 之间。"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(answers("FAMOUS_PRODUCT"))), json_values)
def test_any_answer_gets_a_verdict_and_no_float_passes(field: str, value: object) -> None:
    problems = PRODUCT.check_form(changed(**{field: value}))
    if isinstance(value, float):
        assert (f"/{field}", "decimal_refused") in {(each.pointer, each.code) for each in problems}
    assert all(each.zh and each.en for each in problems)


def test_required_materials_are_asked_for_and_unknown_ones_refused() -> None:
    assert PRODUCT.check_materials(set(required_materials("FAMOUS_PRODUCT"))) == []
    problems = PRODUCT.check_materials({"licence", "trademark_certificate", "declaration", "poem"})
    assert [(each.pointer, each.code) for each in problems] == [
        ("/attachments/inspection_report", "material_missing"),
        ("/attachments/poem", "material_unknown"),
    ]


def test_a_material_says_its_formats_and_its_size_and_another_kind_is_none() -> None:
    licence = PRODUCT.material("licence")
    assert licence is not None
    assert (licence.kind, "image/png" in licence.media_types, licence.max_bytes) == ("licence", True, 10_485_760)
    assert PRODUCT.material("poem") is None


def test_the_item_is_read_from_the_answers_by_the_definition() -> None:
    item = PRODUCT.item_of(answers("FAMOUS_PRODUCT"))
    assert (item.kind, item.title, item.category) == ("product", "虚泉牌数控车床", "high_end_equipment")
    assert (item.trademark, item.models) == ("90000001", ("XQ-CK6140", "XQ-CK6150"))
    service = programme("SERVICE_BRAND").item_of(answers("SERVICE_BRAND"))
    assert (service.kind, service.title, service.trademark, service.models) == ("service", "旅游接待服务", None, ())


def test_the_scope_ignores_case_and_spaces() -> None:
    rules = programme("SERVICE_BRAND")
    one = rules.item_of(answers("SERVICE_BRAND") | {"brand_name": "  Xu  Fan "})
    other = rules.item_of(answers("SERVICE_BRAND") | {"brand_name": "xu fan"})
    assert one.scope == other.scope == "XUFAN|TOURISM"


@pytest.mark.parametrize(("kind", "product", "service"), [("enterprise", True, True), ("branch", False, True)])
def test_a_programme_says_whom_it_admits(kind: str, *, product: bool, service: bool) -> None:
    assert PRODUCT.takes_applicant(kind) is product
    assert programme("SERVICE_BRAND").takes_applicant(kind) is service


@pytest.mark.parametrize("honour", ["FAMOUS_PRODUCT", "SERVICE_BRAND"])
def test_the_largest_answers_are_those_with_every_field_at_its_cap(honour: str) -> None:
    form = definition(honour)["form"]["answers"]
    full = answers_at_caps(form, answers(honour))
    assert programme(honour).check_form(full) == []
    assert size_of(full) <= largest_answers(form) <= ANSWERS
    assert largest_answers(form) - size_of(full) < 40 * KIB
    assert largest_answers({"type": "string", "maxLength": 3}) == size_of("\U00020bb7" * 3)
    assert largest_answers({"type": "boolean"}) == size_of(False)
    assert largest_answers({"type": "integer", "minimum": -10, "maximum": 9}) == size_of(-10)
    assert largest_answers({"enum": ["a", "bcd"], "type": "string"}) == size_of("bcd")
    item = {"type": "string", "maxLength": 1}
    two = largest_answers({"type": "array", "maxItems": 2, "items": item})
    assert two == size_of(["\U00020bb7"] * 2) + len(",")
