"""Code generators and strict validators take every document whole: the services', the combined one, the events'."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from common.contracts.asyncapi import document as asyncapi
from common.contracts.schema import schema_documents
from common.web.documents.shapes import nullable_lists
from embedded.origin.documents import combined
from support.rules.documents import component_flaws, openapi_flaws, silent_members, strict_flaws

SCHEMAS = "/components/schemas"


def payloads(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of an AsyncAPI document, with its place."""
    yield from document["components"]["schemas"].items()
    for name, message in document["components"]["messages"].items():
        yield from ((f"{name}, {part}", message[part]) for part in ("headers", "payload") if part in message)


def test_every_openapi_document_is_taken_whole(documents: dict[str, dict[str, Any]]) -> None:
    every = documents | {"combined": combined(documents)}
    assert {name: openapi_flaws(document) for name, document in every.items()} == {name: [] for name in every}


def test_the_asyncapi_document_is_taken_whole() -> None:
    document = asyncapi()
    found = [*component_flaws(document["components"]["schemas"]), *nullable_lists(document)]
    for name, schema in payloads(document):
        found += (f"{name}{flaw}" for flaw in [*strict_flaws(schema), *silent_members(schema)])
    assert found == []


def test_a_strict_validator_takes_the_schema_of_every_event() -> None:
    documents = schema_documents("https://mingpai.example.org")
    found = {
        name: [*strict_flaws(schema), *nullable_lists(schema), *silent_members(schema)]
        for name, schema in documents.items()
    }
    assert found == {name: [] for name in documents}
    assert len(documents) > 30


def test_the_address_of_a_schema_is_absolute_wherever_it_is_described(documents: dict[str, dict[str, Any]]) -> None:
    envelopes = [properties for _, schema in payloads(asyncapi()) if (properties := schema.get("properties", {}))]
    described = [one[key] for one in envelopes for key in ("dataschema", "ce_dataschema") if key in one]
    described.append(documents["notifications"]["components"]["schemas"]["CloudEvent"]["properties"]["dataschema"])
    assert len(described) > 50
    assert {one["format"] for one in described} == {"uri"}


def enum(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["BrandView"]["properties"]["colour"] = {"enum": ["red"], "description": "planted"}


def nullable(document: dict[str, Any]) -> None:
    schema = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}], "description": "planted"}
    document["components"]["schemas"]["BrandView"]["properties"]["colours"] = schema


def title(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["BrandState"]["title"] = "State"


def value(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["ActsState"]["x-enum-varnames"][0] = "BRAND_STATE_ACTIVE"


def value_without(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["ActsState"]["x-enum-varnames"][0]


def member(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["BrandView"]["properties"]["brand_view"] = {"description": "planted"}


def name(document: dict[str, Any]) -> None:
    document["info"]["title"] = "名牌"


def type_name(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Body_x"] = {"title": "Body_x", "description": "planted"}


def number(document: dict[str, Any]) -> None:
    given = document["paths"]["/v1/brands/{number}"]["get"]["parameters"]
    given[0]["example"] = 1


def silent(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["BrandView"]["properties"]["colour"] = {"type": "string"}


def file(document: dict[str, Any]) -> None:
    schema = {"type": "string", "contentMediaType": "application/octet-stream", "description": "planted"}
    document["components"]["schemas"]["BrandView"]["properties"]["picture"] = schema


def double(document: dict[str, Any]) -> None:
    document["paths"]["/v1/acts"]["get"]["operationId"] = "list_brands"


def noun(document: dict[str, Any]) -> None:
    document["paths"]["/v1/brands"]["get"]["operationId"] = "brands"


def type_of_two(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["ListBrandsResponse"] = {"title": "ListBrandsResponse", "description": "planted"}


def example(document: dict[str, Any]) -> None:
    media = document["paths"]["/v1/brands"]["get"]["responses"]["200"]["content"]["application/json"]
    media["example"] = {**media["example"], "items": 1}


def parameter(document: dict[str, Any]) -> None:
    given = document["paths"]["/v1/brands"]["get"]["parameters"]
    state = next(one for one in given if one.get("name") == "status")
    del state["explode"], state["description"]
    limit = next(one for one in given if one.get("name") == "limit")
    limit["schema"] = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


@pytest.mark.parametrize(
    ("plant", "flaws"),
    [
        (enum, [f"{SCHEMAS}/BrandView/colour is a type without a name: make it a component"]),
        (nullable, [f"{SCHEMAS}/BrandView/properties/colours is a list that may be null"]),
        (title, [f"{SCHEMAS}/BrandState is titled State"]),
        (value, [f"{SCHEMAS}/ActsState has a value named BRAND_STATE_ACTIVE, as has BrandState"]),
        (value_without, [f"{SCHEMAS}/ActsState has 4 values and 3 names for them"]),
        (member, [f"{SCHEMAS}/BrandView is called as its own member"]),
        (name, ["/info/title is not ASCII, yet packages are named after it"]),
        (type_name, [f"{SCHEMAS}/Body_x is no name of a type"]),
        (number, ['GET /v1/brands/{number} has a wrong example in number: 1 is not of type "string"']),
        (silent, [f"{SCHEMAS}/BrandView/colour is not described"]),
        (file, [f"{SCHEMAS}/BrandView/picture is a file in one of the two ways only"]),
        (double, ["GET /v1/acts has the operation id of GET /v1/brands"]),
        (noun, ["GET /v1/brands has an operation id that is not verb_noun"]),
        (
            type_of_two,
            ["the operation list_brands and the schema ListBrandsResponse become one type listbrandsresponse"],
        ),
        (example, ['GET /v1/brands has a wrong example in 200: 1 is not of type "array"']),
        (
            parameter,
            [
                "GET /v1/brands: limit is not plain",
                "GET /v1/brands: status is a list that does not say how it is written",
                "GET /v1/brands: status is not described",
            ],
        ),
    ],
)
def test_what_is_planted_is_found(documents: dict[str, dict[str, Any]], plant: Any, flaws: list[str]) -> None:  # noqa: ANN401 -- a function above
    planted = copy.deepcopy(documents["registry"])
    plant(planted)
    assert openapi_flaws(planted) == flaws


@pytest.mark.parametrize(
    ("keywords", "flaw"),
    [
        ({"x-audience": "public"}, "/x-audience is no keyword of JSON Schema 2020-12"),
        ({"format": "colour"}, " has the format colour, which validators do not know"),
        ({"type": ["string", "null"]}, " has several types; anyOf says which keyword is for which"),
        ({"minimum": 1}, " is no number, yet it has minimum"),
        ({"$defs": {"Part": {"title": "Other"}}}, "/$defs/Part is titled Other"),
        ({"anyOf": [{"nullable": True}]}, "/anyOf/0/nullable is no keyword of JSON Schema 2020-12"),
    ],
)
def test_what_a_strict_validator_would_refuse_is_found(keywords: dict[str, Any], flaw: str) -> None:
    assert list(strict_flaws({"type": "string"} | keywords)) == [flaw]


def test_a_member_that_nothing_describes_is_found() -> None:
    part = {"properties": {"colour": {"type": "string"}, "frame": {"$ref": "#/$defs/Frame"}}}
    assert list(silent_members({"items": part})) == ["/items/properties/colour is not described"]


def test_a_required_member_that_is_not_described_is_found() -> None:
    assert list(strict_flaws({"type": "object", "required": ["a"]})) == [" requires a, which it does not describe"]
