"""One proof of a leaf: a scene that is played with the value and with another, and what must then be different."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel

from common.programme.leaves import leaves
from common.programme.not_yet import acts
from support.leaves.edition import Change, at_first, fullest, put, unchanged


class Scene(Protocol):
    """Plays a small scene under a definition; returns a verdict, a date, a count, a state, or a text that is shown."""

    def __call__(self, given: dict[str, Any], /) -> object: ...


@dataclass(frozen=True)
class Proof:
    """A scene without a database; `first` prepares the definition so that the leaf can make a difference."""

    scene: Scene
    other: Change
    first: Change = unchanged

    def seen(self) -> tuple[object, object]:
        """Return what the scene shows with the value and with the other one."""
        before, after = fullest(), fullest()
        self.first(before)
        self.first(after)
        self.other(after)
        return self.scene(before), self.scene(after)


@dataclass(frozen=True)
class InService:
    """A leaf that acts in the commands of a service: the part of what the service shows that must be different.

    The leaves of one `play` are changed together, so that a service is played once for all of them.
    """

    service: str
    play: str
    shows: str
    other: Change


def each(scene: Scene, values: Mapping[str, object], *, first: Change = unchanged) -> dict[str, Proof]:
    """Return one proof by the same scene for each leaf, with its other value."""
    return {path: Proof(scene, put(at_first(path), value), first) for path, value in values.items()}


def unproved(model: type[BaseModel], proved: Iterable[str]) -> list[str]:
    """Return the leaves of a definition that act, as far as anybody says, and that nothing proves."""
    known = set(proved)
    return [path for path in leaves(model) if acts(path) and path not in known]
