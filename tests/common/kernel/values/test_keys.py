"""Two spellings of one key are one key, and two keys are never one."""

import string

import pytest
from hypothesis import given, strategies as st

from common.kernel.values.keys import fold_key

NUMBER = "SDMP-2015-00001-B"


@pytest.mark.parametrize(
    "spelling",
    [
        "sdmp-2015-00001-b",
        "ＳＤＭＰ－２０１５－００００１－Ｂ",
        "SDMP–2015—00001−B",
        "SDMP‐2015‑00001﹣B",
        " SDMP-2015 - 00001-B\n",
        "SDMP-2015-\u200b00001-B\ufeff",
        "SD\u00adMP-2015-00001-B\u3000",
        "\u202aSDMP-2015-00001-B\u202c",
        "SDMP\u00a0-2015-00001-B",
    ],
)
def test_a_number_as_people_type_and_paste_it_is_that_number(spelling: str) -> None:
    assert fold_key(spelling) == NUMBER


@pytest.mark.parametrize(
    "other",
    [
        "ſDMP-2015-00001-B",
        "SDMP-2015-0000①-B",
        "SDMP-2015-0000¹-B",
        "SDMP-2015-0000𝟏-B",
        "ЅDMP-2015-00001-B",
        "SDMP-2015-00001-ß",
    ],
)
def test_a_character_that_only_resembles_one_of_a_number_is_another(other: str) -> None:
    assert fold_key(other) != NUMBER


def test_no_other_letter_or_digit_becomes_one_of_ascii() -> None:
    widths = {chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
    ours = {*string.ascii_letters, *string.digits}
    found = [
        one
        for one in map(chr, range(0x80, 0x20000))
        if one not in widths and not 0xD800 <= ord(one) < 0xE000 and set(fold_key(one)) & ours
    ]
    assert found == []


def test_forms_of_one_ideograph_are_one() -> None:
    assert fold_key("\uf900") == fold_key("\u8c48") == fold_key("\u8c48\ufe00") == fold_key("\u8c48\U000e0100")
    assert fold_key("㈱虚構") == fold_key("（株）虚構") == "(株)虚構"


@given(st.text())
def test_a_folded_key_is_folded(text: str) -> None:
    assert fold_key(fold_key(text)) == fold_key(text)
