"""The fold of keys: two spellings of one number, code or name, as people type and paste them, are one key."""

import itertools
import string
import unicodedata
from functools import lru_cache
from typing import Final

import regex

from common.kernel.values.invisible import without_unseen

_DASH: Final = regex.compile(r"\p{Dash}")
_WIDTHS: Final = ("<wide>", "<narrow>")


def fold_key(text: str) -> str:
    """Return what is compared when two keys are compared: NFKC, ASCII letters in upper case, dashes as `-`.

    Blanks and characters that show nothing are left out. Compatibility ideographs and variants become the plain
    ideograph. A letter or digit that is another one, and only resembles ASCII (`ſ`, the Kelvin sign, `①`, `𝟏`), stays
    what it is. The result is for comparing and is never shown; folding it again changes nothing.
    """
    folded = _folded_once(text)
    while folded != text:
        text, folded = folded, _folded_once(folded)  # what was left out may have stood between two that combine
    return folded


def without_dashes(key: str) -> str:
    """Return a folded key without dashes: only where no two keys differ by their dashes alone."""
    return key.replace("-", "")


def fold_id(text: str) -> str:
    """Return the id that a text names as people type and paste it: folded, in the small letters that all ids have."""
    return fold_key(text).translate(_LOWER)


def _folded_once(text: str) -> str:
    if text.isascii():
        return _upper(text)
    seen = _DASH.sub("-", without_unseen(text))
    parts = itertools.groupby(seen, key=_only_resembles)
    folded = "".join("".join(run) if another else unicodedata.normalize("NFKC", "".join(run)) for another, run in parts)
    return _upper(_DASH.sub("-", folded))


def _upper(text: str) -> str:
    return without_unseen(text).translate(_UPPER)


_UPPER: Final = {ord(letter): letter.upper() for letter in string.ascii_lowercase}
_LOWER: Final = {ord(letter): letter.lower() for letter in string.ascii_uppercase}


@lru_cache(maxsize=4096)
def _only_resembles(character: str) -> bool:
    """Return whether NFKC would make ASCII letters or digits of another character; width alone makes none another."""
    if character.isascii() or unicodedata.decomposition(character).startswith(_WIDTHS):
        return False
    folded = unicodedata.normalize("NFKC", character)
    return any(one.isascii() and one.isalnum() for one in folded)
