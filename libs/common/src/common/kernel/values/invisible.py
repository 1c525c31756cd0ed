"""Which characters show nothing, by the properties that Unicode gives every character, and where one has an effect.

The library `regex` holds the properties: Python's own table has no Default_Ignorable_Code_Point. Unassigned characters
are visible: GB 18030-2022 contains some that no table has yet.
"""

from functools import cache
from typing import Final, NamedTuple

import regex

_V1: Final = regex.VERSION1  # sets may be subtracted

# Refused everywhere: what is ignored when text is displayed, formats it, ends a line or paragraph, controls a device,
# is half a pair, or is no character. A prepended mark of Arabic numbers is in the category Cf, yet shows.
_HIDDEN: Final = (
    r"[[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]"
    r"--[\p{Prepended_Concatenation_Mark}\n\t]]"
)
# Kept where it changes what is shown:
_IDEOGRAPH: Final = r"(?<=\p{Ideographic})[\uFE00-\uFE02\U000E0100-\U000E01EF]"  # a variant of it (UTS 37)
_PICTURE: Final = r"(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F]"  # an emoji as text or as a picture (UTS 51)
_KEYCAP: Final = r"(?<=[0-9#*])\uFE0F(?=\u20E3)"  # UTS 51
_EMOJI: Final = (
    r"(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\uFE0F]?)\u200D(?=\p{Extended_Pictographic})"  # UTS 51
)
_VIRAMA: Final = r"(?<=\p{Canonical_Combining_Class=9})[\u200C\u200D]"  # in scripts of India (RFC 5892, A.1 and A.2)
_BEFORE: Final = r"(?<=[\p{Joining_Type=L}\p{Joining_Type=D}]\p{Joining_Type=T}*)"
_BEHIND: Final = r"(?=\p{Joining_Type=T}*[\p{Joining_Type=R}\p{Joining_Type=D}])"
_ARABIC: Final = rf"{_BEFORE}\u200C{_BEHIND}"  # between letters that would join (RFC 5892, A.1)
_MONGOLIAN: Final = r"(?<=[\p{Script=Mongolian}&&\p{L}])[\u180B-\u180F]"  # a variant of a letter
_WITH_EFFECT: Final = f"{_IDEOGRAPH}|{_PICTURE}|{_KEYCAP}|{_EMOJI}|{_VIRAMA}|{_ARABIC}|{_MONGOLIAN}"
JOINERS: Final = "\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""The characters that are kept in some places, as ranges."""

_REFUSED: Final = regex.compile(rf"(?={_HIDDEN})(?!{_WITH_EFFECT}){_HIDDEN}", _V1)
_BLANK: Final = r"\p{White_Space}\u2800"  # the empty Braille pattern is a symbol, but shows nothing
_SHOWN: Final = regex.compile(rf"[^{_BLANK}\p{{M}}]", _V1)  # a combining mark needs a character that it is put on
_UNSEEN: Final = regex.compile(rf"[{_HIDDEN}{_BLANK}]+", _V1)
_BIDI: Final = regex.compile(r"\p{Bidi_Control}")
_CONTROL: Final = regex.compile(r"\p{Cc}")
_HALF: Final = regex.compile(r"\p{Cs}")


class Refused(NamedTuple):
    """A character that text may not have: its position, counted from 1, and the kind of the refusal."""

    position: int
    kind: str


def first_refused(text: str) -> Refused | None:
    """Return the first character that shows nothing, or changes how the others are shown; None in clean text."""
    found = None if text.isascii() and text.isprintable() else _REFUSED.search(text)
    if found is None:
        return None
    kinds = (("text_bidi", _BIDI), ("text_control", _CONTROL), ("text_surrogate", _HALF))
    kind = next((kind for kind, has in kinds if has.match(found[0])), "text_hidden")
    return Refused(found.start() + 1, kind)


def without_refused(text: str) -> str:
    """Return the text without the characters that `first_refused` finds."""
    return str(_REFUSED.sub("", text))


def without_unseen(text: str) -> str:
    """Return the text without blanks and without any character that shows nothing, for comparing."""
    return str(_UNSEEN.sub("", text))


def shows(text: str) -> bool:
    """Return whether a text without refused characters has one that can be seen by itself: marks alone are no text."""
    return _SHOWN.search(text) is not None


@cache
def pattern(*, lines: bool) -> str:
    """Return the regular expression (ECMA-262, RE2 and Python read it alike) of text that is clean and not blank.

    It names the refused characters as ranges. Of the characters that are kept in some places only (`JOINERS`) it says
    no more than that none comes first, and of combining marks nothing: it accepts every text that is accepted here, and
    some that are refused.
    """
    breaks = "" if lines else r"\n\t"
    refused = rf"[[{_HIDDEN}{breaks}]--[{JOINERS}\p{{Cs}}]]"  # no JSON text has half a pair
    never, blank = _ranges(refused), _ranges(rf"[[{_BLANK}]--{refused}]")
    return f"^[{blank}]*[^{never}{blank}{_written(JOINERS)}][^{never}]*$"


def _ranges(characters: str) -> str:
    """Return a set of characters as ranges, without the properties that only some readers know."""
    runs = (found[0] for found in regex.finditer(rf"{characters}+", "".join(map(chr, range(0x110000))), _V1))
    return "".join(_written(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}") for run in runs)


def _written(ranges: str) -> str:
    """Write each character of the first plane by its number; the other planes have no number that all readers know."""
    return "".join(one if one == "-" or ord(one) > 0xFFFF else f"\\u{ord(one):04X}" for one in ranges)  # noqa: PLR2004 -- the end of the first plane
