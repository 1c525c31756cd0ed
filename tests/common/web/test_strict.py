"""Bodies and parameters: what is refused, with which code and where; and what passes unchanged."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, Body, FastAPI, Query
from pydantic import Field, ValidationError, create_model
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from common.kernel.text import Text
from common.kernel.values.numbers import MAX_WHOLE, Count, Points
from common.kernel.values.times import Day, Instant
from common.web.input.strict import (
    Filters,
    JsonObject,
    RefusedOnReading,
    Schema,
    StrictRoute,
    parse_json,
)
from common.web.refusals import (
    DuplicateKey,
    JsonTooDeep,
    JsonTooManyValues,
    MalformedJson,
    NumberOutOfRange,
    TextNotStorable,
    WebRefusal,
)
from common.web.resources import Resource

NESTED_32 = b"[" * 32 + b"]" * 32


@pytest.mark.parametrize(
    ("body", "refusal", "pointer"),
    [
        (b"", MalformedJson, None),
        (b"{", MalformedJson, None),
        (b"\xef\xbb\xbf{}", MalformedJson, None),
        (b'"\xff"', MalformedJson, None),
        (b'"\xed\xa0\x80"', MalformedJson, None),
        (b'"a\nb"', MalformedJson, None),
        (b"[NaN]", MalformedJson, None),
        (b"[-Infinity]", MalformedJson, None),
        (b"{}{}", MalformedJson, None),
        (b'{"a": {"b": 1, "c": 2, "b": 1}}', DuplicateKey, "/a/b"),
        (b'{"a": [0, 1e999]}', NumberOutOfRange, "/a/1"),
        (b"-1e999", NumberOutOfRange, ""),
        (b'{"a/b~c": 9007199254740992}', NumberOutOfRange, "/a~1b~0c"),
        (b"-9007199254740992", NumberOutOfRange, ""),
        (b"9" * 5000, NumberOutOfRange, ""),
        (b'{"a": "\\ud800"}', TextNotStorable, "/a"),
        (b'{"a": {"\\udfff": 1}}', TextNotStorable, "/a"),
        (b'["\\u0000"]', TextNotStorable, "/0"),
        (b"[" * 500_000, JsonTooManyValues, None),
        (b"[" * 33 + b"]" * 33, JsonTooDeep, None),
        (b"[" * 19_000, JsonTooDeep, None),
        (b'{"a":' * 500 + b"1" + b"}" * 500, JsonTooDeep, None),
    ],
)
def test_a_body_that_not_every_part_could_hold_is_refused_at_its_place(
    body: bytes, refusal: type[WebRefusal], pointer: str | None
) -> None:
    with pytest.raises(refusal) as caught:
        parse_json(body)
    assert caught.value.pointer == pointer


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"9007199254740991", 9007199254740991),
        (b"-9007199254740991", -9007199254740991),
        (b"1.5e300", 1.5e300),
        ('"𠮷\\ud842\\udfb7"'.encode(), "𠮷𠮷"),
        (b'{"a": [true, null, "\\n"]}', {"a": [True, None, "\n"]}),
    ],
)
def test_a_body_at_the_limits_passes_unchanged(body: bytes, value: object) -> None:
    assert parse_json(body) == value


def test_a_body_nested_32_deep_passes() -> None:
    parse_json(NESTED_32)


class Kind(StrEnum):
    GOLD = "gold"


class Part(Schema):
    on: Day
    parts: "Annotated[tuple[Part, ...], Field(max_length=9)]" = ()


class Order(Schema):
    kind: Literal["order"] = "order"
    at: Instant
    amount: Points
    colour: Kind
    count: Count
    text: Text
    agreed: bool = True
    part: Part | None = None
    pair: tuple[Count, Count] = (1, 2)


class Note(Schema):
    kind: Literal["note"]
    text: Text


ORDER = {"at": "2015-10-08T09:00:00+08:00", "amount": "12.50", "colour": "gold", "count": 3, "text": "x"}


Whole = Annotated[int, Field(ge=-MAX_WHOLE, le=MAX_WHOLE)]


class Filter(Filters):
    state: Kind | None = None
    page: Whole = 1
    tag: tuple[str, ...] = ()


def strict_app() -> FastAPI:
    """Return an app with strict routes that answer with the name of the refusal or with what they read."""
    app = FastAPI()
    inner = APIRouter(route_class=StrictRoute)

    @inner.post("/orders")
    async def order(body: Order) -> Order:
        return body

    @inner.post("/kinds")
    async def kinds(body: Annotated[Order | Note, Body(discriminator="kind")]) -> str:
        return type(body).__name__

    @inner.post("/embedded")
    async def embedded(part: Part, count: Annotated[Count, Body(strict=True)]) -> str:
        return f"{part.on} {count}"

    @inner.get("/filtered")
    async def filtered(filters: Annotated[Filter, Query()]) -> list[object]:
        return [filters.state, filters.page, filters.tag]

    @inner.get("/things/{number}")
    async def thing(
        number: Whole, limit: Whole = 1, q: str = "", tag: Annotated[list[Whole] | None, Query()] = None
    ) -> str:
        return f"{number} {limit} {q} {tag}"

    app.include_router(inner, prefix="/v1")

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        code = error.refusal.code if isinstance(error, RefusedOnReading) else error.detail
        return JSONResponse({"code": code}, error.status_code)

    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(strict_app()), base_url="http://test/v1") as it:
        yield it


async def test_dates_decimals_and_enums_are_read_from_their_text(client: httpx.AsyncClient) -> None:
    answer = await client.post("/orders", json={**ORDER, "part": {"on": "2015-10-08", "parts": [{"on": "2016-01-01"}]}})
    assert answer.status_code == 200
    assert answer.json()["part"] == {"on": "2015-10-08", "parts": [{"on": "2016-01-01", "parts": []}]}
    assert answer.json()["amount"] == "12.50"


@pytest.mark.parametrize(
    ("change", "loc", "kind"),
    [
        ({"count": "3"}, ["count"], "int_type"),
        ({"count": 3.0}, ["count"], "int_type"),
        ({"count": True}, ["count"], "int_type"),
        ({"text": 3}, ["text"], "string_type"),
        ({"text": None}, ["text"], "string_type"),
        ({"agreed": "true"}, ["agreed"], "bool_type"),
        ({"agreed": 1}, ["agreed"], "bool_type"),
        ({"at": 5}, ["at"], "datetime_type"),
        ({"at": "1445212800"}, ["at"], "datetime_parsing"),
        ({"part": {"on": "1445212800"}}, ["part", "on"], "date_parsing"),
        ({"colour": "red"}, ["colour"], "enum"),
        ({"amount": "NaN"}, ["amount"], "points_not_a_decimal_string"),
        ({"amount": 12.5}, ["amount"], "points_not_a_decimal_string"),
        ({"part": {"on": 5}}, ["part", "on"], "date_type"),
        ({"part": {"on": "2015-10-08", "parts": [{"on": 1}]}}, ["part", "parts", 0, "on"], "date_type"),
        ({"part": {"on": "2015-10-08", "zzz": 1}}, ["part", "zzz"], "extra_forbidden"),
        ({"zzz": 1}, ["zzz"], "extra_forbidden"),
    ],
)
async def test_nothing_is_coerced(
    client: httpx.AsyncClient, change: dict[str, object], loc: list[object], kind: str
) -> None:
    answer = await client.post("/orders", json={**ORDER, **change})
    assert answer.status_code == 422
    assert [(error["loc"], error["type"]) for error in answer.json()["detail"]] == [(["body", *loc], kind)]


async def test_a_union_is_distinguished_by_its_kind(client: httpx.AsyncClient) -> None:
    assert (await client.post("/kinds", json={**ORDER, "kind": "order"})).json() == "Order"
    assert (await client.post("/kinds", json={"kind": "note", "text": "x"})).json() == "Note"
    wrong = await client.post("/kinds", json={"kind": "note", "text": 1})
    assert [(error["loc"], error["type"]) for error in wrong.json()["detail"]] == [
        (["body", "note", "text"], "string_type")
    ]


async def test_several_bodies_are_read_like_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/embedded", json={"part": {"on": "2015-10-08"}, "count": 2})
    assert answer.json() == "2015-10-08 2"


@pytest.mark.parametrize(
    ("headers", "content", "status", "code"),
    [
        ({"content-type": "text/plain"}, b"{}", 415, "unsupported-media-type"),
        ({}, b"{}", 415, "unsupported-media-type"),
        ({"content-type": "application/json; charset=gbk"}, b"{}", 415, "unsupported-media-type"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, b"{}", 415, "unsupported-media-type"),
        ({"content-type": "application/json"}, b"{", 400, "malformed-json"),
        ({"content-type": "application/json"}, b'{"a":1,"a":1}', 400, "duplicate-key"),
        ({"content-type": "application/json"}, b" " * 1_048_577, 413, "body-too-large"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_with_its_code(
    client: httpx.AsyncClient, headers: dict[str, str], content: bytes, status: int, code: str
) -> None:
    answer = await client.post("/orders", headers=headers, content=content)
    assert (answer.status_code, answer.json()) == (status, {"code": code})


async def test_a_body_without_a_length_is_capped_as_it_arrives(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b" " * 65_536

    answer = await client.post("/orders", headers={"content-type": "application/json"}, content=endless())
    assert (answer.status_code, answer.json()) == (413, {"code": "body-too-large"})
    assert "content-length" not in answer.request.headers


async def test_a_patch_type_counts_as_json(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/merge-patch+json; charset=UTF-8"}
    answer = await client.post("/kinds", headers=headers, content=b'{"kind":"note","text":"x"}')
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "loc", "kind"),
    [
        ("/things/1?unknown=1", ["query", "unknown"], "extra_forbidden"),
        ("/things/1?limit=1&limit=2", ["query", "limit"], "parameter_repeated"),
        ("/things/1?limit=9007199254740992", ["query", "limit"], "int_out_of_range"),
        ("/things/1?limit=" + "9" * 5000, ["query", "limit"], "int_out_of_range"),
        ("/things/1?tag=1&tag=" + "9" * 20, ["query", "tag"], "int_out_of_range"),
        ("/things/9223372036854775808", ["path", "number"], "int_out_of_range"),
        ("/things/x", ["path", "number"], "int_parsing"),
        ("/things/1?limit=1.0", ["query", "limit"], "int_parsing"),
        ("/things/1?limit=%EF%BC%91", ["query", "limit"], "int_parsing"),
        ("/things/1?limit=+1", ["query", "limit"], "int_parsing"),
        ("/things/1?limit=-0", ["query", "limit"], "int_parsing"),
        ("/things/1?limit=1_0", ["query", "limit"], "int_parsing"),
        ("/things/1?limit=%D9%A1", ["query", "limit"], "int_parsing"),
        ("/things/1?q=%ED%A0%80", ["query"], "parameter_text"),
        ("/things/1?q=%00", ["query"], "parameter_text"),
        ("/things/1?q=%0A", ["query"], "parameter_text"),
        ("/things/1?%FF=1", ["query"], "parameter_text"),
        ("/things/1%00", ["path"], "parameter_text"),
        ("/filtered?zzz=1", ["query", "zzz"], "extra_forbidden"),
        ("/filtered?page=99999999999999999999", ["query", "page"], "int_out_of_range"),
        ("/filtered?state=red", ["query", "state"], "enum"),
    ],
)
async def test_a_parameter_that_could_not_be_held_is_refused(
    client: httpx.AsyncClient, path: str, loc: list[str], kind: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == 422
    assert [(error["loc"], error["type"]) for error in answer.json()["detail"]] == [(loc, kind)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/things/7", "7 1  None"),
        ("/things/-9007199254740991?limit=9007199254740991", "-9007199254740991 9007199254740991  None"),
        ("/things/1?q=913700001234567890&tag=1&tag=2", "1 1 913700001234567890 [1, 2]"),
        ("/things/1?q=a+%F0%A0%AE%B7", "1 1 a 𠮷 None"),
        ("/filtered?state=gold&page=2&tag=a&tag=b", ["gold", 2, ["a", "b"]]),
    ],
)
async def test_known_parameters_pass(client: httpx.AsyncClient, path: str, value: object) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (200, value)


def test_python_values_are_taken_only_in_their_own_type() -> None:
    given = {"at": datetime(2015, 10, 8, tzinfo=UTC), "amount": "1", "count": 1, "text": "x"}
    assert Order.model_validate({**given, "colour": Kind.GOLD}).colour is Kind.GOLD
    for wrong in ({"colour": "gold"}, {"colour": Kind.GOLD, "count": "1"}):
        with pytest.raises(ValidationError):
            Order.model_validate({**given, **wrong})
    assert Part.model_validate(JsonObject(on="2015-10-08")) == Part.model_validate_json('{"on": "2015-10-08"}')


UNBOUNDED = [
    int,
    str,
    float,
    Decimal,
    date,
    datetime,
    dict[str, Any],
    list[Count],
    Annotated[int, Field(ge=0)],
    Annotated[list[str], Field(max_length=3)],
    dict[Text, Count],
    Annotated[dict[Text, Any], Field(max_length=3)],
    date | None,
    Annotated[tuple[date, ...], Field(max_length=3)],
]


@pytest.mark.parametrize("annotation", UNBOUNDED, ids=range(len(UNBOUNDED)))
def test_a_model_with_a_field_that_takes_anything_cannot_be_declared(annotation: Any) -> None:  # noqa: ANN401 -- any type
    with pytest.raises(TypeError, match=r"Loose\.field: "):
        create_model("Loose", __base__=Schema, field=(annotation, ...))


@pytest.mark.parametrize("annotation", [int, float, Decimal, date, datetime, date | None, list[int]], ids=str)
def test_a_route_with_a_parameter_that_takes_anything_cannot_be_declared(annotation: Any) -> None:  # noqa: ANN401 -- any type
    async def loose(field: annotation) -> None:
        """Take anything."""

    with pytest.raises(TypeError, match=r"field\): "):
        APIRouter(route_class=StrictRoute).add_api_route("/loose", loose)
    with pytest.raises(TypeError, match=r"Loose\.field: "):
        create_model("Loose", __base__=Filters, field=(annotation, ...))


def test_a_schema_cannot_be_changed() -> None:
    part = Part(on=date(2015, 10, 8))
    with pytest.raises(ValidationError):
        part.on = date(2016, 1, 1)  # type: ignore[misc]  # the refusal is the point


def test_a_schema_describes_its_json_form() -> None:
    document = Order.model_json_schema()
    assert document["properties"]["at"] == {"format": "date-time", "title": "At", "type": "string"}
    assert document["additionalProperties"] is False


def test_a_resource_is_read_from_attributes() -> None:
    class Row:
        version = 3
        name = "x"
        secret = "y"

    class Thing(Resource):
        name: str

    assert Thing.model_validate(Row()).model_dump() == {"version": 3, "name": "x"}


def test_nested_and_recursive_schemas_are_components_of_their_own() -> None:
    document = Order.model_json_schema()
    part = {"anyOf": [{"$ref": "#/$defs/Part"}, {"type": "null"}], "default": None}
    assert document["properties"]["part"] == part
    assert document["$defs"]["Part"]["properties"]["parts"]["items"] == {"$ref": "#/$defs/Part"}


def test_a_schema_reads_json_text_itself() -> None:
    text = '{"kind": "order", "at": "2015-10-08T09:00:00Z", "amount": "1", "colour": "gold", "count": 1, "text": "x"}'
    assert Order.model_validate_json(text).colour is Kind.GOLD
    with pytest.raises(ValidationError) as refused:
        Order.model_validate_json(text.replace('"gold"', '"red"'))
    assert [error["loc"] for error in refused.value.errors()] == [("colour",)]
    with pytest.raises(ValidationError):
        Order.model_validate_json("5")
