"""A code in a request is checked by the one type that knows it, in every service."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from common.codes.organisations import Addressee
from common.codes.uscc import UsccOrException
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
JUDGES: Final = {
    one.func for code in (UsccOrException, Addressee) for one in get_args(code) if isinstance(one, AfterValidator)
}
DOUBTFUL: Final = {
    "POST /v1/applicants": {"NewApplicant.uscc"},
    "POST /v1/contacts": {"NewContact.org"},
    "POST /v1/exceptions": {"NewUsccException.uscc"},
    "POST /v1/experts": {"Affiliation.organisation", "ConflictGiven.organisation"},
    "POST /v1/experts/{expert_id}/conflicts": {"ConflictGiven.organisation"},
    "POST /v1/recusals": {"NewRecusal.applicant"},
    "PUT /v1/experts/{expert_id}": {"Affiliation.organisation"},
}
"""By the route: the codes whose check character may be wrong. One route admits such a code.

Every other one refuses a code that was not admitted (`uscc-not-admitted`), and a test of its noun shows it.
"""


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


def test_a_code_that_may_be_doubtful_is_taken_by_these_routes_only() -> None:
    found = {
        f"{method} {route.path}": set(doubtful)
        for service in SERVICES
        for router in service.routers
        for route in router.routes.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if (
            doubtful := [name for body in route.dependant.body_params for name in _doubtful(body.field_info.annotation)]
        )
    }

    assert found == DOUBTFUL, "let the command ask whether the code was admitted, and a test of the noun show it"


def _doubtful(of: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 -- any type
    """Yield the fields of a body, at any depth, that take a code of the right form with a wrong check character."""
    if isinstance(of, type) and issubclass(of, Schema):
        for member, field in of.model_fields.items():
            whole = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            yield from _doubtful(whole, f"{of.__name__}.{member}")
    for part in get_args(of):
        if isinstance(part, AfterValidator) and part.func in JUDGES:
            yield name
        yield from _doubtful(part, name)
