"""An example for any of our JSON Schemas: the schema's own example if it has one, else a value by the field's name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

_BY_FORMAT: Final[Mapping[str, str]] = {
    "date": "2015-10-08",
    "date-time": "2015-10-08T01:00:00Z",
    "time": "09:00:00",
    "duration": "P30D",
    "uuid": "01900000-0000-7000-8000-000000000001",
    "uri": "https://example.org/hook",
    "email": "office@example.org",
    "binary": "…",
}

_BY_NAME: Final[Mapping[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))


def example_of(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], *, name: str = "", trail: tuple[str, ...] = ()
) -> object:
    """Return a value that fits the schema as far as its keywords determine it.

    `schemas` resolve its references; a recursive one (it is in the `trail`) becomes null.
    """
    found = _given(schema)
    if found is not None:
        return found
    if "$ref" in schema:
        target = str(schema["$ref"]).rpartition("/")[2]
        if target in trail:
            return None
        return example_of(schemas.get(target, {}), schemas, name=name, trail=(*trail, target))
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            chosen: Mapping[str, Any] = next((one for one in schema[keyword] if one.get("type") != "null"), {})
            return example_of(chosen, schemas, name=name, trail=trail)
    if schema.get("type") == "object" or "properties" in schema:
        return _object(schema, schemas, trail)
    return _array(schema, schemas, name, trail) if schema.get("type") == "array" else _scalar(schema, name)


def _given(schema: Mapping[str, Any]) -> object:
    for keyword in ("examples", "enum"):
        if schema.get(keyword):
            first: object = schema[keyword][0]
            return first
    for keyword in ("example", "const"):
        if keyword in schema:
            return schema[keyword]
    return schema.get("default") or None


def _object(schema: Mapping[str, Any], schemas: Mapping[str, Any], trail: tuple[str, ...]) -> dict[str, object]:
    members = {
        name: example_of(member, schemas, name=name, trail=trail)
        for name, member in schema.get("properties", {}).items()
    }
    more = schema.get("additionalProperties")
    if not members and isinstance(more, Mapping):
        return {"key": example_of(more, schemas, name="value", trail=trail)}
    return members


def _array(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, trail: tuple[str, ...]) -> list[object]:
    if "prefixItems" in schema:
        return [example_of(item, schemas, trail=trail) for item in schema["prefixItems"]]
    item = example_of(schema.get("items", {}), schemas, name=_singular(name), trail=trail)
    return [] if item is None else [item] * max(1, schema.get("minItems", 1))


def _singular(name: str) -> str:
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _scalar(schema: Mapping[str, Any], name: str) -> object:
    match schema.get("type"):
        case "string":
            return _text(schema, name)
        case "integer":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "number":
            return float(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 0.5))
        case "boolean":
            return True
        case _:
            return None


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    text = _BY_NAME.get(name, "示例")
    return text.ljust(schema.get("minLength", 0), "例")[: schema.get("maxLength", len(text) + 1000)]
