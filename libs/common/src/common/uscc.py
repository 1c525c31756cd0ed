"""The unified social credit code (统一社会信用代码, GB 32100-2015) that names a legal person.

Stored in upper case. python-stdnum computes the check character; the format is our own, since stdnum takes digits only
in the first two places, where codes of rural collectives (N), the military (A) and others (Y) bear letters.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum.cn.uscc import calc_check_digit

_ALPHABET: Final = "0-9A-HJ-NP-RTUWXY"
_FORMAT: Final = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def normalise(text: str) -> str:
    """Return the code in upper case; anything but ASCII stays as it is, so that no foreign letter turns into one."""
    return text.upper() if text.isascii() else text


def is_valid(text: str) -> bool:
    """Tell whether a normalised code has the right characters and the right check character."""
    return _FORMAT.fullmatch(text) is not None and calc_check_digit(text[:-1]) == text[-1]


def _checked(text: str) -> str:
    code = normalise(text)
    if not is_valid(code):
        raise PydanticCustomError("uscc_invalid", "The unified social credit code is not valid")
    return code


Uscc = Annotated[
    str,
    AfterValidator(_checked),
    Field(json_schema_extra={"minLength": 18, "maxLength": 18, "examples": ["9137000000000001F4"]}),
]
"""A valid code in upper case; small letters are accepted on input."""
