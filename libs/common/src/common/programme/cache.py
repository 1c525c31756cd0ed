"""Editions that this process has read: the content under a digest never changes, so it is read once.

Reading a definition compiles its form and all its rules, which takes longer than everything else a request does.
"""

from collections import OrderedDict
from typing import Final

from common.programme.programme import Programme

MOST: Final = 64
"""The number of editions in the cache; the edition that was used longest ago is removed first."""

_READ: Final[OrderedDict[str, Programme]] = OrderedDict()


def known_edition(digest: str) -> Programme | None:
    """Return the edition with this digest if this process has read it."""
    found = _READ.get(digest)
    if found is not None:
        _READ.move_to_end(digest)
    return found


def read_edition(digest: str, definition: object) -> Programme:
    """Return the rules of a definition; cached only if `digest` is the definition's own. Raises ProgrammeInvalid."""
    found = known_edition(digest)
    if found is None:
        found = Programme.from_definition(definition)
        if found.digest == digest:
            _READ[digest] = found
            while len(_READ) > MOST:
                _READ.popitem(last=False)
    return found
