"""Editions that this process has read: what stands under a digest never changes, so it is read once.

Reading a definition compiles its form and all its rules, which takes longer than everything else a request does.
"""

from collections import OrderedDict
from typing import Final

from common.programme.programme import Programme

MOST: Final = 64
"""Editions kept; the one asked for longest ago goes first."""

_READ: Final[OrderedDict[str, Programme]] = OrderedDict()


def known_edition(digest: str) -> Programme | None:
    """Return the edition with this digest if this process has read it."""
    found = _READ.get(digest)
    if found is not None:
        _READ.move_to_end(digest)
    return found


def read_edition(digest: str, definition: object) -> Programme:
    """Return the rules of a definition; kept only under the digest that is its own. Raises ProgrammeInvalid."""
    found = known_edition(digest)
    if found is None:
        found = Programme.from_definition(definition)
        if found.digest == digest:
            _READ[digest] = found
            while len(_READ) > MOST:
                _READ.popitem(last=False)
    return found
