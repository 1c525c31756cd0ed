"""Text from outside: NFC, rare characters allowed, no character that hides, is hidden or reorders the text.

What shows nothing is refused with its position and never silently left out: digests and signatures are over what was
sent. Where such a character has an effect it is kept (`kernel/values/invisible.py`).
"""

import re
import unicodedata
from functools import partial
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from common.kernel.values.invisible import first_refused, pattern, shows, without_refused
from common.kernel.values.keys import fold_id
from common.kernel.values.numbers import MAX_WHOLE
from common.kernel.values.ruled import RULED

SHORT: Final = 200
"""Characters that a `ShortText` may have."""
REASON: Final = 4_000
"""Characters that a `ReasonText` may have."""
POINT: Final = 500
"""Characters that a `PointText` may have."""
LONG: Final = 20_000
"""Characters that a `LongText` may have."""

_REFUSALS: Final = {
    "text_bidi": "A character that changes the writing direction is at {position}",
    "text_control": "A control character is at {position}",
    "text_surrogate": "Half a surrogate pair is at {position}",
    "text_hidden": "A character that shows nothing is at {position}",
}
_COMPATIBILITY: Final = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")


def clean(text: str) -> str:
    """Return the text in NFC, compatibility ideographs as sent: a name keeps the character that its bearer writes.

    Raises PydanticCustomError (a ValueError) of a kind in `_REFUSALS` with the position, counted from 1, of the first
    character that is refused; the character itself is not repeated. Nothing is left out silently.
    """
    refused = first_refused(text)
    if refused is not None:
        raise PydanticCustomError(refused.kind, _REFUSALS[refused.kind], {"position": refused.position})
    return composed(text)


def composed(text: str) -> str:
    """Return the text in NFC, which would replace compatibility ideographs by others: these are kept."""
    if text.isascii():
        return text
    parts = _COMPATIBILITY.split(text)  # the even ones are between compatibility ideographs
    parts[::2] = (unicodedata.normalize("NFC", part) for part in parts[::2])
    return "".join(parts)


def file_name(text: str) -> str:
    """Return a sent file name for display: its last part without the characters that `clean` refuses; may be empty."""
    last = text.replace("\\", "/").rpartition("/")[2]
    kept = without_refused(last).replace("\n", "").replace("\t", "")
    name = composed(kept).strip(" .\u3000")[:SHORT]
    return name if shows(name) else ""


def line(text: str) -> str:
    """Return the clean text of a name or title. Raises PydanticCustomError, also for one that is blank or has lines."""
    cleaned = clean(text)
    if "\n" in cleaned or "\t" in cleaned:
        raise PydanticCustomError("text_one_line", "The text must stand on one line, without tabs")
    return _filled(cleaned)


def prose(text: str) -> str:
    """Return the clean text of a reason or description. Raises PydanticCustomError, also for one that is blank."""
    return _filled(clean(text))


def _short(text: str) -> str:
    return _at_most(line(text), SHORT)


def _typed(text: str) -> str:
    kept = without_refused(text)
    line(kept)  # for its refusals only: its NFC would make a `K` of the Kelvin sign, which `fold_key` keeps apart
    return _at_most(kept, SHORT)


def _prose_within(text: str, limit: int) -> str:
    return _at_most(prose(text), limit)


def _filled(text: str) -> str:
    if not shows(text):
        raise PydanticCustomError("text_blank", "The text must not be blank")
    return text


def _at_most(text: str, limit: int) -> str:
    if len(text) > limit:
        raise PydanticCustomError("text_too_long", "The text has more than {limit} characters", {"limit": limit})
    return text


def _clean_values(values: dict[str, Any]) -> dict[str, Any]:
    """Clean every text in the values; the error names the place of each refused text."""
    errors: list[InitErrorDetails] = []
    cleaned: dict[str, Any] = _walk(values, (), errors)
    if errors:
        raise ValidationError.from_exception_data("values", errors, input_type="json", hide_input=True)
    return cleaned


def _walk(value: Any, path: tuple[str | int, ...], errors: list[InitErrorDetails]) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > MAX_WHOLE):
        problem = PydanticCustomError("number_not_whole", "Numbers are whole, within 2^53; decimals are texts")
        errors.append(InitErrorDetails(type=problem, loc=path, input=None))
    if isinstance(value, dict):
        return {_cleaned(key, path, errors, key=True): _walk(one, (*path, key), errors) for key, one in value.items()}
    if isinstance(value, list):
        return [_walk(one, (*path, index), errors) for index, one in enumerate(value)]
    return _cleaned(value, path, errors) if isinstance(value, str) else value


def _cleaned(text: str, path: tuple[str | int, ...], errors: list[InitErrorDetails], *, key: bool = False) -> str:
    """Return the text cleaned, or a key unchanged; add each problem to `errors`."""
    try:
        cleaned = _at_most(clean(text), SHORT if key else LONG)
    except PydanticCustomError as error:
        errors.append(InitErrorDetails(type=error, loc=path, input=None))
        return text
    return text if key else cleaned


def _described(schema: dict[str, Any], *, limit: int, lines: bool) -> None:
    schema.update(minLength=1, maxLength=limit, pattern=pattern(lines=lines))


Text = Annotated[str, AfterValidator(clean), AfterValidator(lambda text: _at_most(text, LONG)), RULED]
"""Any text, also an empty one."""
ShortText = Annotated[
    str,
    AfterValidator(_short),
    Field(json_schema_extra=partial(_described, limit=SHORT, lines=False)),
    RULED,
]
"""A name or title: one line, not blank; it may be used in a mail header."""
ReasonText = Annotated[
    str,
    AfterValidator(partial(_prose_within, limit=REASON)),
    Field(json_schema_extra=partial(_described, limit=REASON, lines=True)),
    RULED,
]
"""The reason for an act, which its event publishes: not blank, line breaks allowed."""
PointText = Annotated[
    str,
    AfterValidator(partial(_prose_within, limit=POINT)),
    Field(json_schema_extra=partial(_described, limit=POINT, lines=True)),
    RULED,
]
"""One of several reasons: not blank, line breaks allowed."""
TypedText = Annotated[
    str,
    AfterValidator(_typed),
    Field(json_schema_extra={"minLength": 1, "maxLength": SHORT, "x-compared": "folded"}),
    RULED,
]
"""A key or a search as people type or paste it into an address: what shows nothing is left out, as it is not compared.

It is not normalised. Columns of the type `common.storage.finding.keys.Key` compare it with what is stored.
"""
Id = Annotated[
    str,
    AfterValidator(lambda text: fold_id(_typed(text))),
    Field(json_schema_extra={"minLength": 1, "maxLength": SHORT, "x-compared": "folded"}),
    RULED,
]
"""An id of ours or a digest in an address, as people type or paste it; read as the one spelling that it has."""
LongText = Annotated[
    str,
    AfterValidator(partial(_prose_within, limit=LONG)),
    Field(json_schema_extra=partial(_described, limit=LONG, lines=True)),
    RULED,
]
"""A description or record that no event publishes: not blank, line breaks allowed."""
Values = Annotated[dict[str, Any], AfterValidator(_clean_values), RULED]
"""Free JSON whose fields another document describes: each text inside is clean and no longer than a `LongText`.

Each number is whole and within 2^53: a decimal is written as text, so that no reader rounds it.

Keys are not normalised, so that two keys cannot become equal.
"""
