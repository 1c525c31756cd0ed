"""A code in a request is checked by the one type that knows it, in every service."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from common.web.input.strict import Schema
from embedded.origin.parts import SERVICES

IMPOSSIBLE: Final = {
    "division": ["999999", "370199"],
    "phone": ["     ", "+- +-"],
    "email": ["nobody", "名" * 22 + "@x.cn"],
    "org": ["某某公司", "S"],
    "name": ["\u3000\u3000", "\u0301\u0302", "名牌\n第二行"],
    "parent": ["上级", "S"],
}
"""By the name of a field: what no request may name."""


def bodies(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    """Yield every model of a request of ours."""
    for model in of.__subclasses__():
        if model.__module__.partition(".")[0] in {"common", *(service.package for service in SERVICES)}:
            yield model
        yield from bodies(model)


def fields() -> Iterator[tuple[str, str, FieldInfo]]:
    """Yield each field that has one of the names."""
    for model in sorted(set(bodies()), key=lambda one: f"{one.__module__}.{one.__qualname__}"):
        for name, field in model.model_fields.items():
            if name in IMPOSSIBLE:
                yield model.__name__, name, field


FIELDS: Final = list(fields())


def takes(field: FieldInfo, value: str) -> bool:
    """Return whether a field accepts a value."""
    bounded: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(bounded)
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("model", "name", "field"), FIELDS, ids=[f"{model}.{name}" for model, name, _ in FIELDS])
def test_what_cannot_be_is_refused_by_every_request_that_names_it(model: str, name: str, field: FieldInfo) -> None:
    assert [value for value in IMPOSSIBLE[name] if takes(field, value)] == [], model


def test_the_walk_reaches_the_requests_of_all_services() -> None:
    assert {name for _, name, _ in FIELDS} == set(IMPOSSIBLE)
    assert {"NewAgency", "Correction", "NewApplicant", "NewDivision", "NewExpert"} <= {
        model for model, name, _ in FIELDS if name == "division"
    }
