"""A digest depends on the value alone, not on how it was written."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given, strategies as st

from common.kernel.digests import DIGEST, canonical, digest, digest_bytes

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=10,
)


def test_the_example_of_rfc_8785_is_canonicalised() -> None:
    value = json.loads(r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""")
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r""""string":"€$\u000f\nA'B\"\\\\\"/"}"""
    )


def test_a_digest_is_sha256_of_the_canonical_form() -> None:
    assert digest({"b": 1, "a": "名牌"}) == "sha256:" + hashlib.sha256('{"a":"名牌","b":1}'.encode()).hexdigest()
    assert DIGEST.fullmatch(digest(None))


@given(JSON)
def test_the_canonical_form_reads_back_as_the_value(value: Any) -> None:  # noqa: ANN401 -- any JSON value
    assert json.loads(canonical(value)) == value


@given(JSON)
def test_it_is_the_same_by_whichever_way_it_is_written(value: Any) -> None:  # noqa: ANN401 -- any JSON value
    assert canonical(value) == rfc8785.dumps(value)


def test_keys_are_in_the_order_of_utf_16_which_is_not_that_of_code_points() -> None:
    assert canonical({"\ue000": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ue000":1}'.encode()


def test_every_character_is_written_as_the_rfc_says() -> None:
    characters = [chr(code) for code in range(0x11000) if not 0xD800 <= code < 0xE000]
    assert canonical(characters) == rfc8785.dumps(characters)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert digest(dict(reversed(value.items()))) == digest(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {1: 2}, object()])
def test_what_json_cannot_say_the_same_everywhere_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)


def test_bytes_are_digested_as_they_are() -> None:
    assert digest_bytes(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
