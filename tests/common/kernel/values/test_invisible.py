"""What shows nothing is refused wherever it stands; what people really write passes unchanged."""

import json
import re
import unicodedata
from pathlib import Path

import jsonschema_rs
import pytest
import regex
import yaml
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from common.kernel.text import LongText, ShortText, Values, clean, file_name
from common.kernel.values.invisible import JOINERS, first_refused, shows

SHORT: TypeAdapter[str] = TypeAdapter(ShortText)
LONG: TypeAdapter[str] = TypeAdapter(LongText)
GENUINE: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("genuine.yaml").read_text("utf-8"))
SOME = [
    chr(code)
    for code in (*range(0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE1100), *range(0x20000, 0x110000, 0xFF))
    if not 0xD800 <= code < 0xE000
]
"""Every character of the planes with properties of their own, and some of the uniform rest."""
NONCHARACTERS = [chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)]
EVERY = sorted({*SOME, *NONCHARACTERS})
UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}|\p{Zl}|\p{Zp}|\p{Noncharacter_Code_Point}|\p{Bidi_Control}")
JOINER = re.compile(f"[{JOINERS}]")
MARK = regex.compile(r"\p{M}")


def takes(adapter: TypeAdapter[str], text: str) -> bool:
    """Return whether the adapter accepts a text."""
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True


def test_two_hundred_genuine_names_codes_addresses_and_files_pass_unchanged() -> None:
    texts = [text for group in GENUINE.values() for text in group]
    assert len(texts) >= 200
    composed = [unicodedata.normalize("NFC", text) == text or re.search("[\uf900-\ufaff]", text) for text in texts]
    assert all(composed), "the list itself is in NFC but for compatibility ideographs"
    assert [text for text in texts if SHORT.validate_python(text) != text] == []
    assert [text for text in GENUINE["files"] if file_name(text) != text] == []


def test_every_character_that_shows_nothing_is_refused_after_a_letter_and_alone() -> None:
    unseen = [one for one in EVERY if UNSEEN.match(one)]
    assert len(unseen) > 4000
    assert [hex(ord(one)) for one in unseen if clean_or_none(f"a{one}b") is not None] == []
    assert [hex(ord(one)) for one in unseen if clean_or_none(one) is not None] == []


def clean_or_none(text: str) -> str | None:
    """Return the cleaned text, None when it is refused."""
    try:
        return clean(text)
    except PydanticCustomError:
        return None


def test_every_other_character_is_kept() -> None:
    controls = regex.compile(r"[[\p{Cc}]--[\n\t]]|\p{Cf}", regex.VERSION1)
    prepended = regex.compile(r"\p{Prepended_Concatenation_Mark}")
    kept = [one for one in EVERY if not UNSEEN.match(one) and (not controls.match(one) or prepended.match(one))]
    assert [hex(ord(one)) for one in kept if first_refused(one) is not None] == []


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("名\u200b牌", 2),
        ("名牌\u00ad", 3),
        ("\U000e0041名牌", 1),
        ("名\u2028牌", 2),
        ("名\ufffe", 2),
        ("a\ufe0f", 2),
        ("a\U000e0100", 2),
        ("葛\U000e0100\U000e0101", 3),
        ("a\u200db", 2),
        ("名\u200d牌", 2),
        ("ا\u200cم", 2),
        ("ᠠ\u180b\u180b", 3),
        ("1\ufe0f", 2),
        ("👍\u200d", 2),
        ("ㅤ", 1),
    ],
)
def test_the_refusal_says_where(text: str, position: int) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        clean(text)
    assert (refused.value.type, refused.value.context) == ("text_hidden", {"position": position})


@pytest.mark.parametrize(
    "text", ["", " ", "\u3000", "\u00a0\u2003", "\u2800", "\u1680\u205f", "\u0301\u0302", "\u0903", "\u20e3"]
)
def test_blank_is_what_cannot_be_seen(text: str) -> None:
    assert not shows(text)
    assert not takes(SHORT, text)
    assert not takes(LONG, f"{text}\n")


def test_compatibility_ideographs_keep_their_form_beside_composed_letters() -> None:
    every = "".join(one for one in EVERY if 0xF900 <= ord(one) <= 0xFAFF or 0x2F800 <= ord(one) <= 0x2FA1F)
    assert len(every) == 512 + 544
    assert clean(f"e\u0301{every}e\u0301") == f"é{every}é"


@pytest.mark.parametrize(("adapter", "frame"), [(SHORT, "{}"), (SHORT, "a{}"), (LONG, "{}"), (LONG, "a{}")])
def test_the_described_pattern_agrees_with_the_validator_for_every_character(
    adapter: TypeAdapter[str], frame: str
) -> None:
    described = re.compile(adapter.json_schema()["pattern"])
    own = [one for one in EVERY if not (JOINER.match(one) or (MARK.match(one) and frame == "{}"))]
    texts = [frame.format(one) for one in own]
    assert [ascii(text) for text in texts if takes(adapter, text) is not bool(described.fullmatch(text))] == []


def test_other_readers_of_the_pattern_agree() -> None:
    schema = json.loads(json.dumps(SHORT.json_schema()))
    validator = jsonschema_rs.Draft202012Validator(schema)
    for text in ("名牌", "a\u200bb", "a\U000e0041", "\U00020bb7", "\u3000", "a\nb", "a\ufdd0", "a\U0010ffff", "\u0600"):
        assert validator.is_valid(text) is takes(SHORT, text), ascii(text)


@given(st.text())
def test_what_the_validator_takes_the_pattern_takes(text: str) -> None:
    for adapter in (SHORT, LONG):
        if takes(adapter, text):
            assert re.fullmatch(adapter.json_schema()["pattern"], text)


def test_free_values_follow_the_same_rules() -> None:
    values: TypeAdapter[dict[str, object]] = TypeAdapter(Values)
    given = {"a": ["x", {"b": 2**53 - 1, "c": True, "d": None, "e": "85.50"}]}
    assert values.validate_python(given) == given
    with pytest.raises(ValidationError) as refused:
        values.validate_python({"a": [1.5, -0.0, 1e300, 2**53, "x\u200b"], "k\u00ad": 1})
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [
        (("a", 0), "number_not_whole"),
        (("a", 1), "number_not_whole"),
        (("a", 2), "number_not_whole"),
        (("a", 3), "number_not_whole"),
        (("a", 4), "text_hidden"),
        ((), "text_hidden"),
    ]
