"""How many bytes JSON may have: events, and the free JSON that goes into them.

What a command accepts must fit into the event that reports it: `tests/contracts/test_sizes.py` adds up the types of
every contract. A character has at most four bytes in UTF-8, a control character, which free text cannot have, six.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

KIB: Final = 1024
LARGEST: Final = 512 * KIB
"""The most bytes of an event inside, and of one about a whole round or programme."""
LARGEST_OUTSIDE: Final = 64 * KIB
"""The most bytes of an event about one case on the topics and the feed that others read."""

ANSWERS: Final = 320 * KIB
"""The most bytes of the answers to a form: no form that can hold more is published."""
SNAPSHOT: Final = 470 * KIB
"""The most bytes of what an applicant hands in: the answers, the list of attachments, and who applies for what."""
DEFINITION: Final = 448 * KIB
"""The most bytes of a programme's definition."""

MOST_MODELS: Final = 150
"""How many models an item may have, each of at most `MODEL` characters."""
MODEL: Final = 50
TRADEMARK: Final = 100
"""The most characters of the answer that names the trademark."""
SCOPE: Final = 500
"""The most characters of the answers that together say what counts as the same item."""
MOST_DAYS: Final = 35
"""How many days off, and how many shifted workdays, a year's calendar may name."""

BYTES_OF_CHARACTER: Final = 4

_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def size_of(content: object) -> int:
    """Return the bytes of JSON in UTF-8 without blanks. Raises ValueError for what JSON cannot express."""
    try:
        return len(_COMPACT.encode(content).encode())
    except TypeError as other:
        raise ValueError("not made of JSON values") from other


@dataclass(frozen=True, slots=True)
class AtMost:
    """The check of free JSON: it has at most so many bytes, and JSON can express it (no NaN, no infinity)."""

    size: int

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the size after everything else."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, content: Any) -> Any:  # noqa: ANN401 -- any JSON
        if size_of(content) > self.size:
            raise PydanticCustomError("json_too_large", "The JSON has more than {limit} bytes", {"limit": self.size})
        return content
