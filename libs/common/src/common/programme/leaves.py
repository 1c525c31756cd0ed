"""The leaves of a definition: each field that holds a value, found in the model itself, so that none is forgotten."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

MANY = "[]"
"""What follows the name of a field that holds several sections: `catalogue.categories[].code`."""


def leaves(model: type[BaseModel]) -> Mapping[str, type[BaseModel]]:
    """Return the section that declares each leaf, by the leaf's path in the order of the definition.

    A section inside one of its own kind (an indicator of an indicator) is a leaf: it has the same fields again.
    """
    return dict(_walk(model, "", ()))


def _walk(
    model: type[BaseModel], path: str, above: tuple[type[BaseModel], ...]
) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in model.model_fields.items():
        inner, many = _section(field.annotation)
        if inner is None or inner in (*above, model):
            yield f"{path}{name}", model
        else:
            yield from _walk(inner, f"{path}{name}{MANY if many else ''}.", (*above, model))


def _section(annotation: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401 -- any annotation
    """Return the section that a field holds, None for a value, and whether it holds several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    for part in get_args(annotation):
        found, many = _section(part)
        if found is not None:
            return found, many or _is_tuple(annotation)
    return None, False


def _is_tuple(annotation: Any) -> bool:  # noqa: ANN401 -- any annotation
    return getattr(annotation, "__origin__", None) is tuple
