"""The OpenAPI document of a service: FastAPI's own, completed by what holds for every route of this interface.

Every refusal is the one `Problem`; answers name their headers; every operation has an example. Written as 3.1; what
only 3.2 knows (`itemSchema` of streams) is kept aside as `x-item-schema`, and `as_3_2` puts it back.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from common.web.etag import STRONG_ETAG
from common.web.examples import example_of
from common.web.problems import PROBLEM_JSON, Problem

Document = dict[str, Any]

_PAGE: Final = re.compile(r'("#/components/schemas/|")Page_(\w+)_(")')
_OF_NOUN: Final = re.compile(r'("#/components/schemas/|")[a-z]+_service__([a-z_]+?)__(?:[a-z_]+__)*([A-Z]\w*)(?=")')
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_NOT_OURS: Final = ("HTTPValidationError", "ValidationError")
_ALWAYS: Final = (400, 401, 422, 429, 500, 503)
_ON_WRITING: Final = (409, 412, 413, 415)

_ETAG_SCHEMA: Final[Document] = {"type": "string", "pattern": STRONG_ETAG}

_HEADERS: Final[Mapping[str, Document]] = {
    "Request-Id": {
        "description": "names the request in logs and problems",
        "required": True,
        "schema": {"type": "string"},
    },
    "RateLimit": {"description": "what is left of the quota", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "the quota and its window in seconds", "schema": {"type": "string"}},
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
    "example": "6f1c9a52-submit-application",
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

_MEANINGS: Final[Mapping[str, str]] = {
    "code": "机构代码。The code of the agency.",
    "digest": "附件的摘要。The digest of the attachment.",
    "honour": "荣誉代码。The code of the honour.",
    "kind": "类别。The kind.",
    "limit": "每页条数。How many at once.",
    "number": "品牌编号。The public number of the brand.",
    "org": "单位代码。The code of the organisation.",
    "q": "按编号、统一社会信用代码、名称或拼音查找。Looks in number, USCC, names and their pinyin.",
    "state": "状态。The state.",
    "status": "状态。The state.",
    "uscc": "统一社会信用代码。The USCC (GB 32100-2015).",
    "waiting_for": "`me`：等待本人办理的。`me`: what waits for you.",
    "year": "年度。The year of the round.",
}
"""What a parameter means when its route says nothing else; `…_id` explains itself."""

_BEARER: Final[Document] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "OAuth 2.0 访问令牌（typ at+jwt，aud mingpai）。An OAuth 2.0 access token.",
}


def install(app: FastAPI) -> None:
    """Let the app describe itself by the completed document, made once."""
    plain = app.openapi
    made: list[Document] = []

    def openapi() -> Document:
        if not made:
            made.append(complete(plain()))
        return made[0]

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to replace it


def complete(document: Mapping[str, Any]) -> Document:
    """Return the document with problems, headers, parameters, security scheme and examples."""
    whole = _with_short_names(document)
    whole["openapi"] = "3.1.0"
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
    return whole


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Document]]:
    """Return every operation with its method and path."""
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                yield method, path, item[method]


def as_3_2(document: Mapping[str, Any]) -> Document:
    """Return the same document as OpenAPI 3.2, which has a place for the items of a stream."""
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
    """Copy the document with components called for readers.

    A page is a `BrandPage`, not a `Page_Brand_`; where nouns share a class name, it is `ReviewsState`, not
    `review_service__reviews__lifecycle__State`.
    """
    text = _PAGE.sub(r"\1\2Page\3", json.dumps(document))
    text = _OF_NOUN.sub(lambda found: f"{found[1]}{found[2].title().replace('_', '')}{found[3]}", text)
    whole: Document = json.loads(text)
    return whole


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
    _explain(parameters, schemas)
    if method == "post" and "x-roles" in operation:
        _name_shared(parameters, "Idempotency-Key", "IdempotencyKey")
    responses = operation["responses"]
    for status in [status for status in responses if status.startswith(("4", "5"))]:
        del responses[status]
    for response in responses.values():
        _complete_answer(response, created="201" in responses, schemas=schemas)
        if method == "post" and "x-roles" in operation:
            response["headers"]["Idempotent-Replayed"] = _header("Idempotent-Replayed")
    if not writes and any("ETag" in response.get("headers", {}) for response in responses.values()):
        responses["304"] = {"description": "未改变。Not modified.", "headers": {"ETag": _header("ETag")}}
    for status in _problem_statuses(method, secured=secured, named="{" in path):
        responses[str(status)] = {"$ref": "#/components/responses/Problem"}
    for media in operation.get("requestBody", {}).get("content", {}).values():
        _give_example(media, schemas)
    if not parameters:
        del operation["parameters"]


def _explain(parameters: list[Document], schemas: Mapping[str, Any]) -> None:
    """Say what each parameter means; one in the path is always filled in, so it has an example."""
    for one in parameters:
        name = one.get("name", "")
        meaning = f"编号。The id of the {name[:-3]}." if name.endswith("_id") else _MEANINGS.get(name)
        if meaning is not None:
            one.setdefault("description", meaning)
        if one.get("in") == "path" and "schema" in one:
            one.setdefault("example", example_of(one["schema"], schemas, name=name))


def _name_shared(parameters: list[Document], name: str, shared: str) -> None:
    """Put the shared parameter in the place of the route's own description of it."""
    reference = {"$ref": f"#/components/parameters/{shared}"}
    parameters[:] = [one for one in parameters if one.get("name") != name and one != reference]
    parameters.append(reference)


def _problem_statuses(method: str, *, secured: bool, named: bool) -> list[int]:
    statuses = {*_ALWAYS}
    if secured:
        statuses.add(403)
    if method != "get":
        statuses |= {*_ON_WRITING}
        statuses |= {404} if method == "post" else {428}
    if named:
        statuses.add(404)
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
