"""The unified social credit code (统一社会信用代码, GB 32100-2015) that names a legal person.

The code is stored in upper case. python-stdnum computes the check character. The format is checked here, because stdnum
accepts only digits in the first two places, where rural collectives (N), the military (A) and others (Y) have letters.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum.cn.uscc import calc_check_digit

from common.kernel.values.keys import fold_key
from common.kernel.values.ruled import RULED

_ALPHABET: Final = "0-9A-HJ-NP-RTUWXY"
_FORMAT: Final = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def normalise(text: str) -> str:
    """Return the code that a spelling stands for, see `fold_key`; a letter that only resembles one stays another."""
    return fold_key(text)


def is_valid(text: str) -> bool:
    """Return whether a normalised code has valid characters and the right check character."""
    return has_form(text) and calc_check_digit(text[:-1]) == text[-1]


def has_form(text: str) -> bool:
    """Return whether a normalised code has valid characters, whatever its check character."""
    return _FORMAT.fullmatch(text) is not None


def _formed(text: str) -> str:
    code = normalise(text)
    if not has_form(code):
        raise PydanticCustomError("uscc_invalid", "The unified social credit code is not valid")
    return code


def _checked(text: str) -> str:
    code = normalise(text)
    if not is_valid(code):
        raise PydanticCustomError("uscc_invalid", "The unified social credit code is not valid")
    return code


_SHOWN: Final = {"minLength": 18, "maxLength": 18, "examples": ["9137000000000001F4"]}
Uscc = Annotated[str, AfterValidator(_checked), Field(json_schema_extra=_SHOWN), RULED]
"""A valid code as it is written; every spelling of it is accepted on input (`fold_key`)."""
UsccOrException = Annotated[str, AfterValidator(_formed), Field(json_schema_extra=_SHOWN), RULED]
"""A code of the right form; a command must refuse a wrong check character that no officer has admitted."""
