"""Text keeps rare characters and loses nothing but what deceives the reader."""

import re
import unicodedata

import pytest
import regex
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from common.kernel.text import LongText, ShortText, Text, clean

SHORT: TypeAdapter[str] = TypeAdapter(ShortText)
LONG: TypeAdapter[str] = TypeAdapter(LongText)
HIDDEN = regex.compile(r"\p{Default_Ignorable_Code_Point}|\p{C}|\p{Zl}|\p{Zp}")
BIDI = ["\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]


def refusal_of(adapter: TypeAdapter[str], text: str) -> str:
    """Return the error type that the adapter gives the text."""
    with pytest.raises(ValidationError) as refusal:
        adapter.validate_python(text)
    (error,) = refusal.value.errors()
    return error["type"]


def test_text_is_composed() -> None:
    assert clean("Cafe\u0301") == "Café"


@pytest.mark.parametrize(
    "text", ["𠮷野家", "㐀", "\U0003134a", "\U00031fff", "\ue000", "鲁花 5S 压榨\n一级\t花生油", "👨‍👩‍👧", ""]
)
def test_rare_and_newer_characters_lines_and_tabs_are_kept(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("character", BIDI)
def test_characters_that_turn_the_writing_are_refused(character: str) -> None:
    with pytest.raises(PydanticCustomError) as refusal:
        clean(f"ab{character}c")
    assert (refusal.value.type, refusal.value.context) == ("text_bidi", {"position": 3})


@pytest.mark.parametrize("character", [chr(n) for n in (*range(32), *range(127, 160)) if chr(n) not in "\n\t"])
def test_control_characters_are_refused(character: str) -> None:
    with pytest.raises(PydanticCustomError) as refusal:
        clean(character)
    assert (refusal.value.type, refusal.value.context) == ("text_control", {"position": 1})


@pytest.mark.parametrize("character", [chr(0xD800), chr(0xDFFF)])
def test_half_a_surrogate_pair_is_refused(character: str) -> None:
    with pytest.raises(PydanticCustomError) as refusal:
        clean(character)
    assert refusal.value.type == "text_surrogate"


@given(st.text())
def test_what_is_let_in_is_stable_and_holds_nothing_forbidden(text: str) -> None:
    try:
        cleaned = clean(text)
    except PydanticCustomError:
        assert any(each not in "\n\t" and HIDDEN.match(each) for each in text)
        return
    assert unicodedata.normalize("NFC", cleaned) == unicodedata.normalize("NFC", text)
    assert clean(cleaned) == cleaned


def test_a_short_text_has_up_to_200_characters_after_composing() -> None:
    assert SHORT.validate_python("e\u0301" * 200) == "é" * 200
    assert refusal_of(SHORT, "名" * 201) == "text_too_long"


def test_a_long_text_has_up_to_20000_characters() -> None:
    assert LONG.validate_python("名" * 20_000) == "名" * 20_000
    assert refusal_of(LONG, "名" * 20_001) == "text_too_long"


@pytest.mark.parametrize("adapter", [SHORT, LONG])
def test_a_named_text_is_not_blank(adapter: TypeAdapter[str]) -> None:
    assert {refusal_of(adapter, text) for text in ("", " \u3000", "\u0301\u0302", " \u20dd")} == {"text_blank"}
    assert adapter.validate_python("e\u0302\u0323") == "ệ"


def test_a_short_text_stands_on_one_line_and_a_long_one_may_have_more() -> None:
    assert refusal_of(SHORT, "名牌\nBcc: all@example.org") == "text_one_line"
    assert LONG.validate_python("一\n二") == "一\n二"


def test_any_text_may_be_empty() -> None:
    assert TypeAdapter(Text).validate_python("") == ""


def test_the_limits_stand_in_the_schema() -> None:
    schema = SHORT.json_schema()
    assert {**schema, "pattern": ""} == {"type": "string", "minLength": 1, "maxLength": 200, "pattern": ""}
    described = re.compile(schema["pattern"])
    for text in ("名牌 a", "\u0007", "a\n", "\t", "\u0085", "\u202e", "𠮷"):
        try:
            SHORT.validate_python(text)
        except ValidationError:
            assert not described.fullmatch(text), text
        else:
            assert described.fullmatch(text), text
