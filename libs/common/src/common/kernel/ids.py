"""Identifiers: UUIDv7 (RFC 9562), so that they sort by the time they were made, with a prefix that names the noun.

Ids of one process are strictly increasing: within a millisecond, across threads, and when the wall clock steps back.
"""

import re
from collections.abc import Callable
from typing import Final

from uuid_utils import uuid7

Ids = Callable[[str | None], str]
"""A function that makes ids; a command gets it with its unit of work, so that a test can pass fixed ids."""

_PREFIX: Final = re.compile(r"[a-z]{2,12}")


def new_id(prefix: str | None = None) -> str:
    """Return a new id: `app_0193…` for the prefix `app`; without a prefix the bare UUID in canonical form.

    Raises ValueError when the prefix is not two to twelve small letters.
    """
    if prefix is None:
        return str(uuid7())
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"the id prefix {prefix!r} is not two to twelve small letters")
    return f"{prefix}_{uuid7()}"
