"""Which types a request may have: each leaf is bounded, so that what is accepted can be stored, read and computed with.

`unruled` names the leaves that are not. The base of request models and the routes ask it when they are declared, so
that a model with an unbounded field cannot be imported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Annotated, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Ruled:
    """The mark of a type whose own validators bound it."""


RULED: Final = Ruled()

_COLLECTIONS: Final = (list, tuple, set, frozenset, dict)


def unruled(annotation: object, metadata: Sequence[object] = (), *, in_url: bool = False) -> Iterator[str]:
    """Yield what is wrong with each leaf of an annotation that accepts more than can be stored or computed with.

    In a URL, whose length is limited, texts and lists need no bounds of their own.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    bounds = [part for one in metadata for part in _parts(one)]
    if origin is Annotated:
        yield from unruled(arguments[0], [*arguments[1:], *bounds], in_url=in_url)
    elif origin in {Union, UnionType}:
        for one in arguments:
            yield from unruled(one, bounds, in_url=in_url)
    elif not (RULED in bounds or _is_closed(annotation, origin)):
        flaw = _flaw(annotation, bounds, in_url=in_url)
        if flaw is not None:
            yield flaw
        for one in arguments:
            if one is not ...:
                yield from unruled(one, in_url=in_url)


def _flaw(annotation: object, bounds: Sequence[object], *, in_url: bool) -> str | None:
    """Return what is wrong with a type itself, apart from the types inside it."""
    origin = get_origin(annotation) or annotation
    if origin in _COLLECTIONS:
        fixed = origin is tuple and ... not in get_args(annotation)
        return None if in_url or fixed or _says(bounds, "max_length") else f"{annotation} has no max_length"
    if origin is int:
        bounded = _says(bounds, "ge", "gt") and _says(bounds, "le", "lt")
        return None if bounded else "int has no smallest and largest value"
    if origin is str and (in_url or _says(bounds, "pattern")):
        return None
    return f"{getattr(origin, '__name__', origin)} is no type of common.kernel.values or common.kernel.text"


def _says(metadata: Sequence[object], *names: str) -> bool:
    """Return whether the metadata bound a value in one of these ways."""
    return any(getattr(one, name, None) is not None for one in metadata for name in names)


def _parts(one: object) -> Sequence[object]:
    """Return the bounds that one piece of metadata stands for."""
    return one.metadata if isinstance(one, FieldInfo) else [one]


def _is_closed(annotation: object, origin: object) -> bool:
    """Return whether a type admits a fixed set of values, or is a model that is checked where it is declared."""
    if annotation in {bool, None, type(None)} or origin is Literal:
        return True
    return isinstance(annotation, type) and issubclass(annotation, Enum | BaseModel)
