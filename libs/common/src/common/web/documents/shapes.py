"""Puts an OpenAPI document into the shapes that every code generator reads alike.

A query can hold no null, so its parameters are plain; a list is empty, never null; every component has its key as its
title, because some generators name a type after one and some after the other; no two names become one type or value.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Document = dict[str, Any]

_HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD: Final = re.compile(r"\W+")
_SEPARATORS: Final = re.compile(r"[^a-z0-9]")
_MADE_OF_AN_OPERATION: Final = ("", "Data", "Error", "Errors", "Params", "Request", "Response", "Responses")
"""What generators append to the name of an operation for the types that they make of it."""


def put_shapes(document: Document, operations: Iterable[tuple[str, str, Document]]) -> None:
    """Make the parameters plain and title the components; a second call changes nothing.

    Raises ValueError when a list may be null, two names become one type, or a schema and its member become one name.
    """
    schemas: Document = document["components"]["schemas"]
    named: list[str] = []
    for _, _, operation in operations:
        named.append(operation.get("operationId", ""))
        for parameter in operation.get("parameters", ()):
            if "schema" in parameter:
                _make_plain(parameter)
        for media in operation.get("requestBody", {}).get("content", {}).values():
            _describe_form(media, operation, schemas)
    for name, schema in schemas.items():
        put_name(name, schema)
        for member in schema.get("properties", {}).values():
            _make_file(member)
    wrong = [*nullable_lists(document), *colliding(schemas, named)]
    wrong += [f"{name} is called as its own member" for name, schema in schemas.items() if like_a_member(name, schema)]
    if wrong:
        raise ValueError("; ".join(wrong))


def put_name(name: str, schema: Document) -> None:
    """Title a component by its key, and name the values of an enum after it.

    Some languages have one name space for the values of all enums: there, two enums with a value `county` compile only
    when the values are called `AGENCY_KIND_COUNTY` and `CHAIN_STAGE_COUNTY`.
    """
    schema["title"] = name
    if "enum" in schema:
        prefix = _HUMPS.sub("_", name)
        schema["x-enum-varnames"] = [_NO_WORD.sub("_", f"{prefix}_{value}").upper() for value in schema["enum"]]


def nullable_lists(node: object, at: str = "") -> Iterator[str]:
    """Yield the places of lists that may be null: many generators have no type for them."""
    if isinstance(node, Mapping):
        kinds = {str(part.get("type")) for part in node.get("anyOf", ()) if isinstance(part, Mapping)}
        own = node.get("type")
        if {"array", "null"} <= (kinds | set(own if isinstance(own, list) else ())):
            yield f"{at} is a list that may be null"
        for key, child in node.items():
            yield from nullable_lists(child, f"{at}/{key}")
    elif isinstance(node, list):
        for place, child in enumerate(node):
            yield from nullable_lists(child, f"{at}/{place}")


def colliding(schemas: Iterable[str], operations: Iterable[str]) -> Iterator[str]:
    """Yield the names that become one type where a generator folds case, drops separators or appends a word."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for schema in schemas:
        users[_folded(schema)].add(f"the schema {schema}")
    for operation in filter(None, operations):
        for made in _MADE_OF_AN_OPERATION:
            users[_folded(operation + made)].add(f"the operation {operation}")
    for name, using in users.items():
        if len(using) > 1:
            yield f"{' and '.join(sorted(using))} become one type {name}"


def like_a_member(name: str, schema: Mapping[str, Any]) -> bool:
    """Return whether a schema is called as a member of its own: some languages have one name for object and member."""
    return _folded(name) in map(_folded, schema.get("properties", ()))


def _folded(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())


def _make_plain(parameter: Document) -> None:
    schema: Document = parameter["schema"]
    schema.pop("title", None)  # a generator would make a type of it, the same one for every operation
    parts = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    if len(parts) == 1:
        del schema["anyOf"]
        schema |= parts[0]
    if isinstance(schema.get("const"), str):
        schema["enum"] = [schema.pop("const")]
    if schema.get("type") == "array" and parameter.get("in") == "query":
        parameter |= {"style": "form", "explode": True}


def _make_file(schema: Document) -> None:
    """Mark the part of a form that holds a file in the older way too: by the newer one alone it is taken for text."""
    if "contentMediaType" in schema:
        schema["format"] = "binary"


def _describe_form(media: Document, operation: Document, schemas: Document) -> None:
    """Give the schema that FastAPI makes of a form's parts the words of its operation."""
    name = str(media.get("schema", {}).get("$ref", "")).rpartition("/")[2]
    if name in schemas:
        schemas[name].setdefault("description", operation.get("summary", ""))
