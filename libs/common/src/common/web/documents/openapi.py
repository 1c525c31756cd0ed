"""The OpenAPI document of a service: FastAPI's own, completed with the parts that all routes share.

Every refusal is a `Problem`, answers name their headers, every operation has an example and its words in both
languages. Written as 3.1; `itemSchema`, which only 3.2 has, is kept as `x-item-schema`, and `as_3_2` restores it.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from common.web.answers.etag import STRONG_ETAG
from common.web.answers.problems import PROBLEM_JSON, Problem
from common.web.documents.examples import example_of
from common.web.documents.naming import noun_of_states, put_words
from common.web.documents.shapes import like_a_member, put_shapes

Document = dict[str, Any]

GUIDE: Final = Path(__file__).with_name("guide.md").read_text("utf-8")
"""How to begin: the description of every document."""

_PAGE: Final = re.compile(r'("#/components/schemas/|")Page_(\w+)_(")')
_FORM: Final = re.compile(r'("#/components/schemas/|")Body_(\w+)(?=")')
_OF_NOUN: Final = re.compile(r'("#/components/schemas/|")([a-z]+_service__[a-z_]+__[A-Z]\w*)(?=")')
_STATE: Final = re.compile(r'("#/components/schemas/|")(State)(?=")')
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_NOT_OURS: Final = ("HTTPValidationError", "ValidationError")
_ALWAYS: Final = (400, 401, 422, 429, 500, 503)
_ON_WRITING: Final = (409, 412, 413, 415)
RESUMES: Final = "after"
"""The parameter of a list that is read on for ever; its cursor can be gone (410)."""

_ETAG_SCHEMA: Final[Document] = {"type": "string", "pattern": STRONG_ETAG}

_HEADERS: Final[Mapping[str, Document]] = {
    "Request-Id": {
        "description": "names the request in logs and problems",
        "required": True,
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "the limit that counted this request, what is left of it (r) and until when (t, seconds)",
        "schema": {"type": "string"},
        "example": '"default";r=5999;t=60',
    },
    "RateLimit-Policy": {
        "description": "that limit's requests (q) in its window (w, seconds)",
        "schema": {"type": "string"},
        "example": '"default";q=6000;w=60',
    },
    "ETag": {"description": "the version, for If-Match and If-None-Match", "required": True, "schema": _ETAG_SCHEMA},
    "Location": {
        "description": "where the created resource is",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Link": {"description": "first and next page (RFC 8288)", "required": True, "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "true: the stored answer of an earlier request with this key",
        "schema": {"type": "string", "const": "true"},
    },
    "Retry-After": {"description": "seconds after which to try again", "schema": {"type": "integer"}},
}
_ON_EVERY_ANSWER: Final = ("Request-Id", "RateLimit", "RateLimit-Policy")

_IDEMPOTENCY_KEY: Final[Document] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": (
        "每次业务操作使用一个键；重发同一请求得到同一答复，保留 72 小时。"
        "One key per intended effect; repeating the request repeats the answer."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "6f1c9a52-one-key-per-effect",
}

_IF_MATCH: Final[Document] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "最近一次读取所得的 ETag。The ETag last read.",
    "schema": _ETAG_SCHEMA,
    "example": '"3"',
}
_PARAMETERS: Final[Mapping[str, Document]] = {
    "IdempotencyKey": _IDEMPOTENCY_KEY,
    "IfMatch": _IF_MATCH,
    "IfMatchWhenSent": {**_IF_MATCH, "required": False},
}

_BEARER: Final[Document] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "OAuth 2.0 访问令牌（typ at+jwt，aud mingpai）。An OAuth 2.0 access token.",
}


def install(app: FastAPI) -> None:
    """Make the app serve the completed document, which is made once."""
    plain = app.openapi
    made: list[Document] = []

    def openapi() -> Document:
        if not made:
            made.append(complete(plain()))
        return made[0]

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to replace it


def complete(document: Mapping[str, Any]) -> Document:
    """Return the document with its guide, problems, headers, parameters, security scheme, words, shapes and examples.

    Raises ValueError when the document could not be read alike by every code generator.
    """
    whole = _with_short_names(document)
    whole["openapi"] = "3.1.0"
    whole.setdefault("info", {})["description"] = GUIDE
    whole.setdefault("servers", [{"url": "/"}])
    components = whole.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _NOT_OURS:
        schemas.pop(name, None)
    _, problem = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    schemas.update(problem["$defs"])
    components["headers"] = copy.deepcopy(dict(_HEADERS))
    components["responses"] = {"Problem": _problem_response(schemas)}
    components["parameters"] = copy.deepcopy(dict(_PARAMETERS))
    components["securitySchemes"] = {"bearer": copy.deepcopy(_BEARER)}
    for method, path, operation in operations(whole):
        _complete_operation(operation, method=method, path=path, schemas=schemas)
    put_shapes(whole, operations(whole))
    put_words(whole, operations(whole))
    return whole


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Document]]:
    """Return every operation with its method and path."""
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                yield method, path, item[method]


def as_3_2(document: Mapping[str, Any]) -> Document:
    """Return the same document as OpenAPI 3.2, which can describe the items of a stream."""
    whole: Document = copy.deepcopy(dict(document))
    whole["openapi"] = "3.2.0"
    for media in _media_types(whole):
        if "x-item-schema" in media:
            media["itemSchema"] = media.pop("x-item-schema")
    return whole


def _media_types(document: Mapping[str, Any]) -> Iterator[Document]:
    for _, _, operation in operations(document):
        yield from operation.get("requestBody", {}).get("content", {}).values()
        for response in operation.get("responses", {}).values():
            yield from response.get("content", {}).values()


def _with_short_names(document: Mapping[str, Any]) -> Document:
    """Copy the document with short names of components.

    A page is a `ThingPage`, not a `Page_Thing_`, and the body that FastAPI makes of the parts of a form is an
    `AttachFileForm`, not a `Body_attach_file`. States are named after their noun: `ThingsState`, whether another
    noun of the service has a `State` (`review_service__cases__reviews__lifecycle__State`) or not (`State`), so that a
    new noun renames nothing. A schema with one name with a member of its own is a body: `ReasonsBody`, because some
    languages call the object and the member alike.
    """
    text = _PAGE.sub(r"\1\2Page\3", json.dumps(document))
    text = _FORM.sub(lambda found: f"{found[1]}{_capital(found[2])}Form", text)
    text = _OF_NOUN.sub(lambda found: f"{found[1]}{_short(found[2])}", text)
    state = document.get("components", {}).get("schemas", {}).get("State", {})
    noun = noun_of_states(state.get("enum", ()))
    if noun is not None:
        text = _STATE.sub(rf"\1{_capital(noun)}State", text)
    whole: Document = json.loads(text)
    schemas: Document = whole.get("components", {}).get("schemas", {})
    bodies = {name: f"{name}Body" for name, schema in schemas.items() if like_a_member(name, schema)}
    if not bodies:
        return whole
    whole["components"]["schemas"] = {bodies.get(name, name): schema for name, schema in schemas.items()}
    referred = re.compile(rf'(?<="#/components/schemas/)({"|".join(bodies)})(?=")')
    renamed: Document = json.loads(referred.sub(lambda found: bodies[found[1]], json.dumps(whole)))
    return renamed


def _short(long: str) -> str:
    """Return the noun and the class of a name like `review_service__cases__reviews__lifecycle__State`."""
    *_, noun, _, kind = long.split("__")
    return f"{_capital(noun)}{kind}"


def _capital(noun: str) -> str:
    return noun.title().replace("_", "")


def _problem_response(schemas: Mapping[str, Any]) -> Document:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "拒绝或错误（RFC 9457）。A refusal or an error.",
        "headers": {name: _header(name) for name in (*_ON_EVERY_ANSWER, "Retry-After")},
        "content": {PROBLEM_JSON: {"schema": schema, "example": example_of(schema, schemas)}},
    }


def _header(name: str) -> Document:
    return {"$ref": f"#/components/headers/{name}"}


def _complete_operation(operation: Document, *, method: str, path: str, schemas: Mapping[str, Any]) -> None:
    writes = method != "get"
    secured = bool(operation.get("security"))
    parameters = operation.setdefault("parameters", [])
    if any(one.get("name") == "If-Match" for one in parameters):
        _name_shared(parameters, "If-Match", "IfMatchWhenSent" if method == "post" else "IfMatch")
    _fill_in(parameters, schemas)
    if method == "post" and "x-roles" in operation:
        _name_shared(parameters, "Idempotency-Key", "IdempotencyKey")
    responses = operation["responses"]
    named = "{" in path or "404" in responses
    for status in [status for status in responses if status.startswith(("4", "5"))]:
        del responses[status]
    for response in responses.values():
        _complete_answer(response, created="201" in responses, schemas=schemas)
        if method == "post" and "x-roles" in operation:
            response["headers"]["Idempotent-Replayed"] = _header("Idempotent-Replayed")
    if not writes and any("ETag" in response.get("headers", {}) for response in responses.values()):
        responses["304"] = {"description": "未改变。Not modified.", "headers": {"ETag": _header("ETag")}}
    resumes = any(one.get("name") == RESUMES for one in operation.get("parameters", ()))
    for status in _problem_statuses(method, secured=secured, named=named, resumes=resumes):
        responses[str(status)] = {"$ref": "#/components/responses/Problem"}
    for media in operation.get("requestBody", {}).get("content", {}).values():
        _give_example(media, schemas)
    if not parameters:
        del operation["parameters"]


def _fill_in(parameters: list[Document], schemas: Mapping[str, Any]) -> None:
    """Add an example to each path parameter, because every request contains it."""
    for one in parameters:
        if one.get("in") == "path" and "schema" in one:
            one.setdefault("example", example_of(one["schema"], schemas, name=one.get("name", "")))


def _name_shared(parameters: list[Document], name: str, shared: str) -> None:
    """Replace the route's own description of a parameter by the shared one."""
    reference = {"$ref": f"#/components/parameters/{shared}"}
    parameters[:] = [one for one in parameters if one.get("name") != name and one != reference]
    parameters.append(reference)


def _problem_statuses(method: str, *, secured: bool, named: bool, resumes: bool) -> list[int]:
    statuses = {*_ALWAYS}
    if secured:
        statuses.add(403)
    if method != "get":
        statuses |= {*_ON_WRITING}
        statuses |= {404} if method == "post" else {428}
    if named:
        statuses.add(404)
    if resumes:
        statuses.add(410)
    return sorted(statuses)


def _complete_answer(response: Document, *, created: bool, schemas: Mapping[str, Any]) -> None:
    headers = response.setdefault("headers", {})
    headers.update({name: _header(name) for name in _ON_EVERY_ANSWER})
    if created:
        headers["Location"] = _header("Location")
    if response.get("description") == "Successful Response":
        response["description"] = "成功。Success."
    for media in response.get("content", {}).values():
        if "itemSchema" in media:
            media["x-item-schema"] = media.pop("itemSchema")
        members = _members(media.get("schema", {}), schemas)
        if "version" in members:
            headers["ETag"] = _header("ETag")
        if "next_cursor" in members:
            headers["Link"] = _header("Link")
        _give_example(media, schemas)


def _members(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    members: Mapping[str, Any] = schemas.get(name, schema).get("properties", {})
    return members


def _give_example(media: Document, schemas: Mapping[str, Any]) -> None:
    if media.get("schema") and not {"example", "examples"} & media.keys():
        media["example"] = example_of(media["schema"], schemas)
