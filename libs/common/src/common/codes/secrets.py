"""How hard a secret is to guess: an estimate in bits, low for what a person would type and for repeated patterns."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log2
from typing import Final

KEY_BITS: Final = 86
"""What a key of ours must have: of 32 random characters of any alphabet not one in 10,000 has less than 90."""
PASSWORD_BITS: Final = 32
"""What a password at another system must have: 12 random letters and digits have more than 36."""
_ESTIMATED: Final = 72
"""Characters that zxcvbn takes."""
_OUR_WORDS: Final = ["mingpai", "shandong", "brand", "honour", "applications", "review", "registry", "notifications"]
"""Words that an attacker tries first at this platform."""


def bits(secret: str) -> float:
    """Return the lower of two estimates: of the characters and steps, and of the guesses that zxcvbn would need.

    zxcvbn knows words, names, dates and rows of a keyboard (Wheeler 2016, https://github.com/dropbox/zxcvbn).
    """
    pattern = secret[: _period(secret)]
    if not pattern:
        return 0.0
    steps = [ord(after) - ord(before) for before, after in pairwise(pattern)]
    return min(len(pattern) * min(_entropy(pattern), _entropy(steps)), _guesses(pattern))


def _guesses(pattern: str) -> float:
    """Return zxcvbn's estimate in bits; its word lists are read when the first secret is judged, in production only."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 -- the import reads lists of words and slows every start

    return log2(zxcvbn(pattern[:_ESTIMATED], user_inputs=_OUR_WORDS)["guesses"])


def _entropy(values: Sequence[object]) -> float:
    """Return Shannon's entropy, in bits for each value."""
    return sum(-count / len(values) * log2(count / len(values)) for count in Counter(values).values())


def _period(text: str) -> int:
    return next((size for size in range(1, len(text)) if (text[:size] * len(text))[: len(text)] == text), len(text))
