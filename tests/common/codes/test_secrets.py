from base64 import urlsafe_b64encode
from random import Random
from string import ascii_lowercase, digits

import pytest

from common.codes.secrets import KEY_BITS, PASSWORD_BITS, bits


@pytest.mark.parametrize(
    "weak",
    [
        "", "a", "k" * 200, "0123456789abcdef" * 4, "abcdefghijklmnopqrstuvwxyz012345", "mingpai" * 10, "ab" * 40,
        "password" * 8, "13579" * 10, "zyxwvutsrqponmlkjihgfedcba987654",
        "qwertyuiopasdfghjklzxcvbnm123456", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,", "mingpai-production-cursor-secret",
        "correct horse battery staple once", "shandong-brand-platform-2015-2016", "P@ssw0rd1234Administrator!2024xx",
    ],
)  # fmt: skip
def test_what_a_person_types_or_repeats_is_no_key(weak: str) -> None:
    assert bits(weak) < KEY_BITS


@pytest.mark.parametrize(
    "weak",
    ["password", "postgres", "hunter2", "admin", "123456789012", "changeme", "a" * 40, "mingpai2015!", "qwertyuiop12"],
)
def test_the_usual_passwords_can_be_guessed(weak: str) -> None:
    assert bits(weak) < PASSWORD_BITS


def test_random_characters_of_any_alphabet_pass() -> None:
    chosen = Random("the same in every run: one key in many thousands has too little by chance")  # noqa: S311 -- no secret
    for _ in range(40):
        assert bits(chosen.randbytes(16).hex()) >= KEY_BITS
        assert bits(urlsafe_b64encode(chosen.randbytes(24)).decode()) >= KEY_BITS
        assert bits("".join(chosen.choices(ascii_lowercase + digits, k=16))) >= PASSWORD_BITS
