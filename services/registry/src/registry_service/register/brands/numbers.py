"""The brand number: a number by the programme's pattern, followed by a check character (ISO 7064 MOD 37,36)."""

import re
from typing import Final

from stdnum.iso7064 import mod_37_36

from common.kernel.values.keys import fold_key, without_dashes

_NOT_IN_ALPHABET: Final = re.compile(r"[^0-9A-Z]")


def check_character(body: str) -> str:
    """Return the check character for a number that has none yet; characters outside 0-9 and A-Z do not count."""
    return str(mod_37_36.calc_check_digit(_NOT_IN_ALPHABET.sub("", body.upper())))


def with_check(body: str) -> str:
    """Append the check character: `SDMP-2015-00001` becomes `SDMP-2015-00001-B`."""
    return f"{body}-{check_character(body)}"


def is_well_formed(text: str) -> bool:
    """Return whether the check character is right; if it is wrong, the number was mistyped and was never assigned."""
    key = without_dashes(fold_key(text))
    return len(key) > 1 and not _NOT_IN_ALPHABET.search(key) and check_character(key[:-1]) == key[-1]
