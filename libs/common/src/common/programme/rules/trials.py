"""Trials of a rule before it is published: whether any case can be answered with true or false.

An expression is tried on complete answers that the form makes possible, once with the largest and once with the
smallest values, with and without records, titles and attachments. Facts of a case that are missing are another matter:
such a rule is undecided for this case only.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from common.programme.rules.cel import compile_expression

_MOST_ENTRIES: Final = (1000, 30)
"""How many entries of a list are tried, by depth; below it one. An index beyond them is none that a rule reads."""
_TEXTS: Final = {"date": "2015-10-08", "email": "li@example.test", "uri": "https://example.test/"}


def possible_facts(form: Mapping[str, Any], *, kinds: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Return the facts of cases with complete answers to a form; those of one inner list have the same answers."""
    return [list(_cases(form, kind=kinds[-1 if high else 0], high=high)) for high in (True, False)]


def flaw(expression: str, facts: Sequence[Sequence[Mapping[str, Any]]]) -> str | None:
    """Return why an expression cannot be answered with true or false, None when it can.

    It must never be of another type. For each of the complete answers one case must be free of structural errors, and
    one case of all must be decided: what depends on a value, such as a division by an answer, may fail in some.
    """
    program = compile_expression(expression)
    read = program.variables()
    decided, error = False, ""
    for cases in facts:
        sound = False
        for case in cases:
            try:
                answer = program.execute({name: case[name] for name in read if name in case})
            except TypeError:
                return "it computes with values of different types"
            except Exception as caught:  # noqa: BLE001 -- as in `ask`; each is named to the author
                error = f"{type(caught).__name__}: {caught}"[:200]
                sound = sound or not isinstance(caught, LookupError)  # an absent member, an index past the end
            else:
                if not isinstance(answer, bool):
                    return f"its answer is a {type(answer).__name__}"
                decided = sound = True
        if not sound:
            return error
    return None if decided else error


def _cases(form: Mapping[str, Any], *, kind: str, high: bool) -> Iterator[dict[str, Any]]:
    known = {
        "answers": _sample(form, high=high),
        "applicant": {"uscc": "9137000000000001F4", "name": "甲", "kind": kind, "division": "370102"},
        "scope": "甲",
        "year": 2015,
        "as_of_on": "2015-10-08",
    }
    yield known | {"attachments": [], "records": [], "holdings": []}
    yield known | {
        "attachments": [{"kind": "a", "name": "a", "digest": "a", "size": 1, "media_type": "application/pdf"}],
        "records": [{"code": "a", "on": "2015-10-08", "source_department": "a"}],
        "holdings": [{"honour": "A", "scope": "甲", "valid_until_year": 2015}],
    }


def _sample(field: Mapping[str, Any], *, high: bool, depth: int = 0) -> Any:  # noqa: ANN401 -- any answer
    offered = [field["const"]] if "const" in field else field.get("enum")
    if offered:
        return offered[-1 if high else 0]
    match field["type"]:
        case "object":
            return {name: _sample(child, high=high, depth=depth) for name, child in field["properties"].items()}
        case "array":
            most = _MOST_ENTRIES[depth] if depth < len(_MOST_ENTRIES) else 1
            return [_sample(field["items"], high=high, depth=depth + 1)] * min(field["maxItems"], most)
        case "integer":
            return field["maximum" if high else "minimum"]
        case "boolean":
            return high
    return _TEXTS.get(field.get("format", ""), "a" * max(1, field.get("minLength", 1)))
