"""Checks of query and path parameters: no unknown one, no repeated one, no integer that is too large for a column.

FastAPI ignores unknown and doubled parameters, replaces broken UTF-8 and reads integers of any length; this module
answers each of these with a 422 that names the parameter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import unquote_to_bytes

from fastapi import UploadFile
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.requests import Request

from common.kernel.values.numbers import MAX_WHOLE
from common.kernel.values.ruled import unruled

_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]*")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Which query and path parameters a route knows, which of them are integers and which may be repeated."""

    query: frozenset[str]
    repeatable: frozenset[str]
    integers: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, dependant: Dependant) -> "Parameters":
        """Collect the parameters of an endpoint and of everything it depends on.

        Raises TypeError for one whose type accepts more than can be stored, read and computed with.
        """
        _refuse_unruled(dependant)
        query = dict(_named(dependant, "query_params"))
        path = dict(_named(dependant, "path_params"))
        return cls(
            query=frozenset(query),
            repeatable=frozenset(name for name, annotation in query.items() if _is_list(annotation)),
            integers=frozenset(("query", name) for name, annotation in query.items() if _holds_integer(annotation))
            | frozenset(("path", name) for name, annotation in path.items() if _holds_integer(annotation)),
        )

    def check(self, request: Request) -> None:
        """Refuse unknown and doubled parameters, text that is not storable and integers out of range.

        Raises RequestValidationError, as FastAPI's own checks do.
        """
        errors = list(self._flaws(request))
        if errors:
            raise RequestValidationError(errors)

    def _flaws(self, request: Request) -> Iterator[dict[str, object]]:
        if not _is_storable(request.scope.get("query_string", b"").replace(b"+", b" ")):
            yield _flaw("parameter_text", "query")
            return
        if not _is_storable(request.scope.get("raw_path") or request.scope["path"].encode(errors="surrogatepass")):
            yield _flaw("parameter_text", "path")
            return
        given = request.query_params
        for name in given:
            if name not in self.query:
                yield _flaw("extra_forbidden", "query", name)
            elif name not in self.repeatable and len(given.getlist(name)) > 1:
                yield _flaw("parameter_repeated", "query", name)
        for place, name in sorted(self.integers):
            values = given.getlist(name) if place == "query" else [request.path_params.get(name, "0")]
            for value in values:
                if not _INTEGER.fullmatch(str(value)):
                    yield _flaw("int_parsing", place, name)
                elif len(str(value)) > len(str(-MAX_WHOLE)) or abs(int(value)) > MAX_WHOLE:
                    yield _flaw("int_out_of_range", place, name)


def _refuse_unruled(dependant: Dependant) -> None:
    for field in (*dependant.query_params, *dependant.path_params, *dependant.body_params):
        annotation, metadata = field.field_info.annotation, field.field_info.metadata
        if annotation is UploadFile:  # the route limits its size
            continue
        for flaw in unruled(annotation, metadata, in_url=field in dependant.query_params):
            raise TypeError(f"{getattr(dependant.call, '__name__', '')}({field.alias}): {flaw}")
    for dependency in dependant.dependencies:
        _refuse_unruled(dependency)


def escape_pointer(token: str) -> str:
    """Return one reference token as RFC 6901 writes it."""
    return token.replace("~", "~0").replace("/", "~1")


def _flaw(kind: str, *loc: str) -> dict[str, object]:
    return {"type": kind, "loc": loc, "msg": kind, "input": None}


def _is_storable(quoted: bytes) -> bool:
    raw = unquote_to_bytes(quoted)
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(raw)


def _named(dependant: Dependant, place: Literal["query_params", "path_params"]) -> Iterator[tuple[str, object]]:
    for field in dependant.query_params if place == "query_params" else dependant.path_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, part in annotation.model_fields.items():
                yield part.alias or name, part.annotation
        else:
            yield field.alias, annotation
    for dependency in dependant.dependencies:
        yield from _named(dependency, place)


def _is_list(annotation: object) -> bool:
    origins = (list, tuple, set, frozenset)
    return getattr(annotation, "__origin__", annotation) in origins or any(map(_is_list, get_args(annotation)))


def _holds_integer(annotation: object) -> bool:
    return annotation is int or any(map(_holds_integer, get_args(annotation)))
