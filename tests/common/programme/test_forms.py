"""What is wrong with an application's answers and materials."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from support.programmes import answers, programme, required_materials

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


def test_a_missing_answer_is_told_by_its_label_in_both_languages() -> None:
    bad = answers("FAMOUS_PRODUCT")
    del bad["product_name"]
    (problem,) = PRODUCT.check_form(bad)
    assert (problem.zh, problem.en) == ("请填写“产品名称”。", "'Product name' is required.")


def test_a_limit_is_told_and_the_value_is_not() -> None:
    (problem,) = PRODUCT.check_form(changed(product_name="秘" * 61))
    assert problem.zh == "“产品名称”最多 60 个字符。"
    assert "秘" not in str(problem)


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_answers_that_are_no_object_are_refused(value: object) -> None:
    assert found(value) == [("", "wrong_type")]


def test_a_flood_of_faults_is_cut_off() -> None:
    assert len(PRODUCT.check_form({f"x{number}": 1 for number in range(1000)})) == 200


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


@pytest.mark.parametrize(
    ("kind", "media_type", "size", "taken"),
    [
        ("licence", "application/pdf", 1, True),
        ("licence", "image/png", 10_485_760, True),
        ("licence", "application/pdf", 10_485_761, False),
        ("licence", "application/pdf", 0, False),
        ("licence", "text/html", 1, False),
        ("inspection_report", "image/png", 1, False),
        ("poem", "application/pdf", 1, False),
    ],
)
def test_a_file_is_taken_by_kind_type_and_size(kind: str, media_type: str, size: int, *, taken: bool) -> None:
    assert PRODUCT.takes_material(kind, media_type=media_type, size=size) is taken


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
    assert one.scope == other.scope == "xu fan|tourism"


@pytest.mark.parametrize(("kind", "product", "service"), [("enterprise", True, True), ("branch", False, True)])
def test_a_programme_says_whom_it_admits(kind: str, *, product: bool, service: bool) -> None:
    assert PRODUCT.takes_applicant(kind) is product
    assert programme("SERVICE_BRAND").takes_applicant(kind) is service
