"""Text from outside: NFC-normalised, rare characters kept, and nothing in it that hides or reorders what a reader sees.

Characters are not checked against a table of assigned ones: GB 18030-2022 knows more of them than this Python does.
"""

import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

SHORT: Final = 200
"""Characters that a `ShortText` may have."""
LONG: Final = 20_000
"""Characters that a `LongText` may have."""

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ALLOWED_CONTROLS: Final = frozenset("\n\t")
_NO_BIDI: Final = r"\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
_ONE_LINE: Final = rf"^[^\u0000-\u001F\u007F-\u009F{_NO_BIDI}]*$"
_LINES: Final = rf"^[^\u0000-\u0008\u000B-\u001F\u007F-\u009F{_NO_BIDI}]*$"


def clean(text: str) -> str:
    """Return the text in NFC.

    Raises PydanticCustomError (a ValueError) `text_control`, `text_surrogate` or `text_bidi` with the position, counted
    from 1, of the first character that is refused; the character itself is not repeated.
    """
    if text.isprintable():  # then it has no control, no surrogate and nothing that changes the direction
        return text if text.isascii() else unicodedata.normalize("NFC", text)
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


def file_name(text: str) -> str:
    """Return what a sent file name is shown as: its last part without what `clean` refuses, empty when none is left."""
    last = text.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in last if one not in _BIDI and unicodedata.category(one) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept).strip(" .")[:SHORT]


def _short(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("text_one_line", "The text must stand on one line, without tabs")
    return _filled(text, SHORT)


def _long(text: str) -> str:
    return _filled(text, LONG)


def _filled(text: str, limit: int) -> str:
    if not text.strip():
        raise PydanticCustomError("text_blank", "The text must not be blank")
    return _at_most(text, limit)


def _at_most(text: str, limit: int) -> str:
    if len(text) > limit:
        raise PydanticCustomError("text_too_long", "The text has more than {limit} characters", {"limit": limit})
    return text


def _clean_values(values: dict[str, Any]) -> dict[str, Any]:
    """Clean every text inside; the error names the place of each that is refused."""
    errors: list[InitErrorDetails] = []
    cleaned: dict[str, Any] = _walk(values, (), errors)
    if errors:
        raise ValidationError.from_exception_data("values", errors, input_type="json", hide_input=True)
    return cleaned


def _walk(value: Any, path: tuple[str | int, ...], errors: list[InitErrorDetails]) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, dict):
        return {_told(key, path, errors, key=True): _walk(one, (*path, key), errors) for key, one in value.items()}
    if isinstance(value, list):
        return [_walk(one, (*path, index), errors) for index, one in enumerate(value)]
    return _told(value, path, errors) if isinstance(value, str) else value


def _told(text: str, path: tuple[str | int, ...], errors: list[InitErrorDetails], *, key: bool = False) -> str:
    """Return a text cleaned, or a key as it is, noting what is wrong with it."""
    try:
        cleaned = _at_most(clean(text), SHORT if key else LONG)
    except PydanticCustomError as error:
        errors.append(InitErrorDetails(type=error, loc=path, input=None))
        return text
    return text if key else cleaned


Text = Annotated[str, AfterValidator(clean)]
"""Any text, also an empty one."""
ShortText = Annotated[
    str,
    AfterValidator(clean),
    AfterValidator(_short),
    Field(json_schema_extra={"minLength": 1, "maxLength": SHORT, "pattern": _ONE_LINE}),
]
"""A name or title: one line, not blank; it may end up in the head of a mail."""
LongText = Annotated[
    str,
    AfterValidator(clean),
    AfterValidator(_long),
    Field(json_schema_extra={"minLength": 1, "maxLength": LONG, "pattern": _LINES}),
]
"""A reason or description: not blank, lines allowed."""
EmailAddress = Annotated[
    str,
    AfterValidator(clean),
    Field(
        max_length=254, pattern=r"^[^@\s<>()\[\],;:\\\"]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", examples=["li@example.test"]
    ),
]
"""Where a mail can be sent; whether somebody reads it there is another question."""
Values = Annotated[dict[str, Any], AfterValidator(_clean_values)]
"""Free JSON whose fields another document describes: each text inside is clean and no longer than a `LongText`.

Keys stay as they are, so that two of them cannot become one.
"""
