"""Problem documents: status, texts in two languages, places, and nothing of what the caller sent."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from string import Formatter
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import Field
from pydantic_core import PydanticCustomError
from pydantic_core._pydantic_core import list_all_errors
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from common.kernel.errors import Conflict, Invalid, MingpaiError, NotAllowed, NotFound, Refused, Stale, Transient
from common.kernel.text import ShortText, Text
from common.kernel.values.numbers import Count
from common.kernel.values.times import Day
from common.storage.database.engine import Unavailable
from common.web.answers import problems
from common.web.answers.language import preferred
from common.web.answers.problems import field_problems, problem_codes, status_of
from common.web.correlation import CorrelationMiddleware
from common.web.input.strict import Schema, StrictRoute
from common.web.input.validation_texts import TEXTS, field_message
from common.web.refusals import CursorInvalid, InvalidToken, TooManyRequests

ROOT = Path(__file__).parents[3]
PLANTED = "张三-13800000000"


class LampNotFound(NotFound):
    code, zh, en = "lamp-not-found", "没有这盏灯。", "There is no such lamp."


class LampForeign(NotAllowed):
    code, zh, en = "lamp-foreign", "须由另一人操作。", "Another person must do it."


class LampLit(Refused):
    code, zh, en = "lamp-lit", "灯已亮。", "The lamp is lit."


class LampTaken(Conflict):
    code, zh, en = "lamp-taken", "编号已被使用。", "The number is taken."


class LampStale(Stale):
    code, zh, en = "lamp-stale", "版本 {current}。", "Version {current}."


class LampTooBright(Invalid):
    code, zh, en = "lamp-too-bright", "亮度超过 {most}。", "Brighter than {most}."
    pointer = "/brightness"


class Part(Schema):
    on: Day
    size: Count


class Place(Schema):
    division: Annotated[str, Field(pattern="^[0-9]{6}$")]
    colour: Annotated[str, Field(pattern="^[a-z]{3}$")] = "red"


class Lamp(Schema):
    name: Text
    parts: Annotated[list[Part], Field(max_length=9)]


def raised() -> Iterator[tuple[str, Exception]]:
    yield "not-found", LampNotFound()
    yield "foreign", LampForeign()
    yield "lit", LampLit(current_state="lit", allowed_actions=["switch_off"])
    yield "taken", LampTaken()
    yield "stale", LampStale(current=4)
    yield "bright", LampTooBright(most=7)
    yield "cursor", CursorInvalid()
    yield "token", InvalidToken(reason="expired")
    yield "many", TooManyRequests(seconds=9, retry_after=9)
    yield "outside", Transient("smtp")
    yield "refused-connection", ConnectionRefusedError(PLANTED)
    yield "database", Unavailable(PLANTED)
    yield "no-table", OperationalError(PLANTED, {}, sqlite3.OperationalError("no such table"))
    yield "defect", ZeroDivisionError(PLANTED)
    yield "http-400", HTTPException(400, PLANTED)
    yield "http-500", HTTPException(501, PLANTED)


def lamp_app() -> FastAPI:
    app = FastAPI()
    errors = dict(raised())
    routes = APIRouter(route_class=StrictRoute)

    @routes.get("/raise/{name}")
    async def fail(name: ShortText) -> None:
        raise errors[name]

    @routes.post("/lamps")
    async def lamp(body: Lamp) -> None: ...

    @routes.post("/lamps/places")
    async def place(body: Place) -> None: ...

    @routes.get("/lamps")
    async def lamps(limit: Count = 1) -> None: ...

    app.include_router(routes)
    app.add_middleware(CorrelationMiddleware)
    problems.install(app)
    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(lamp_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as it:
        yield it


@pytest.mark.parametrize(
    ("name", "status", "code", "retryable"),
    [
        ("not-found", 404, "lamp-not-found", False),
        ("foreign", 403, "lamp-foreign", False),
        ("lit", 409, "lamp-lit", False),
        ("taken", 409, "lamp-taken", False),
        ("stale", 412, "lamp-stale", False),
        ("bright", 422, "lamp-too-bright", False),
        ("cursor", 400, "cursor-invalid", False),
        ("token", 401, "invalid-token", False),
        ("many", 429, "too-many-requests", True),
        ("outside", 503, "service-unavailable", True),
        ("refused-connection", 503, "service-unavailable", True),
        ("database", 503, "database-unavailable", True),
        ("no-table", 500, "internal-error", False),
        ("defect", 500, "internal-error", False),
        ("http-400", 400, "bad-request", False),
        ("http-500", 500, "internal-error", False),
    ],
)
async def test_every_error_becomes_its_problem(
    client: httpx.AsyncClient, name: str, status: int, code: str, *, retryable: bool
) -> None:
    answer = await client.get(f"/raise/{name}", headers={"Request-Id": "office-0001"})
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["request-id"] == "office-0001"
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["retryable"] is retryable
    assert document["type"] == f"/problems/{code}"
    assert document["request_id"] == "office-0001"
    assert document["instance"] == "urn:mingpai:request:office-0001"
    assert PLANTED not in answer.text
    problems.Problem.model_validate(document)


async def test_a_refusal_names_the_state_and_the_allowed_actions(client: httpx.AsyncClient) -> None:
    document = (await client.get("/raise/lit")).json()
    assert (document["current_state"], document["allowed_actions"]) == ("lit", ["switch_off"])


async def test_a_stale_version_comes_with_the_current_tag(client: httpx.AsyncClient) -> None:
    assert (await client.get("/raise/stale")).headers["etag"] == '"4"'


async def test_a_passing_refusal_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/raise/many")).headers["retry-after"] == "9"
    assert (await client.get("/raise/database")).headers["retry-after"] == "1"


async def test_a_missing_login_names_the_scheme(client: httpx.AsyncClient) -> None:
    assert (await client.get("/raise/token")).headers["www-authenticate"] == (
        'Bearer realm="mingpai", error="invalid_token"'
    )


async def test_an_invalid_field_of_the_domain_is_named(client: httpx.AsyncClient) -> None:
    assert (await client.get("/raise/bright")).json()["errors"] == [
        {"pointer": "/brightness", "code": "lamp-too-bright", "message": "亮度超过 7。", "in": "body"}
    ]


async def test_texts_are_chinese_unless_english_is_preferred(client: httpx.AsyncClient) -> None:
    chinese = await client.get("/raise/bright")
    english = await client.get("/raise/bright", headers={"Accept-Language": "en-GB,zh;q=0.5"})
    assert (chinese.json()["title"], chinese.json()["detail"]) == ("内容不符合要求", "亮度超过 7。")
    assert (english.json()["title"], english.json()["detail"]) == ("The content breaks a rule", "Brighter than 7.")
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-CN", "en")
    assert english.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "zh"),
        ("en", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US, en;q=0.9, zh;q=0.8", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("en;q=0.1", "en"),
        ("en;q=x", "zh"),
        ("en;q=nan", "zh"),
        ("en;q=0", "zh"),
    ],
)
def test_the_language_follows_the_ranking(header: str, lang: str) -> None:
    assert preferred(header) == lang


async def test_every_bad_field_is_named_and_nothing_is_repeated(client: httpx.AsyncClient) -> None:
    body = {"name": 1380000, "parts": [{"on": PLANTED, "size": "1"}], "owner": PLANTED}
    answer = await client.post("/lamps", json=body)
    assert answer.json()["detail"] == "请求中有 4 处不符合要求，详见 errors。"
    assert sorted((one["pointer"], one["code"], one["in"]) for one in answer.json()["errors"]) == [
        ("/name", "string_type", "body"),
        ("/owner", "extra_forbidden", "body"),
        ("/parts/0/on", "date_parsing", "body"),
        ("/parts/0/size", "int_type", "body"),
    ]
    assert PLANTED not in answer.text
    assert "1380000" not in answer.text


async def test_a_parameter_is_distinguished_from_a_field(client: httpx.AsyncClient) -> None:
    answer = await client.get("/lamps?limit=x&zzz=1", headers={"Accept-Language": "en"})
    assert [(one["in"], one["pointer"], one["message"]) for one in answer.json()["errors"]] == [
        ("query", "/zzz", "There is no such field."),
        ("query", "/limit", "Must be an integer."),
    ]


@pytest.mark.parametrize(
    ("content", "status", "code", "pointer"),
    [
        (b"{", 400, "malformed-json", None),
        (b'{"name": "\\ud800"}', 422, "text-not-storable", "/name"),
        (b'{"name": 1e999}', 422, "number-out-of-range", "/name"),
        (b'{"parts": [{"size": 9007199254740992}]}', 422, "number-out-of-range", "/parts/0/size"),
        (b"[" * 500 + b"]" * 500, 400, "json-too-deep", None),
        (b'{"a": 1, "a": 2}', 400, "duplicate-key", "/a"),
    ],
)
async def test_an_unreadable_body_is_a_problem_of_its_own(
    client: httpx.AsyncClient, content: bytes, status: int, code: str, pointer: str | None
) -> None:
    answer = await client.post("/lamps", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [one["pointer"] for one in answer.json().get("errors", [])] == ([] if pointer is None else [pointer])


async def test_a_wrong_address_and_a_wrong_method_are_problems_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).json()["code"] == "path-not-found"
    wrong = await client.delete("/lamps")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method-not-allowed")
    assert wrong.headers["allow"]


async def test_a_defect_reaches_the_log_and_the_server(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        await client.get("/raise/defect", headers={"Request-Id": "office-0002"})
    assert [(one["event"], one["log_level"], one["request_id"]) for one in logs] == [
        ("unexpected error", "error", "office-0002")
    ]
    loud = httpx.AsyncClient(transport=httpx.ASGITransport(lamp_app()), base_url="http://test")
    with pytest.raises(ZeroDivisionError):
        await loud.get("/raise/defect")


async def test_why_a_token_failed_is_logged_and_not_answered(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await client.get("/raise/token")
    assert logs == [
        {"event": "refused", "log_level": "info", "code": "invalid-token", "status": 401, "reason": "expired"}
    ]
    assert "expired" not in answer.json()


def test_every_error_type_of_pydantic_has_both_texts() -> None:
    known = list_all_errors()
    assert {one["type"] for one in known} - TEXTS.keys() == set()
    for one in known:
        context = one.get("example_context") or {}
        for lang in ("zh", "en"):
            assert "{" not in field_message(one["type"], context, lang)


def test_every_error_type_of_ours_has_both_texts() -> None:
    raised = re.compile(r'PydanticCustomError\(\s*"(\w+)"')
    sources = [path for folder in ("libs", "services", "deploy") for path in (ROOT / folder).glob("**/src/**/*.py")]
    own = {kind for path in sources for kind in raised.findall(path.read_text())}
    assert "uscc_invalid" in own
    assert own - TEXTS.keys() == set()


def test_the_texts_name_rules_only() -> None:
    named = {name for row in TEXTS.values() for part in row for _, name, _, _ in Formatter().parse(part) if name}
    assert not named & {"tag", "error", "actual_length", "input", "encoding_error", "attribute", "tz_actual"}
    assert {name for _, name, _, _ in Formatter().parse(TEXTS["enum"][0]) if name} == {"expected"}


def test_both_texts_of_a_row_name_the_same_rule() -> None:
    def names(part: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(part) if name}

    assert [kind for kind, (zh, en) in TEXTS.items() if names(zh) != names(en)] == []


def test_a_nouns_own_error_type_brings_its_texts() -> None:
    error = PydanticCustomError("lamp_dark", "dark {zh}{en}", {"zh": "灯是黑的。", "en": "The lamp is dark."})
    assert field_message("lamp_dark", error.context or {}, "zh") == "灯是黑的。"
    assert field_message("lamp_dark", error.context or {}, "en") == "The lamp is dark."
    assert field_message("lamp_odd", {}, "en") == "The value breaks a rule."


@pytest.mark.parametrize(
    ("loc", "pointer"),
    [
        (("body", "it", "Order", "text"), "/it/text"),
        (("body", "it", "items", 1, "int"), "/it/items/1"),
        (("body", "it", "absent"), "/it/absent"),
        (("body", "it", "a/b~c"), "/it/a~1b~0c"),
        (("body",), ""),
    ],
)
def test_a_pointer_leaves_out_what_pydantic_adds_for_unions(loc: tuple[str | int, ...], pointer: str) -> None:
    body = {"it": {"items": [1, "x"], "a/b~c": 1}}
    assert [one.pointer for one in field_problems([{"loc": loc, "type": "missing"}], "zh", body=body)] == [pointer]


def test_no_more_than_a_hundred_fields_are_listed() -> None:
    assert len(field_problems([{"loc": ("body", i), "type": "missing"} for i in range(500)], "zh")) == 100


def test_codes_are_defined_once_and_sorted() -> None:
    codes = problem_codes()
    assert list(codes) == sorted(codes)
    assert codes["lamp-lit"] is LampLit
    assert codes["malformed-json"].__module__ == "common.web.refusals"
    assert all(400 <= status_of(kind) < 600 for kind in codes.values())


def test_a_code_defined_twice_is_an_error_of_ours() -> None:
    class Twice(MingpaiError):  # noqa: N818 -- as the refusals it stands for
        code, zh, en, category = "lamp-lit", "x", "x", LampLit.category

    try:
        with pytest.raises(TypeError, match="share the code 'lamp-lit'"):
            problem_codes()
    finally:
        Twice.code = "twice"


async def test_a_wrong_format_is_explained_without_its_expression(client: httpx.AsyncClient) -> None:
    for header, message in (
        ("zh", "格式不符合要求。六位行政区划代码（GB/T 2260）。"),
        ("en", "The format is not the required one. The six-digit code of the division (GB/T 2260)."),
    ):
        answer = await client.post("/lamps/places", json={"division": "x"}, headers={"Accept-Language": header})
        assert [one["message"] for one in answer.json()["errors"]] == [message]
    (unknown,) = (await client.post("/lamps/places", json={"division": "370102", "colour": "x"})).json()["errors"]
    assert (unknown["code"], unknown["message"]) == ("string_pattern_mismatch", "格式不符合要求。")


def test_no_text_about_a_field_shows_an_expression() -> None:
    named = {name for row in TEXTS.values() for part in row for _, name, _, _ in Formatter().parse(part)}
    assert "pattern" not in named
