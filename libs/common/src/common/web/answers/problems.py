"""Problem documents (RFC 9457): the only module that turns an error into an HTTP answer.

A document says what is wrong and where, in the reader's language; it never repeats what the caller sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Match

from common.codes.vocabulary.words import FIELDS
from common.kernel.errors import Category, Invalid, Lang, MingpaiError, Refused, Stale, Transient, defined_errors
from common.storage.database.engine import Unavailable
from common.web import refusals
from common.web.answers.etag import etag
from common.web.answers.language import preferred
from common.web.answers.wording import sentence
from common.web.correlation import current_correlation
from common.web.input.parameters import escape_pointer
from common.web.input.strict import RefusedOnReading
from common.web.input.validation_texts import field_message
from common.web.refusals import (
    BadRequest,
    DatabaseUnavailable,
    InternalError,
    InvalidToken,
    RequestInvalid,
    ServiceUnavailable,
    WebRefusal,
)

PROBLEM_JSON: Final = "application/problem+json"
MAX_ERRORS: Final = 100

_STATUS: Final[Mapping[Category, int]] = MappingProxyType(
    {
        Category.NOT_FOUND: 404,
        Category.NOT_ALLOWED: 403,
        Category.REFUSED: 409,
        Category.CONFLICT: 409,
        Category.STALE: 412,
        Category.INVALID: 422,
    }
)

_TITLES: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("请求无法读取", "The request cannot be read"),
        401: ("需要登录", "Not authenticated"),
        403: ("没有权限", "Not allowed"),
        404: ("未找到", "Not found"),
        405: ("方法不支持", "Method not allowed"),
        406: ("无法提供", "Not acceptable"),
        409: ("与当前状态冲突", "Conflict with the current state"),
        410: ("已不存在", "Gone"),
        412: ("版本已过期", "The version is stale"),
        413: ("请求过大", "The request is too large"),
        415: ("媒体类型不支持", "Unsupported media type"),
        422: ("内容不符合要求", "The content breaks a rule"),
        428: ("缺少前提条件", "A precondition is required"),
        429: ("请求过于频繁", "Too many requests"),
        431: ("请求头过大", "The head is too large"),
        500: ("系统内部错误", "Internal error"),
        503: ("暂时不可用", "Unavailable for the moment"),
        505: ("HTTP 版本不支持", "HTTP version not supported"),
    }
)

_BY_STATUS: Final[Mapping[int, type[WebRefusal]]] = MappingProxyType(
    {
        404: refusals.PathNotFound,
        405: refusals.MethodNotAllowed,
        406: refusals.NotAcceptable,
        500: InternalError,
        503: ServiceUnavailable,
    }
)

_log = structlog.get_logger(__name__)


class FieldProblem(BaseModel):
    """One field that breaks a rule: where (JSON pointer within `in`), which rule, and the sentence for the reader."""

    model_config = ConfigDict(populate_by_name=True)

    pointer: Annotated[str, Field(description="JSON pointer (RFC 6901)", examples=["/applicant/uscc"])]
    code: Annotated[str, Field(examples=["string_too_long"])]
    message: Annotated[str, Field(examples=["最多允许 200 个字符。"])]
    place: Annotated[str, Field(alias="in", description="body, query, path or header", examples=["body"])] = "body"


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(description="the page that explains the code", examples=["/problems/request-invalid"])]
    title: Annotated[str, Field(examples=["内容不符合要求"])]
    status: Annotated[int, Field(examples=[422])]
    detail: Annotated[str, Field(examples=["请求中有 1 处不符合要求，详见 errors。"])]
    instance: Annotated[str, Field(description="this one occurrence", examples=["urn:mingpai:request:req_0197"])]
    code: Annotated[str, Field(description="stable, for programs", examples=["request-invalid"])]
    request_id: Annotated[str, Field(description="as in the Request-Id header", examples=["req_0197"])]
    retryable: Annotated[bool, Field(description="the same request may succeed later", examples=[False])]
    errors: Annotated[list[FieldProblem], Field(description="each field that breaks a rule")] = []
    current_state: Annotated[str | None, Field(description="409: the state it is in", examples=["draft"])] = None
    allowed_actions: Annotated[
        list[str], Field(description="409: what may be done instead", examples=[["submit"]])
    ] = []


def install(app: FastAPI) -> None:
    """Answer every error of the app with a problem document; an unexpected one is a 500 and is logged."""
    app.exception_handler(MingpaiError)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(Unavailable)(_database)
    app.exception_handler(Transient)(_unavailable)
    app.exception_handler(ConnectionError)(_unavailable)
    app.exception_handler(ClientDisconnect)(_left)
    app.exception_handler(Exception)(_unexpected)


def status_of(error: MingpaiError | type[MingpaiError]) -> int:
    """Return the HTTP status of an error or of its class."""
    kind = error if isinstance(error, type) else type(error)
    return kind.status if issubclass(kind, WebRefusal) else _STATUS[kind.category]


def title_of(status: int, lang: Lang) -> str:
    """Return the heading that all problems of a status share."""
    zh, en = _TITLES.get(status, _TITLES[500 if status >= 500 else 400])  # noqa: PLR2004 -- the class of the status
    return en if lang == "en" else zh


def problem_codes() -> Mapping[str, type[MingpaiError]]:
    """Return every error class that has been imported, by its code and sorted, for pages and documents.

    Raises TypeError when two classes share a code: a code is defined once.
    """
    found: dict[str, type[MingpaiError]] = {}
    for kind in defined_errors():
        if found.setdefault(kind.code, kind) is not kind:
            raise TypeError(f"{kind.__qualname__} and {found[kind.code].__qualname__} share the code {kind.code!r}")
    return MappingProxyType(dict(sorted(found.items())))


def answer(request: Request, error: MingpaiError, *, errors: Sequence[FieldProblem] = ()) -> JSONResponse:
    """Return the problem document of an error in the language of the request."""
    lang = preferred(request.headers.get("accept-language", ""))
    status = status_of(error)
    request_id = current_correlation(request).id
    document: dict[str, object] = {
        "type": f"/problems/{error.code}",
        "title": title_of(status, lang),
        "status": status,
        "detail": sentence(error, lang),
        "instance": f"urn:mingpai:request:{request_id}",
        "code": error.code,
        "request_id": request_id,
        "retryable": error.retryable,
    }
    pointer = error.pointer if isinstance(error, Invalid | WebRefusal) else None
    if pointer is not None:
        errors = [FieldProblem(pointer=pointer, code=error.code, message=sentence(error, lang))]
    if isinstance(error, Invalid) and error.problems:
        named = error.problems[:MAX_ERRORS]
        errors = [FieldProblem(pointer=each.pointer, code=each.code, message=each.text(lang)) for each in named]
    if errors:
        document["errors"] = [one.model_dump(by_alias=True) for one in errors]
    if isinstance(error, Refused):
        document |= {"current_state": error.current_state, "allowed_actions": list(error.allowed_actions)}
    headers = {"Content-Language": "en" if lang == "en" else "zh-CN", "Vary": "Accept-Language"}
    headers["Request-Id"] = request_id
    if isinstance(error, WebRefusal):
        document |= error.members
        headers |= error.headers
    if isinstance(error, Stale) and isinstance(current := error.params.get("current"), int):
        headers["ETag"] = etag(current)
    return JSONResponse(document, status, headers, media_type=PROBLEM_JSON)


async def _refused(request: Request, error: MingpaiError) -> JSONResponse:
    reason = error.params.get("reason") if isinstance(error, InvalidToken) else None
    _log.info("refused", code=error.code, status=status_of(error), **({"reason": reason} if reason else {}))
    return answer(request, error)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    lang = preferred(request.headers.get("accept-language", ""))
    problems = field_problems(error.errors(), lang, body=error.body)
    _log.info("refused", code=RequestInvalid.code, status=422, fields=[f"{p.place}:{p.code}" for p in problems])
    return answer(request, RequestInvalid(count=len(error.errors())), errors=problems)


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    if isinstance(error, RefusedOnReading):
        return await _refused(request, error.refusal)
    kind = _BY_STATUS.get(error.status_code) or (InternalError if error.status_code >= 500 else BadRequest)  # noqa: PLR2004 -- the class of the status
    headers = dict(error.headers or {})
    if error.status_code == 405:  # noqa: PLR2004 -- Starlette names the methods of the first route at this address only
        headers["Allow"] = ", ".join(_methods(request))
    return await _refused(request, kind(headers=headers))


def _methods(request: Request) -> list[str]:
    """Return every method that some route answers at the address of the request."""
    scopes = {method: {**request.scope, "method": method} for method in ("DELETE", "GET", "PATCH", "POST", "PUT")}
    found = {
        method
        for method, scope in scopes.items()
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
    }
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


async def _database(request: Request, error: Unavailable) -> JSONResponse:
    _log.warning("database unavailable", exc_info=error)
    return answer(request, DatabaseUnavailable())


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    _log.warning("an outside part is unavailable", exc_info=error)
    return answer(request, ServiceUnavailable(retry_after=5))


async def _left(request: Request, _: ClientDisconnect) -> JSONResponse:
    # Nobody reads this answer: the caller has left, or was late with the body. It is no fault of ours.
    return await _refused(request, BadRequest())


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # Starlette raises the error again after this answer, so the server logs it too; this line adds the request id.
    _log.error("unexpected error", request_id=current_correlation(request).id, exc_info=error)
    return answer(request, InternalError())


def field_problems(errors: Iterable[Mapping[str, Any]], lang: Lang, *, body: object = None) -> list[FieldProblem]:
    """Return pydantic's errors as places and sentences; at most `MAX_ERRORS`, without the input.

    `body` is what was validated: it separates field names from the names that pydantic adds for a union's members.
    """
    return [_field_problem(error, lang, body) for error, _ in zip(errors, range(MAX_ERRORS), strict=False)]


def _field_problem(error: Mapping[str, Any], lang: Lang, body: object) -> FieldProblem:
    place, *loc = error["loc"] or ("body",)
    tokens = _real_path(loc, body) if place == "body" else loc
    return FieldProblem(
        pointer="".join(f"/{escape_pointer(str(token))}" for token in tokens),
        code=error["type"],
        message=_message(error, lang),
        place=str(place),
    )


def _message(error: Mapping[str, Any], lang: Lang) -> str:
    """Return the sentence for an error; a wrong format is explained in words, never by a regular expression."""
    message = field_message(error["type"], error.get("ctx") or {}, lang)
    names = [token for token in error["loc"] if isinstance(token, str)]
    term = FIELDS.find(names[-1]) if names and error["type"] == "string_pattern_mismatch" else None
    if term is None:
        return message
    return f"{message} {term.en_meaning}" if lang == "en" else f"{message}{term.zh_meaning}"


def _real_path(loc: Sequence[int | str], body: object) -> list[int | str]:
    path: list[int | str] = []
    for position, token in enumerate(loc):
        if isinstance(body, Mapping) and token in body:
            body = body[token]
        elif isinstance(body, list) and isinstance(token, int):
            body = body[token] if token < len(body) else None
        elif position < len(loc) - 1 or not isinstance(body, Mapping) or token == "[key]":  # noqa: S105 -- pydantic's mark for a bad key
            continue
        path.append(token)
    return path
