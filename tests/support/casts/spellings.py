"""One key as people type and paste it, and texts that only resemble it."""

from collections.abc import Callable, Iterator
from typing import Final


def _wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def _inside(text: str, what: str) -> str:
    return text[:3] + what + text[3:]


SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "full width": _wide,
    "en dash": lambda key: key.replace("-", "–"),
    "em dash": lambda key: key.replace("-", "—"),
    "minus": lambda key: key.replace("-", "−"),
    "full-width hyphen": lambda key: key.replace("-", "－"),
    "blanks around": lambda key: f" {key}  ",
    "blank inside": lambda key: _inside(key, " "),
    "ideographic blank": lambda key: _inside(key, "\u3000"),
    "no-break space": lambda key: _inside(key, "\u00a0"),
    "zero-width space": lambda key: _inside(key, "\u200b"),
    "byte order mark": lambda key: f"\ufeff{key}",
    "direction marks": lambda key: f"\u202a{key}\u202c",
    "small letters": str.lower,
    "capitals": str.upper,
}

WITHOUT_DASHES: Final[Callable[[str], str]] = lambda key: _wide(key.replace("-", "")).lower()  # noqa: E731 -- one of the spellings above

HIDDEN: Final = ("zero-width space", "byte order mark", "direction marks")
"""The spellings that no text of a body may have: what shows nothing is refused there."""

_RESEMBLING: Final = {"S": "ſ", "K": "\u212a", "0": "𝟎", "1": "①", "2": "²", "A": "А", "C": "С", "E": "Е", "P": "Р"}


def resembling(key: str) -> Iterator[str]:
    """Yield the key with one character replaced by another that resembles it, in turn for each that has one."""
    for plain, other in _RESEMBLING.items():
        for one in dict.fromkeys((plain, plain.lower())):
            if one in key:
                yield key.replace(one, other, 1)
