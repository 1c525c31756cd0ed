"""Text from outside: NFC-normalised, rare characters kept, and nothing in it that hides or reorders what a reader sees.

Characters are not checked against a table of assigned ones: GB 18030-2022 knows more of them than this Python does.
"""

import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

SHORT: Final = 200
"""Characters that a `ShortText` may have."""
LONG: Final = 20_000
"""Characters that a `LongText` may have."""

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ALLOWED_CONTROLS: Final = frozenset("\n\t")


def clean(text: str) -> str:
    """Return the text in NFC.

    Raises PydanticCustomError (a ValueError) `text_control`, `text_surrogate` or `text_bidi` with the position, counted
    from 1, of the first character that is refused; the character itself is not repeated.
    """
    for position, character in enumerate(text, start=1):
        if character in _BIDI:
            raise PydanticCustomError(
                "text_bidi",
                "A character that changes the writing direction stands at {position}",
                {"position": position},
            )
        category = unicodedata.category(character)
        if category == "Cs":
            raise PydanticCustomError(
                "text_surrogate", "Half a surrogate pair stands at {position}", {"position": position}
            )
        if category == "Cc" and character not in _ALLOWED_CONTROLS:
            raise PydanticCustomError(
                "text_control", "A control character stands at {position}", {"position": position}
            )
    return unicodedata.normalize("NFC", text)


def _short(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("text_one_line", "The text must stand on one line, without tabs")
    return _filled(text, SHORT)


def _long(text: str) -> str:
    return _filled(text, LONG)


def _filled(text: str, limit: int) -> str:
    if not text.strip():
        raise PydanticCustomError("text_blank", "The text must not be blank")
    if len(text) > limit:
        raise PydanticCustomError("text_too_long", "The text has more than {limit} characters", {"limit": limit})
    return text


Text = Annotated[str, AfterValidator(clean)]
"""Any text, also an empty one."""
ShortText = Annotated[
    str, AfterValidator(clean), AfterValidator(_short), Field(json_schema_extra={"minLength": 1, "maxLength": SHORT})
]
"""A name or title: one line, not blank; it may end up in the head of a mail."""
LongText = Annotated[
    str, AfterValidator(clean), AfterValidator(_long), Field(json_schema_extra={"minLength": 1, "maxLength": LONG})
]
"""A reason or description: not blank, lines allowed."""
