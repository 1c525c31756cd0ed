"""The document: one Problem for every refusal, headers, stable names, an example for every operation."""

import json
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Header
from pydantic import Field

from common.kernel.text import Id, Text
from common.kernel.values.numbers import Count
from common.kernel.values.times import Day
from common.web.answers.pagination import Page, Paging
from common.web.documents.examples import example_of
from common.web.documents.openapi import as_3_2, complete, install, operations
from common.web.input.strict import Schema, StrictRoute
from common.web.resources import Resource


class Colour(StrEnum):
    RED = "red"


class NewLamp(Schema):
    name: Annotated[Text, Field(min_length=1, max_length=3)]
    on: Day
    colour: Colour
    parts: list["NewLamp"] = Field(default=[], max_length=5)


class Lamp(Resource):
    id: str
    name: str


class Beam(Schema):
    lux: Count


def lamp_app() -> FastAPI:
    app = FastAPI(title="Lamps", version="1.2.0")
    routes = APIRouter(prefix="/v1/lamps", route_class=StrictRoute)
    secured: dict[str, Any] = {"x-roles": ["office"], "security": [{"bearer": []}]}

    @routes.post("", operation_id="make_lamp", status_code=201, openapi_extra=secured)
    async def make(body: NewLamp, key: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> Lamp:
        raise NotImplementedError

    @routes.get("", operation_id="list_lamps", openapi_extra={"x-roles": ["everyone"], "security": []})
    async def lamps(paging: Paging) -> Page[Lamp]:
        raise NotImplementedError

    @routes.get("/{lamp_id}", operation_id="read_lamp", openapi_extra=secured)
    async def lamp(lamp_id: Id) -> Lamp:
        raise NotImplementedError

    @routes.put("/{lamp_id}", operation_id="change_lamp", openapi_extra=secured)
    async def change(lamp_id: Id, body: NewLamp) -> Lamp:
        raise NotImplementedError

    @routes.get("/{lamp_id}/beams", operation_id="stream_beams", openapi_extra=secured)
    async def beams(lamp_id: Id) -> AsyncIterator[Beam]:
        yield Beam(lux=len(lamp_id))

    app.include_router(routes)
    install(app)
    return app


@pytest.fixture
def document() -> dict[str, Any]:
    return lamp_app().openapi()


def test_every_refusal_is_the_one_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        refused = {status: one for status, one in operation["responses"].items() if status[0] in "45"}
        assert all(one == {"$ref": "#/components/responses/Problem"} for one in refused.values()), (method, path)
    content = document["components"]["responses"]["Problem"]["content"]
    assert list(content) == ["application/problem+json"]
    assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert not {"HTTPValidationError", "ValidationError"} & document["components"]["schemas"].keys()
    assert {"Problem", "FieldProblem"} <= document["components"]["schemas"].keys()


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("post", "/v1/lamps", "201 400 401 403 404 409 412 413 415 422 429 500 503"),
        ("get", "/v1/lamps", "200 400 401 422 429 500 503"),
        ("get", "/v1/lamps/{lamp_id}", "200 304 400 401 403 404 422 429 500 503"),
        ("put", "/v1/lamps/{lamp_id}", "200 400 401 403 404 409 412 413 415 422 428 429 500 503"),
    ],
)
def test_an_operation_names_every_status_it_can_have(
    document: dict[str, Any], method: str, path: str, statuses: str
) -> None:
    assert " ".join(sorted(document["paths"][path][method]["responses"])) == statuses


def test_answers_name_their_headers(document: dict[str, Any]) -> None:
    def headers(method: str, path: str, status: str) -> set[str]:
        return set(document["paths"][path][method]["responses"][status]["headers"])

    always = {"Request-Id", "RateLimit", "RateLimit-Policy"}
    assert headers("post", "/v1/lamps", "201") == always | {"ETag", "Location", "Idempotent-Replayed"}
    assert headers("get", "/v1/lamps", "200") == always | {"Link"}
    assert headers("get", "/v1/lamps/{lamp_id}", "200") == always | {"ETag"}


def test_a_creating_request_needs_its_key_once(document: dict[str, Any]) -> None:
    assert document["paths"]["/v1/lamps"]["post"]["parameters"] == [{"$ref": "#/components/parameters/IdempotencyKey"}]
    assert document["components"]["parameters"]["IdempotencyKey"]["required"] is True
    assert "parameters" in document["paths"]["/v1/lamps/{lamp_id}"]["put"]


def test_a_change_needs_the_version_that_a_move_may_name() -> None:
    given = [{"name": "If-Match", "in": "header", "schema": {}}]
    paths = {
        "/v1/lamps/{id}": {
            method: {"parameters": list(given), "responses": {"200": {"description": "so"}}}
            for method in ("put", "post")
        }
    }
    whole = complete({"paths": paths})
    item, shared = whole["paths"]["/v1/lamps/{id}"], whole["components"]["parameters"]
    assert item["put"]["parameters"] == [{"$ref": "#/components/parameters/IfMatch"}]
    assert item["post"]["parameters"] == [{"$ref": "#/components/parameters/IfMatchWhenSent"}]
    assert (shared["IfMatch"]["required"], shared["IfMatchWhenSent"]["required"]) == (True, False)
    assert complete(whole) == whole


def test_every_operation_has_an_example(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        contents = [one.get("content", {}) for status, one in operation["responses"].items() if status[0] == "2"]
        for media in [media for content in contents for media in content.values()]:
            assert "example" in media or "x-item-schema" in media, path
    example = document["paths"]["/v1/lamps"]["post"]["requestBody"]["content"]["application/json"]["example"]
    part = {"name": "济南虚", "on": "2015-10-08", "colour": "red", "parts": []}
    assert example == part
    NewLamp.model_validate_json(json.dumps(example))


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for child in value.values() for found in references(child)]
        return [found for child in value for found in references(child)] if isinstance(value, list) else []

    for reference in references(document):
        _, _, kind, name = reference.split("/")
        assert name in document["components"][kind], reference


def test_a_page_is_called_after_what_it_lists(document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/lamps"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/LampPage"}
    assert document["components"]["schemas"].keys() == {
        "Beam",
        "Colour",
        "FieldProblem",
        "Lamp",
        "LampPage",
        "NewLamp",
        "Problem",
    }


def test_a_class_name_that_nouns_share_gets_the_noun_as_prefix() -> None:
    long = "review_service__panel__expert_pools__lifecycle__State"
    use = {"type": "array", "items": {"$ref": f"#/components/schemas/{long}"}}
    schemas = {long: {"enum": ["drawn"]}, "Use": use}
    named = complete({"paths": {}, "components": {"schemas": schemas}})["components"]["schemas"]
    assert named["ExpertPoolsState"] == {
        "enum": ["drawn"],
        "title": "ExpertPoolsState",
        "x-enum-varnames": ["EXPERT_POOLS_STATE_DRAWN"],
    }
    assert named["Use"]["items"] == {"$ref": "#/components/schemas/ExpertPoolsState"}
    assert long not in named


def test_a_body_with_the_name_of_its_only_member_is_called_a_body() -> None:
    schemas = {"Reasons": {"properties": {"reasons": {}}}, "Use": {"items": {"$ref": "#/components/schemas/Reasons"}}}
    named = complete({"paths": {}, "components": {"schemas": schemas}})["components"]["schemas"]
    assert named.keys() == {"ReasonsBody", "Use", "Problem", "FieldProblem"}
    assert named["Use"]["items"] == {"$ref": "#/components/schemas/ReasonsBody"}


@pytest.mark.parametrize(
    ("schemas", "wrong"),
    [
        ({"Lamp": {"anyOf": [{"type": "array"}, {"type": "null"}]}}, "/Lamp is a list that may be null"),
        ({"Lamp": {"type": ["array", "null"]}}, "/Lamp is a list that may be null"),
        ({"Lamp_View": {}, "LampView": {}}, "the schema LampView and the schema Lamp_View become one type lampview"),
        ({"ReadLampResponse": {}}, "the operation read_lamp and the schema ReadLampResponse become one type"),
    ],
)
def test_a_document_that_generators_would_read_differently_is_not_made(schemas: dict[str, Any], wrong: str) -> None:
    paths = {"/v1/lamps": {"get": {"operationId": "read_lamp", "responses": {}}}}
    with pytest.raises(ValueError, match=wrong):
        complete({"paths": paths, "components": {"schemas": schemas}})


def test_the_scheme_is_a_bearer_token(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/v1/lamps"]["get"]["security"] == []


def test_a_stream_is_3_1_by_default_and_3_2_on_demand(document: dict[str, Any]) -> None:
    def media(whole: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = whole["paths"]["/v1/lamps/{lamp_id}/beams"]["get"]["responses"]["200"]["content"]
        return next(iter(found.values()))

    assert document["openapi"] == "3.1.0"
    assert "itemSchema" not in media(document)
    newer = as_3_2(document)
    assert newer["openapi"] == "3.2.0"
    assert media(newer)["itemSchema"] == media(document)["x-item-schema"]


def test_completing_again_changes_nothing(document: dict[str, Any]) -> None:
    assert complete(document) == document


def test_the_document_is_made_once() -> None:
    app = lamp_app()
    assert app.openapi() is app.openapi()


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "exclusiveMinimum": 5}, 6),
        ({"type": "number"}, 0.5),
        ({"type": "boolean"}, True),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, True),
        ({"type": "string", "format": "date-time"}, "2015-10-08T01:00:00Z"),
        ({"type": "string", "minLength": 4}, "示例例例"),
        ({"type": "array", "items": {"const": 1}, "minItems": 2}, [1, 1]),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": 2}]}, [1, 2]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"key": 1}),
        ({"type": "string", "examples": ["x"]}, "x"),
        ({"type": "null"}, None),
        ({"$ref": "#/components/schemas/Loop"}, None),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}, []),
    ],
)
def test_an_example_fits_its_schema(schema: dict[str, Any], value: object) -> None:
    assert example_of(schema, {"Loop": {"$ref": "#/components/schemas/Loop"}}) == value
