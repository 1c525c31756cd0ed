"""The brand number: what the programme's pattern gives, and a check character by ISO 7064 MOD 37,36."""

import re
from typing import Final

from stdnum.iso7064 import mod_37_36

_NOT_IN_ALPHABET: Final = re.compile(r"[^0-9A-Z]")


def check_character(body: str) -> str:
    """Return the check character of a number without it; signs outside 0-9 and A-Z do not count."""
    return str(mod_37_36.calc_check_digit(_NOT_IN_ALPHABET.sub("", body.upper())))


def with_check(body: str) -> str:
    """Append the check character: `SDMP-2015-00001` becomes `SDMP-2015-00001-B`."""
    return f"{body}-{check_character(body)}"


def is_well_formed(text: str) -> bool:
    """Tell whether the check character fits: a slip of the pen is told apart from a number never given."""
    body, _, check = text.upper().rpartition("-")
    return bool(_NOT_IN_ALPHABET.sub("", body)) and check_character(body) == check
