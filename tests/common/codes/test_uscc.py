"""The unified social credit code: its characters, its check character, its upper case."""

import pytest
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError

from common.codes.uscc import Uscc, is_valid, normalise

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ADAPTER: TypeAdapter[str] = TypeAdapter(Uscc)


def check_character(body: str) -> str:
    """Compute the check character by the formula of GB 32100-2015, without the library."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return ALPHABET[(31 - total) % 31]


BODIES = st.tuples(st.text("0123456789", min_size=8, max_size=8), st.text(ALPHABET, min_size=9, max_size=9)).map(
    "".join
)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "913700002283459880", "913700002834448580"])
def test_published_codes_are_valid(code: str) -> None:
    assert is_valid(code)


@pytest.mark.parametrize(
    "text",
    [
        "91350100M000100Y4Z",
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100m000100y43",
        " 91350100M000100Y43",
        "91350100M000100Y43\n",
        "9135-0100M000100Y43",
        "91350100M000100Y４3",
        "91350100I000100Y43",
    ],
)
def test_any_other_text_is_not_valid(text: str) -> None:
    assert not is_valid(text)


@given(BODIES)
def test_the_check_character_is_the_one_of_the_standard(body: str) -> None:
    assert [last for last in ALPHABET if is_valid(body + last)] == [check_character(body)]


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_detected(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert is_valid(wrong) == (wrong == code)


def test_codes_of_rural_collectives_begin_with_a_letter() -> None:
    body = "N2370100MF0000001"
    assert is_valid(body + check_character(body))


def test_lower_case_letters_are_stored_in_upper_case() -> None:
    assert ADAPTER.validate_python("91350100m000100y43") == "91350100M000100Y43"


def test_no_letter_outside_ascii_becomes_an_ascii_letter() -> None:
    assert normalise("ı") == "ı"  # str.upper turns the Turkish dotless i into I


def test_an_invalid_code_has_its_own_error_type_and_is_not_echoed() -> None:
    with pytest.raises(ValidationError) as refusal:
        ADAPTER.validate_python("91350100M000100Y4Z")
    (error,) = refusal.value.errors()
    assert (error["type"], error["msg"]) == ("uscc_invalid", "The unified social credit code is not valid")


def test_the_schema_shows_the_length_and_an_example_that_is_valid() -> None:
    schema = ADAPTER.json_schema()
    assert (schema["minLength"], schema["maxLength"]) == (18, 18)
    assert all(is_valid(example) for example in schema["examples"])
