"""Puts the vocabulary into an OpenAPI document: fields, values, operations and tags in both languages.

A text that a route or a field declares itself is not replaced. Words are `title` and `description` for people and `x-…`
members for programs; a title from which a generator would make a type's name is not changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from common.codes.vocabulary.words import FIELDS, NOUNS, OPERATIONS, ROLES, STATES, VALUES, Term

Document = dict[str, Any]

_PARAMETER: Final = "parameter"
_TYPED: Final = frozenset({"$ref", "enum", "const", "properties", "additionalProperties"})


def put_words(document: Document, operations: Iterable[tuple[str, str, Document]]) -> None:
    """Put the words into the document; a second call changes nothing."""
    used: set[str] = set()
    for method, path, operation in operations:
        _name_operation(operation, f"{method.upper()} {path}")
        used.update(operation.get("tags", ()))
        for parameter in operation.get("parameters", ()):
            _name_parameter(parameter)
    for name, schema in document["components"]["schemas"].items():
        _name_schema(name, schema)
    if used:
        document["tags"] = [*_tags(used)]


def noun_of_states(values: Iterable[object]) -> str | None:
    """Return the noun whose states are exactly these values, None when there is none or more than one."""
    wanted = {str(value) for value in values}
    found = [noun for noun in STATES.sections() if STATES.section(noun).keys() == wanted]
    return found[0] if len(found) == 1 else None


def missing_words(document: Mapping[str, Any], operations: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[str]:
    """Return the fields, parameters, enum values, operations and tags of a document that have no word, sorted."""
    missing: set[str] = set()
    for method, path, operation in operations:
        if OPERATIONS.find(f"{method.upper()} {path}") is None:
            missing.add(f"operations: {method.upper()} {path}")
        missing.update(f"nouns: {tag}" for tag in operation.get("tags", ()) if NOUNS.find(tag, "nouns") is None)
        for parameter in operation.get("parameters", ()):
            name = parameter.get("name", "")
            if parameter.get("in") in {"path", "query"} and FIELDS.find(name, _PARAMETER) is None:
                missing.add(f"fields: {_PARAMETER}.{name}")
    for schema_name, schema in document["components"]["schemas"].items():
        missing.update(f"values: {schema_name}.{value}" for value, term in _values(schema_name, schema) if term is None)
        for name, member in schema.get("properties", {}).items():
            if FIELDS.find(name, schema_name) is None:
                missing.add(f"fields: {schema_name}.{name}")
            missing.update(f"values: {name}.{value}" for value, term in _values(name, member) if term is None)
    return sorted(missing)


def _tags(used: set[str]) -> Iterator[Document]:
    for name, term in NOUNS.section("nouns").items():
        if name in used:
            yield {"name": name, "description": term.meaning, "x-displayName": term.both, "x-words": term.as_json()}


def _name_operation(operation: Document, key: str) -> None:
    summary = operation.get("summary", "")
    zh = OPERATIONS.find(key)
    if zh is None or summary.startswith(zh.zh):
        return
    operation["summary"] = f"{zh.zh}{summary}"
    operation["x-summary"] = {"zh": zh.zh, "en": summary}
    operation["description"] = f"{zh.zh}\n\n{operation.get('description') or summary}"


def _name_parameter(parameter: Document) -> None:
    term = FIELDS.find(parameter.get("name", ""), _PARAMETER)
    if term is None or parameter.get("in") == "header":
        return
    parameter["description"] = _described(parameter.get("description"), term)
    parameter["x-words"] = term.as_json()


def _name_schema(name: str, schema: Document) -> None:
    _name_values(name, schema)
    for field, member in schema.get("properties", {}).items():
        _name_values(field, member)
        term = FIELDS.find(field, name)
        if term is not None:
            if not _names_a_type(member):
                member["title"] = term.both
            member["description"] = _described(member.get("description"), term)
            member["x-words"] = term.as_json()


def _described(own: str | None, term: Term) -> str:
    """Return a description in both languages; the Chinese sentence is put before the field's own English one."""
    if not own:
        return term.meaning
    return own if any("\u4e00" <= character <= "\u9fff" for character in own) else f"{term.zh_meaning}{own}"


def _names_a_type(schema: Mapping[str, Any]) -> bool:
    """Return whether a generator makes a type of this schema, which it would name after the title."""
    if _TYPED & schema.keys() or schema.get("type") == "object":
        return True
    parts = [part for keyword in ("anyOf", "oneOf", "allOf") for part in schema.get(keyword, ())]
    return any(map(_names_a_type, [*parts, schema["items"]] if "items" in schema else parts))


def _name_values(name: str, schema: Document) -> None:
    found = {value: term.as_json() for value, term in _values(name, schema) if term is not None}
    if found:
        schema["x-enum-names"] = found


def _values(name: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, Term | None]]:
    """Yield the values of an enum with their words, also when the enum is one of several allowed types."""
    values = [value for value in schema.get("enum", ()) if isinstance(value, str)]
    if isinstance(schema.get("const"), str):
        values.append(schema["const"])
    if name == "Role":
        yield from ((value, ROLES.find(value)) for value in values)
        return
    named = name.removesuffix("State").lower()
    noun = noun_of_states(values) or (named if named in STATES.sections() else None)
    for value in values:
        yield value, (STATES.find(value, noun) if noun else VALUES.find(value, name))
    for part in schema.get("anyOf", ()):
        yield from _values(name, part)
