"""The form: the check of the JSON Schema in a definition, and the check of an applicant's answers.

A form is a closed, bounded subset of JSON Schema 2020-12 without references and without floats, so that every front end
can display it, every answer can be hashed (RFC 8785), and every path that a rule reads exists.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final

import jsonschema_rs
from pydantic import AfterValidator, ValidationError
from pydantic_core import PydanticCustomError

from common.codes.mail_address import is_mail_address
from common.kernel.errors import FieldProblem
from common.kernel.text import line, prose
from common.kernel.values.sizes import BYTES_OF_CHARACTER, size_of
from common.kernel.values.times import read_day
from common.programme.parts import Words
from common.programme.problems import problem, to_pointer

MAX_PROBLEMS: Final = 200
MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 8

_ANYWHERE: Final = frozenset({"type", "x-ui", "enum", "const"})
_KEYWORDS: Final[dict[str, frozenset[str]]] = {
    "object": frozenset(
        {
            "$schema",
            "properties",
            "required",
            "additionalProperties",
            "dependentRequired",
            "if",
            "then",
            "else",
            "allOf",
        }
    ),
    "array": frozenset({"items", "minItems", "maxItems", "uniqueItems"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "integer": frozenset({"minimum", "maximum"}),
    "boolean": frozenset(),
}
_FORMATS: Final = frozenset({"date", "uri", "email"})
_CODES: Final[Mapping[str, tuple[str, str | None]]] = {
    "type": ("wrong_type", None),
    "minLength": ("too_short", "limit"),
    "maxLength": ("too_long", "limit"),
    "minimum": ("too_small", "limit"),
    "maximum": ("too_large", "limit"),
    "minItems": ("too_few", "limit"),
    "maxItems": ("too_many", "limit"),
    "uniqueItems": ("repeated", None),
    "pattern": ("malformed", None),
    "format": ("malformed", None),
    "enum": ("not_offered", None),
    "const": ("not_offered", None),
}
_TEXT_CODES: Final = {
    "text_blank": "text_blank",
    "text_one_line": "text_one_line",
    "date_parsing": "malformed",
    "date_out_of_range": "date_out_of_range",
}
FORM: Final = ("申报表", "The form")


def compiled(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a form; raises ValueError for an invalid schema. Patterns run in linear time."""
    return jsonschema_rs.Draft202012Validator(
        dict(schema),
        validate_formats=True,
        formats={"email": is_mail_address},
        offline=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )


def check_answers(
    schema: Mapping[str, Any], validator: jsonschema_rs.Draft202012Validator, answers: object
) -> list[FieldProblem]:
    """Return the problems of the answers, in the order of their pointers; at most `MAX_PROBLEMS`."""
    values = list(_refused_values(schema, answers, ()))
    refused = {each.pointer for each in values}
    found = [
        each
        for error in validator.iter_errors(answers)
        for each in _as_problems(schema, error)
        if each.pointer not in refused
    ]
    once = {(each.pointer, each.code): each for each in (*values, *found)}
    return [once[key] for key in sorted(once)][:MAX_PROBLEMS]


def is_required(schema: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """Return whether the form demands the field at this path in every application."""
    node: Mapping[str, Any] = schema
    for token in path:
        if token not in node.get("required", ()):
            return False
        node = node["properties"][token]
    return True


def largest_answers(field: Mapping[str, Any]) -> int:
    """Return the bytes of the largest answers that a form, or one field of it, can hold as JSON."""
    if "enum" in field:
        return max(map(size_of, field["enum"]), default=0)
    match field["type"]:
        case "object":
            members = field["properties"].items()
            return len("{}") + sum(size_of(name) + len(":,") + largest_answers(one) for name, one in members)
        case "array":
            return len("[]") + int(field["maxItems"]) * (largest_answers(field["items"]) + len(","))
        case "string":
            return len('""') + BYTES_OF_CHARACTER * longest_text(field)
        case "integer":
            return max(size_of(field["minimum"]), size_of(field["maximum"]))
    return len("false")


def longest_text(field: Mapping[str, Any]) -> int:
    """Return how many characters a text in this field can have; one without maxLength is a date or from a list."""
    if "enum" in field:
        return max((len(str(value)) for value in field["enum"]), default=0)
    return int(field.get("maxLength", len("2015-10-08")))


def _as_problems(schema: Mapping[str, Any], error: jsonschema_rs.ValidationError) -> Iterator[FieldProblem]:
    path = tuple(error.instance_path)
    details = error.kind.as_dict()
    kind = error.kind.name
    if kind == "required":
        inner = (*path, details["property"])
        yield problem(to_pointer(inner), "required", label=label_of(schema, inner))
    elif kind == "additionalProperties":
        for name in details["unexpected"]:
            yield problem(to_pointer((*path, name[:100])), "unknown_field", label=label_of(schema, path))
    else:
        code, limit = _CODES.get(kind, ("not_accepted", None))
        yield problem(to_pointer(path), code, label=label_of(schema, path), limit=details[limit] if limit else "")


def _refused_values(schema: Mapping[str, Any], value: object, path: tuple[str | int, ...]) -> Iterator[FieldProblem]:
    """Yield problems that JSON Schema does not find: 1.0 is a valid integer there, and so is every text a string."""
    if isinstance(value, float):
        yield problem(to_pointer(path), "decimal_refused", label=label_of(schema, path))
    elif isinstance(value, str):
        try:
            _check_text(value, field_at(schema, path) or {})
        except PydanticCustomError as error:
            code = _TEXT_CODES.get(error.type, "text_refused")
            yield problem(to_pointer(path), code, label=label_of(schema, path), **(error.context or {}))
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _refused_values(schema, child, (*path, key))
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            yield from _refused_values(schema, child, (*path, index))


def has_lines(field: Mapping[str, Any]) -> bool:
    """Return whether a text may have several lines: a `textarea`. Any other text is a name or title."""
    return bool(field.get("x-ui", {}).get("widget") == "textarea")


def _check_text(text: str, field: Mapping[str, Any]) -> None:
    """Check a text as the texts of all other requests are checked. Raises PydanticCustomError."""
    (prose if has_lines(field) else line)(text)
    if field.get("format") == "date":
        read_day(text)


def field_at(schema: Mapping[str, Any], path: tuple[str | int, ...]) -> Mapping[str, Any] | None:
    """Return the form's field at a path of member names and indexes, None when there is no such field."""
    node: Mapping[str, Any] | None = schema
    for token in path:
        if node is None:
            return None
        node = node.get("items") if isinstance(token, int) else node.get("properties", {}).get(token)
    return node


def label_of(schema: Mapping[str, Any], path: tuple[str | int, ...]) -> tuple[str, str]:
    """Return the (zh, en) label of a field, or of the nearest field around it."""
    for length in range(len(path), 0, -1):
        node = field_at(schema, path[:length])
        if node is not None and "x-ui" in node:
            label = node["x-ui"]["label"]
            return label["zh"], label["en"]
    return FORM


# What a form may be -------------------------------------------------------------------------------------------------


def _refuse(path: tuple[str, ...], why: str) -> PydanticCustomError:
    return PydanticCustomError(
        "form_refused", "{why} at {place}", {"why": why, "place": to_pointer(path) or "the root"}
    )


def _check_form(schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("type") != "object":
        raise _refuse((), "A form is an object")
    _check_field(schema, (), root=True)
    try:
        compiled(schema)
    except ValueError as error:
        raise PydanticCustomError("form_no_schema", "The form is no JSON Schema 2020-12") from error
    return schema


def _check_field(field: object, path: tuple[str, ...], *, root: bool = False) -> None:
    if not isinstance(field, dict) or field.get("type") not in _KEYWORDS:
        raise _refuse(path, "A field is an object, array, string, integer or boolean")
    if len(path) > 2 * MAX_DEPTH:
        raise _refuse(path, "The form is too deep")
    kind = field["type"]
    unknown = field.keys() - _KEYWORDS[kind] - _ANYWHERE
    if unknown:
        raise _refuse((*path, min(unknown)), "A keyword that forms do not use")
    if not root:
        _check_ui(field.get("x-ui"), path)
    if kind in _BOUNDS:
        _BOUNDS[kind](field, path)


def _check_object(field: dict[str, Any], path: tuple[str, ...]) -> None:
    properties = field.get("properties")
    if field.get("additionalProperties") is not False or not isinstance(properties, dict) or not properties:
        raise _refuse(path, "An object names its properties and is closed (additionalProperties: false)")
    if not isinstance(field.get("required", []), list) or not set(field.get("required", [])) <= properties.keys():
        raise _refuse((*path, "required"), "A required field that does not exist")
    for name, child in properties.items():
        if not name.isidentifier() or not name.islower() or not name.isascii():
            raise _refuse((*path, "properties"), "A field's name that is not in snake_case")
        _check_field(child, (*path, "properties", name))


def _check_array(field: dict[str, Any], path: tuple[str, ...]) -> None:
    if not _is_bound(field.get("maxItems")):
        raise _refuse(path, "An array has maxItems")
    _check_field(field.get("items"), (*path, "items"))


def _check_string(field: dict[str, Any], path: tuple[str, ...]) -> None:
    if not _is_bound(field.get("maxLength")) and "enum" not in field and field.get("format") != "date":
        raise _refuse(path, "A string has maxLength, an enum or the format date")
    if field.get("format", "date") not in _FORMATS:
        raise _refuse((*path, "format"), "A format that is not checked")


def _check_integer(field: dict[str, Any], path: tuple[str, ...]) -> None:
    bounds = (field.get("minimum"), field.get("maximum"))
    if not all(type(bound) is int and abs(bound) <= MAX_INTEGER for bound in bounds):
        raise _refuse(path, "An integer has minimum and maximum, both within 2^53 - 1")


def _check_ui(ui: object, path: tuple[str, ...]) -> None:
    if not isinstance(ui, dict):
        raise _refuse(path, "A field has x-ui")
    try:
        for name in ("label", "help", "unit"):
            if name == "label" or name in ui:
                Words.model_validate(ui.get(name))
        for option in ui.get("options", {}).values():
            Words.model_validate(option)
    except (ValidationError, AttributeError) as error:
        raise _refuse((*path, "x-ui"), "Labels, help, units and options have zh and en") from error


def _is_bound(value: object) -> bool:
    return type(value) is int and 0 < value <= MAX_INTEGER


_BOUNDS: Final[dict[str, Callable[[dict[str, Any], tuple[str, ...]], None]]] = {
    "object": _check_object,
    "array": _check_array,
    "string": _check_string,
    "integer": _check_integer,
}

AnswersSchema = Annotated[dict[str, Any], AfterValidator(_check_form)]
"""A JSON Schema of the answers, inside the subset that forms use."""
