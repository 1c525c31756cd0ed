"""Errors carry a code, two texts and a category, and are complete when they are made."""

import pytest

from common.kernel.errors import Category, Conflict, Invalid, MingpaiError, NotFound, Refused, Transient, defined_errors


class TeapotShort(Refused):
    code = "teapot-short"
    zh = "茶壶容量为 {litres} 升。"
    en = "The teapot holds {litres} l."


class LidMissing(Invalid):
    code = "lid-missing"
    zh = "缺少壶盖。"
    en = "The lid is missing."
    pointer = "/lid"


def test_an_error_gives_both_texts_with_its_parameters() -> None:
    error = TeapotShort(litres=2, colour="blue")
    assert (error.text("zh"), error.text("en")) == ("茶壶容量为 2 升。", "The teapot holds 2 l.")
    assert error.text() == error.text("zh")
    assert error.params == {"litres": 2, "colour": "blue"}
    assert str(error) == "teapot-short: The teapot holds 2 l."


def test_an_error_without_a_needed_parameter_is_refused_where_it_is_made() -> None:
    with pytest.raises(TypeError, match="TeapotShort needs litres"):
        TeapotShort()


def test_a_parameter_is_never_read_as_a_template() -> None:
    assert TeapotShort(litres="{code.__class__}").text("en") == "The teapot holds {code.__class__} l."


def test_a_refusal_says_the_state_and_what_may_follow() -> None:
    error = TeapotShort(litres=2, current_state="draft", allowed_actions=["submit"])
    assert (error.current_state, error.allowed_actions) == ("draft", ("submit",))
    assert "current_state" not in error.params


def test_an_invalid_field_is_named_by_the_class_or_at_the_place_it_arises() -> None:
    assert LidMissing().pointer == "/lid"
    assert LidMissing(pointer="/pots/1/lid").pointer == "/pots/1/lid"
    assert LidMissing().pointer == "/lid"


def test_a_category_alone_cannot_be_raised() -> None:
    with pytest.raises(TypeError, match="NotFound has no code"):
        NotFound()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"code": "Bad_Code", "zh": "一", "en": "one"}, "kebab-case"),
        ({"code": "one-text", "zh": "一", "en": ""}, "a Chinese and an English text"),
        ({"code": "two-texts", "zh": "{a}", "en": "{b}"}, "different parameters"),
    ],
)
def test_a_class_that_is_not_whole_is_refused_when_it_is_written(body: dict[str, str], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        type("Halfway", (Conflict,), body)


def test_every_written_error_is_listed_for_the_generated_page() -> None:
    listed = list(defined_errors())
    assert TeapotShort in listed
    assert Refused not in listed
    assert all(issubclass(error, MingpaiError) and error.category in Category for error in listed)


def test_an_outside_failure_carries_its_reason() -> None:
    assert Transient("timeout").reason == "timeout"
