"""What must be true before an event is believed: its grounds, which other events have established.

A reaction first looks for each ground. One that can still arrive is waited for (`Waiting`); one that contradicts the
event sets the event aside at once (`Contradiction`), before anything is written. docs/grounds.md lists them all.
"""

from collections.abc import Iterable

from common.kernel.digests import digest
from common.kernel.errors import Permanent


class Contradiction(Permanent):
    """The event contradicts what is known, and no retry can mend that; it names the ground and the members."""

    def __init__(self, ground: str, *members: str) -> None:
        super().__init__(f"contradicts-{ground}")
        self.members = members

    def __str__(self) -> str:
        return f"{self.reason}: {', '.join(self.members)}"


def differing(stated: object, known: object, names: Iterable[str]) -> tuple[str, ...]:
    """Return the members in which a statement differs from what is known.

    `name` compares the members of that name, `name=other` a member with one that is known under another name.
    """
    pairs = (name.partition("=") for name in names)
    return tuple(name for name, _, other in pairs if getattr(stated, name) != getattr(known, other or name))


def agree(ground: str, stated: object, known: object, *names: str) -> None:
    """Raise Contradiction unless the statement agrees with what is known in each of these members."""
    found = differing(stated, known, names)
    if found:
        raise Contradiction(ground, *found)


def agree_in_digest(ground: str, stated: str, content: object) -> None:
    """Raise Contradiction unless the stated digest is that of the content."""
    try:
        found = digest(content)
    except ValueError:
        found = None
    if found != stated:
        raise Contradiction(ground, "digest")
