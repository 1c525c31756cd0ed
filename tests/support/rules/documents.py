"""What a document must be like for code generators and strict validators to take it whole; each flaw names its place.

The functions take any OpenAPI document, AsyncAPI document or JSON Schema, so that a test can plant a flaw.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import jsonschema_rs

from common.web.documents.openapi import operations
from common.web.documents.shapes import colliding, like_a_member, nullable_lists

Document: TypeAlias = Mapping[str, Any]

_OPERATION: Final = re.compile(r"[a-z]+(_[a-z]+)+")
_COMPONENT: Final = re.compile(r"[A-Z][A-Za-z0-9]+")
_SCHEMAS: Final = "/components/schemas"

# JSON Schema 2020-12: the keywords that our schemas may use, and those that hold schemas
_PLAIN: Final = frozenset({
    "$schema", "$id", "$ref", "$comment", "title", "description", "default", "examples",
    "type", "enum", "const", "format", "required",
    "pattern", "minLength", "maxLength", "contentMediaType", "contentEncoding",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
})  # fmt: skip
_ONE: Final = frozenset({"items", "additionalProperties", "propertyNames", "not", "if", "then", "else", "contains"})
_MANY: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_NAMED: Final = frozenset({"properties", "$defs", "patternProperties"})
_FORMATS: Final = frozenset({"date", "date-time", "time", "duration", "uuid", "uri", "uri-reference", "email"})
_OF_TYPE: Final[Mapping[str, frozenset[str]]] = {
    "string": frozenset({"format", "pattern", "minLength", "maxLength", "contentMediaType", "contentEncoding"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}),
    "object": frozenset(
        {"properties", "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties"}
    ),
}


def openapi_flaws(document: Document) -> list[str]:
    """Return what keeps generators from taking an OpenAPI document whole, sorted."""
    schemas: Document = document["components"]["schemas"]
    found = [*component_flaws(schemas), *value_flaws(schemas), *nullable_lists(document)]
    if not document["info"]["title"].isascii():
        found.append("/info/title is not ASCII, yet packages are named after it")
    found += colliding(schemas, [one.get("operationId", "") for _, _, one in operations(document)])
    found += _ill_described(schemas)
    seen: dict[str, str] = {}
    for method, path, operation in operations(document):
        at = f"{method.upper()} {path}"
        found += _operation_flaws(operation, at)
        if (other := seen.setdefault(operation.get("operationId", ""), at)) != at:
            found.append(f"{at} has the operation id of {other}")
        found += (f"{at} {flaw}" for flaw in _example_flaws(operation, document))
    return sorted(found)


def _ill_described(schemas: Document) -> Iterator[str]:
    """Yield the components without a type's name, and what is not described or is a file for some generators only."""
    for name, schema in schemas.items():
        if not _COMPONENT.fullmatch(name):
            yield f"{_SCHEMAS}/{name} is no name of a type"
        if not schema.get("description") and "enum" not in schema:
            yield f"{_SCHEMAS}/{name} is not described"
        for field, member in schema.get("properties", {}).items():
            if not member.get("description"):
                yield f"{_SCHEMAS}/{name}/{field} is not described"
            if ("contentMediaType" in member) != (member.get("format") == "binary"):
                yield f"{_SCHEMAS}/{name}/{field} is a file in one of the two ways only"


def component_flaws(schemas: Document) -> Iterator[str]:
    """Yield the components that are not titled by their key, and the types inside them that have no name."""
    for name, schema in schemas.items():
        if schema.get("title") != name:
            yield f"{_SCHEMAS}/{name} is titled {schema.get('title')}"
        if like_a_member(name, schema):
            yield f"{_SCHEMAS}/{name} is called as its own member"
        for field, member in schema.get("properties", {}).items():
            yield from _unnamed(member, f"{_SCHEMAS}/{name}/{field}")


def value_flaws(schemas: Document) -> Iterator[str]:
    """Yield the enums whose values have no names, or a name that a value of another enum has."""
    users: dict[str, str] = {}
    for name, schema in schemas.items():
        values, given = schema.get("enum", ()), schema.get("x-enum-varnames", ())
        if len(values) != len(given):
            yield f"{_SCHEMAS}/{name} has {len(values)} values and {len(given)} names for them"
        for each in given:
            if (other := users.setdefault(each, name)) != name or given.count(each) > 1:
                yield f"{_SCHEMAS}/{name} has a value named {each}, as has {other}"


def strict_flaws(schema: Document, at: str = "") -> Iterator[str]:
    """Yield what a strict validator refuses in a JSON Schema, and a part that is not titled by its name."""
    yield from _own_strict_flaws(schema, at)
    for place, part in _inside(schema):
        yield from strict_flaws(part, f"{at}/{place}")
    for name, part in schema.get("$defs", {}).items():
        if part.get("title") != name:
            yield f"{at}/$defs/{name} is titled {part.get('title')}"


def _inside(schema: Document) -> Iterator[tuple[str, Document]]:
    """Yield the schemas directly inside a schema, with their places."""
    for keyword, value in schema.items():
        if keyword in _ONE and isinstance(value, Mapping):
            yield keyword, value
        elif keyword in _MANY:
            yield from ((f"{keyword}/{number}", part) for number, part in enumerate(value))
        elif keyword in _NAMED:
            yield from ((f"{keyword}/{name}", part) for name, part in value.items())


def _own_strict_flaws(schema: Document, at: str) -> Iterator[str]:
    for keyword in sorted(schema.keys() - _PLAIN - _ONE - _MANY - _NAMED):
        yield f"{at}/{keyword} is no keyword of JSON Schema 2020-12"
    if schema.get("format", "date") not in _FORMATS:
        yield f"{at} has the format {schema['format']}, which validators do not know"
    if isinstance(schema.get("type"), list):
        yield f"{at} has several types; anyOf says which keyword is for which"
    for name in schema.get("required", ()):
        if name not in schema.get("properties", {}):
            yield f"{at} requires {name}, which it does not describe"
    own = "number" if schema.get("type") == "integer" else schema.get("type")
    for kind, keywords in _OF_TYPE.items():
        if kind != own and (used := schema.keys() & keywords):
            yield f"{at} is no {kind}, yet it has {', '.join(sorted(used))}"


def silent_members(schema: Document, at: str = "") -> Iterator[str]:
    """Yield the members of a JSON Schema, and of the schemas inside it, that nothing describes."""
    for name, member in schema.get("properties", {}).items():
        if not member.get("description") and "$ref" not in member:
            yield f"{at}/properties/{name} is not described"
    for place, part in _inside(schema):
        yield from silent_members(part, f"{at}/{place}")


def _unnamed(schema: Document, at: str) -> Iterator[str]:
    """Yield the enums and objects inside a component that a generator would have to invent a name for."""
    if "enum" in schema or "properties" in schema:
        yield f"{at} is a type without a name: make it a component"
    parts = [part for keyword in _MANY for part in schema.get(keyword, ())]
    parts += [schema[keyword] for keyword in ("items", "additionalProperties") if isinstance(schema.get(keyword), dict)]
    for part in parts:
        yield from _unnamed(part, at)


def _operation_flaws(operation: Document, at: str) -> Iterator[str]:
    for text in ("summary", "description"):
        if not operation.get(text):
            yield f"{at} has no {text}"
    if not _OPERATION.fullmatch(operation.get("operationId", "")):
        yield f"{at} has an operation id that is not verb_noun"
    for parameter in operation.get("parameters", ()):
        if "$ref" in parameter:
            continue
        name, schema = parameter["name"], parameter["schema"]
        if not parameter.get("description"):
            yield f"{at}: {name} is not described"
        if "anyOf" in schema or "title" in schema or schema.get("type") == "null":
            yield f"{at}: {name} is not plain"
        spread = (parameter.get("style"), parameter.get("explode")) == ("form", True)
        if schema.get("type") == "array" and not spread:
            yield f"{at}: {name} is a list that does not say how it is written"


def _example_flaws(operation: Document, document: Document) -> Iterator[str]:
    """Yield the examples that are not valid under their own schemas."""
    bodies = {"the body": operation.get("requestBody", {})} | operation.get("responses", {})
    shown = [
        (name, media)
        for name, body in bodies.items()
        for kind, media in body.get("content", {}).items()
        if "json" in kind and "schema" in media
    ]
    shared = document["components"]["parameters"]
    given = [
        shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in operation.get("parameters", ())
    ]
    for name, described in [*shown, *((one["name"], one) for one in given)]:
        if "example" in described:
            schema = described["schema"] | {"components": document["components"]}
            for error in jsonschema_rs.validator_for(schema, validate_formats=True).iter_errors(described["example"]):
                yield f"has a wrong example in {name}: {error.message}"
        elif name not in {one["name"] for one in given} or described.get("in") == "path":
            yield f"has no example in {name}"
