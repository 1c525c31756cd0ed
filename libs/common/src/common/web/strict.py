"""Input as it may enter: one parser for bodies, one route that checks parameters, one base model.

Whatever passes here can be stored, compared and shown the same way on SQLite and on PostgreSQL, and no input of any
shape ends in a 500. Nothing is coerced: "1" is no number and 1 is no text.
"""

import functools
import json
import re
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final, Self

from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationInfo, model_validator
from pydantic_core import SchemaValidator, to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from common.programme.intake import MAX_MATERIAL_BYTES
from common.web.parameters import MAX_INTEGER, Parameters, escape_pointer
from common.web.refusals import (
    BodyTooLarge,
    DuplicateKey,
    JsonTooDeep,
    MalformedJson,
    NumberOutOfRange,
    TextNotStorable,
    UnsupportedMediaType,
    WebRefusal,
)

MAX_BODY: Final = 1024 * 1024
MAX_UPLOAD: Final = MAX_MATERIAL_BYTES + MAX_BODY
"""The largest material a programme may ask for, and the form around it."""
MAX_DEPTH: Final = 32

_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class RefusedOnReading(HTTPException):
    """Carries a refusal out of FastAPI's body reading, which lets only an HTTPException through as it is."""

    def __init__(self, refusal: WebRefusal) -> None:
        self.refusal = refusal
        super().__init__(status_code=refusal.status, headers=refusal.headers)


class JsonObject(dict[str, object]):
    """An object that came over the wire: `Schema` reads its dates, enums and decimals from text, as JSON has them."""


@dataclass(frozen=True, slots=True)
class _Flaw:
    """Stands where the parser met something to refuse, so that the walk can say where that was."""

    refusal: type[WebRefusal]


def parse_json(body: bytes) -> object:
    """Read a JSON text (RFC 8259, UTF-8) whose values every part of the system can hold.

    Raises MalformedJson (also for NaN and Infinity), DuplicateKey, JsonTooDeep, NumberOutOfRange or TextNotStorable;
    the last two and DuplicateKey carry the JSON pointer of the place.
    """
    try:
        value: object = json.loads(
            body.decode(),
            object_pairs_hook=_read_object,
            parse_constant=_refuse_constant,
            parse_float=_read_decimal,
            parse_int=_read_integer,
        )
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError
        raise MalformedJson from error
    except RecursionError as error:
        raise JsonTooDeep(limit=MAX_DEPTH) from error
    # Raw control characters are no JSON and raw surrogates no UTF-8: only an escape can bring one in.
    _inspect(value, strings=b"\\u" in body)
    return value


def _read_object(pairs: list[tuple[str, object]]) -> JsonObject:
    value = JsonObject(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                value[key] = _Flaw(DuplicateKey)
            seen.add(key)
    return value


def _refuse_constant(_: str) -> object:
    raise MalformedJson


def _read_decimal(text: str) -> object:
    number = float(text)
    return _Flaw(NumberOutOfRange) if number in (float("inf"), float("-inf")) else number


def _read_integer(text: str) -> object:
    # The length goes first: Python refuses to read thousands of digits with an error of its own.
    if len(text) > len(str(-MAX_INTEGER)) or abs(int(text)) > MAX_INTEGER:
        return _Flaw(NumberOutOfRange)
    return int(text)


def _inspect(root: object, *, strings: bool) -> None:
    waiting: list[tuple[object, str, int]] = [(root, "", 1)]
    while waiting:
        value, pointer, depth = waiting.pop()
        if isinstance(value, _Flaw):
            raise value.refusal(pointer=pointer)
        if strings and isinstance(value, str) and _NOT_STORABLE.search(value):
            raise TextNotStorable(pointer=pointer)
        if isinstance(value, dict | list) and depth > MAX_DEPTH:
            raise JsonTooDeep(limit=MAX_DEPTH)
        if isinstance(value, dict):
            if strings and any(_NOT_STORABLE.search(key) for key in value):
                raise TextNotStorable(pointer=pointer)
            children = [(child, f"{pointer}/{escape_pointer(key)}", depth + 1) for key, child in value.items()]
            waiting.extend(reversed(children))
        elif isinstance(value, list):
            children = [(child, f"{pointer}/{index}", depth + 1) for index, child in enumerate(value)]
            waiting.extend(reversed(children))


class StrictRequest(Request):
    """A request whose JSON body is bounded, parsed once and parsed strictly.

    Only what reads `body()` or `json()` is bound to JSON; an upload reads `stream()` or `form()`, with its own cap.
    FastAPI's own cap is not used: it answers outside of every problem document, Request-Id and quota.
    """

    max_body: int = MAX_BODY
    max_upload: int = MAX_UPLOAD

    async def body(self) -> bytes:
        """Return the bytes of a JSON body. Raises (wrapped) BodyTooLarge and UnsupportedMediaType."""
        if not hasattr(self, "_body"):
            self._body = await self._read()
            if self._body and not self._is_json():
                raise RefusedOnReading(UnsupportedMediaType(expected="application/json"))
        return self._body

    async def json(self) -> object:
        """Return the parsed body. Raises (wrapped) what `parse_json` raises."""
        if not hasattr(self, "_json"):
            try:
                self._json = parse_json(await self.body())
            except WebRefusal as refusal:
                raise RefusedOnReading(refusal) from refusal
        return self._json

    def stream(self) -> AsyncGenerator[bytes, None]:
        """Return the bytes of an upload in pieces. Raises (wrapped) BodyTooLarge."""
        return self._bounded(self.max_upload)

    async def _read(self) -> bytes:
        return b"".join([chunk async for chunk in self._bounded(self.max_body)])

    async def _bounded(self, limit: int) -> AsyncGenerator[bytes, None]:
        declared = self.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > limit:
            raise RefusedOnReading(BodyTooLarge(limit=limit))
        size = 0
        async for chunk in super().stream():
            size += len(chunk)
            if size > limit:
                raise RefusedOnReading(BodyTooLarge(limit=limit))
            yield chunk

    def _is_json(self) -> bool:
        header = Message()
        header["content-type"] = self.headers.get("content-type", "application/octet-stream")
        subtype = header.get_content_subtype()
        return (
            header.get_content_maintype() == "application"
            and (subtype == "json" or subtype.endswith("+json"))
            and (header.get_content_charset() or "utf-8") == "utf-8"
            and self.headers.get("content-encoding", "identity").lower() == "identity"
        )


class StrictRoute(APIRoute):
    """A route that reads strictly: its body as `StrictRequest`, its parameters by `Parameters`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler behind the checks that FastAPI does not make."""
        handle = super().get_route_handler()
        parameters = Parameters.of(self.dependant)
        parts = [field.alias for field in self.dependant.body_params if isinstance(field.field_info, Form)]

        async def handle_strictly(request: Request) -> Response:
            parameters.check(request)
            # A surrounding route may have read the body already.
            strict = request if isinstance(request, StrictRequest) else StrictRequest(request.scope, request.receive)
            if parts:
                await _check_form(strict, parts)
            return await handle(strict)

        return handle_strictly


async def _check_form(request: StrictRequest, parts: Collection[str]) -> None:
    """Refuse a form with a part that the route does not know, or with two of a name: FastAPI would take the last."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType(expected="multipart/form-data")
    form = await request.form()
    kinds = {
        name: "extra_forbidden" if name not in parts else "parameter_repeated"
        for name in form
        if name not in parts or len(form.getlist(name)) > 1
    }
    if kinds:
        errors = [{"type": kind, "loc": ("body", name), "msg": kind, "input": None} for name, kind in kinds.items()]
        raise RequestValidationError(errors, body=form)


class Schema(BaseModel):
    """The one base of everything that comes in: closed, frozen, nothing coerced.

    Values that came over the wire are read in pydantic's JSON mode, where a date, an enum member or a decimal is its
    text; Python values are taken only in their own type.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @model_validator(mode="wrap")
    @classmethod
    def _read_wire(cls, value: Any, go_on: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:  # noqa: ANN401 -- whatever was sent
        # Behind any function pydantic goes on in Python mode, hence a validator without this one.
        if isinstance(value, JsonObject) or info.mode == "json":
            read: Self = _wire_validator(cls).validate_json(to_json(value))
            return read
        return go_on(value)


@functools.cache
def _wire_validator(model: type[Schema]) -> SchemaValidator:
    return SchemaValidator(_without_reading(model.__pydantic_core_schema__), _use_prebuilt=False)


def _without_reading(node: Any) -> Any:  # noqa: ANN401 -- any part of a core schema
    """Copy a core schema, leaving out `Schema._read_wire` wherever a model has it."""
    if isinstance(node, dict):
        if node.get("type") == "function-wrap" and _is_reading(node["function"]["function"]):
            inner = {**node["schema"], **({"ref": node["ref"]} if "ref" in node else {})}
            return _without_reading(inner)
        return {key: part if key in {"default", "metadata"} else _without_reading(part) for key, part in node.items()}
    if isinstance(node, list | tuple):
        return type(node)(_without_reading(part) for part in node)
    return node


def _is_reading(function: object) -> bool:
    return getattr(function, "__name__", "") == "_read_wire"


class Filters(BaseModel):
    """The base of a list's query parameters taken as one model; their texts are read as the fields' types."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Resource(BaseModel):
    """The base of a single resource in an answer, read from the aggregate's or the row's attributes.

    `version` becomes the ETag. Answers stay open to additions, so they do not forbid unknown members.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="ignore")

    version: int
