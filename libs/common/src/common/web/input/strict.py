"""Accepted input: one parser for bodies, one route that checks parameters, one base model.

Accepted values can be stored, compared and shown the same way on SQLite and on PostgreSQL, and no input of any
shape ends in a 500. Nothing is coerced: "1" is no number and 1 is no text.
"""

import functools
import json
import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final, NamedTuple, Self

from fastapi.exceptions import RequestValidationError
from fastapi.params import File, Form
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationInfo, model_validator
from pydantic_core import SchemaValidator, to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from common.kernel.values.numbers import MAX_WHOLE
from common.kernel.values.ruled import unruled
from common.web.input.parameters import Parameters, escape_pointer
from common.web.refusals import (
    BodyTooLarge,
    DuplicateKey,
    JsonTooDeep,
    JsonTooManyValues,
    MalformedJson,
    NumberOutOfRange,
    TextNotStorable,
    UnsupportedMediaType,
    WebRefusal,
)

MAX_BODY: Final = 1024 * 1024
MAX_UPLOAD: Final = 101 * MAX_BODY
"""The largest form that is read; the limit of a file in it is set by the route."""
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 20_000
"""The most values of a JSON text, objects and lists included."""

_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_EMPTY: Final = re.compile(rb"\[[ \t\r\n]*\]|\{[ \t\r\n]*\}")
_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class RefusedOnReading(HTTPException):
    """Wraps a refusal raised while FastAPI reads a body: FastAPI passes only an HTTPException on unchanged."""

    def __init__(self, refusal: WebRefusal) -> None:
        self.refusal = refusal
        super().__init__(status_code=refusal.status, headers=refusal.headers)


class JsonObject(dict[str, object]):
    """A JSON object from a request: `Schema` reads its dates, enums and decimals from text, as JSON has them."""


@dataclass(frozen=True, slots=True)
class _Flaw:
    """A placeholder for a refused value: the parser inserts it, and `_inspect` raises the refusal with its place."""

    refusal: type[WebRefusal]


def parse_json(body: bytes) -> object:
    """Read a JSON text (RFC 8259, UTF-8) whose values every part of the system can store.

    Raises JsonTooManyValues, MalformedJson (also for NaN and Infinity), DuplicateKey, JsonTooDeep, NumberOutOfRange or
    TextNotStorable; the last two and DuplicateKey carry the JSON pointer of the place.
    """
    if count_values(body) > MAX_VALUES:
        raise JsonTooManyValues(limit=MAX_VALUES)
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
    # JSON forbids raw control characters and UTF-8 forbids surrogates, so that only an escape can contain one.
    _inspect(value, strings=b"\\u" in body)
    return value


def count_values(body: bytes) -> int:
    """Return how many values a JSON text has, without parsing it; a short text is not counted exactly.

    A value follows a comma or the opening of an object or a list that is not empty; the text itself is one more.
    """
    marks = (b",", b"[", b"{")
    most = 1 + sum(map(body.count, marks))
    if most <= MAX_VALUES:
        return most
    bare = _STRING.sub(b"0", body)
    return 1 + sum(map(bare.count, marks)) - len(_EMPTY.findall(bare))


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
    # The length is checked first, because `int` raises an error of its own for thousands of digits.
    if len(text) > len(str(-MAX_WHOLE)) or abs(int(text)) > MAX_WHOLE:
        return _Flaw(NumberOutOfRange)
    return int(text)


def _inspect(root: object, *, strings: bool) -> None:
    waiting: list[tuple[object, _Place | None, int]] = [(root, None, 1)]
    while waiting:
        value, place, depth = waiting.pop()
        if isinstance(value, _Flaw):
            raise value.refusal(pointer=_pointer(place))
        if strings and isinstance(value, str) and _NOT_STORABLE.search(value):
            raise TextNotStorable(pointer=_pointer(place))
        if isinstance(value, dict | list) and depth > MAX_DEPTH:
            raise JsonTooDeep(limit=MAX_DEPTH)
        if isinstance(value, dict):
            if strings and any(_NOT_STORABLE.search(key) for key in value):
                raise TextNotStorable(pointer=_pointer(place))
            children = [(child, _Place(place, key), depth + 1) for key, child in value.items()]
            waiting.extend(reversed(children))
        elif isinstance(value, list):
            children = [(child, _Place(place, str(index)), depth + 1) for index, child in enumerate(value)]
            waiting.extend(reversed(children))


class _Place(NamedTuple):
    """The place of a value: that of the object or list around it, and its key or number there."""

    around: "_Place | None"
    key: str


def _pointer(place: _Place | None) -> str:
    """Return a place as a JSON pointer; most values never need theirs."""
    keys = []
    while place is not None:
        keys.append(escape_pointer(place.key))
        place = place.around
    return "".join(f"/{key}" for key in reversed(keys))


def is_form(request: Request) -> bool:
    """Return whether the body is a form with files; media types ignore case (RFC 9110 §8.3.1)."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data"


class StrictRequest(Request):
    """A request whose JSON body is bounded, parsed once and parsed strictly.

    `body()` and `json()` read JSON only; an upload reads `stream()` or `form()`, with a limit of its own.
    FastAPI's own limit is not used: its response is no problem document and has no Request-Id or quota headers.
    """

    max_body: int = MAX_BODY
    max_upload: int = MAX_UPLOAD

    async def body(self) -> bytes:
        """Return the bytes of a JSON body. Raises BodyTooLarge or UnsupportedMediaType, wrapped in RefusedOnReading."""
        if not hasattr(self, "_body"):
            self._body = await self._read()
            if self._body and not self._is_json():
                raise RefusedOnReading(UnsupportedMediaType(expected="application/json"))
        return self._body

    async def json(self) -> object:
        """Return the parsed body. Raises what `body` and `parse_json` raise, wrapped in RefusedOnReading."""
        if not hasattr(self, "_json"):
            try:
                self._json = parse_json(await self.body())
            except WebRefusal as refusal:
                raise RefusedOnReading(refusal) from refusal
        return self._json

    def stream(self) -> AsyncGenerator[bytes, None]:
        """Return the bytes of an upload in pieces. Raises BodyTooLarge, wrapped in RefusedOnReading."""
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
        """Return FastAPI's handler, preceded by the checks that FastAPI does not make."""
        handle = super().get_route_handler()
        parameters = Parameters.of(self.dependant)
        forms = [field for field in self.dependant.body_params if isinstance(field.field_info, Form)]
        parts = {field.alias: isinstance(field.field_info, File) for field in forms}

        async def handle_strictly(request: Request) -> Response:
            parameters.check(request)
            # A surrounding route may have read the body already.
            strict = request if isinstance(request, StrictRequest) else StrictRequest(request.scope, request.receive)
            if parts:
                await _check_form(strict, parts)
            return await handle(strict)

        return handle_strictly


async def _check_form(request: StrictRequest, parts: Mapping[str, bool]) -> None:
    """Refuse a form with an unknown part, or two with the same name: FastAPI would use the last.

    `parts` says of each name whether it is a file: one without `filename` is a text (RFC 7578, 4.2, which forbids
    `filename*`).
    """
    if not is_form(request):
        raise UnsupportedMediaType(expected="multipart/form-data")
    form = await request.form()
    kinds = {
        name: "extra_forbidden" if name not in parts else "parameter_repeated"
        for name in form
        if name not in parts or len(form.getlist(name)) > 1
    }
    texts = {name for name, is_file in parts.items() if is_file and isinstance(form.get(name), str)}
    kinds |= dict.fromkeys(sorted(texts - kinds.keys()), "file_expected")
    if kinds:
        errors = [{"type": kind, "loc": ("body", name), "msg": kind, "input": None} for name, kind in kinds.items()]
        raise RequestValidationError(errors, body=form)


class Schema(BaseModel):
    """The base of all input models: closed, frozen, each field bounded, nothing coerced.

    Values from a request are read in pydantic's JSON mode, which accepts dates, enum members and decimals as text.
    Values from our own code must already have the type of the field.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Raise TypeError for a field that accepts more than can be stored, read and computed with."""
        _refuse_unruled(cls)

    @model_validator(mode="wrap")
    @classmethod
    def _read_wire(cls, value: Any, go_on: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:  # noqa: ANN401 -- whatever was sent
        # Pydantic uses its Python mode inside a function validator: JSON mode needs a validator without this function.
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
    """The base of models that hold a list's query parameters; each text is converted to the type of its field."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Raise TypeError as `Schema` does; a text or a list needs no bounds of its own."""
        _refuse_unruled(cls, in_url=True)


def _refuse_unruled(model: type[BaseModel], *, in_url: bool = False) -> None:
    for name, field in model.model_fields.items():
        for flaw in unruled(field.annotation, field.metadata, in_url=in_url):
            raise TypeError(f"{model.__name__}.{name}: {flaw}")
