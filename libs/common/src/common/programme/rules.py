"""Eligibility and veto rules: CEL expressions over the facts of a case, each answered with a trace.

Facts hold whole numbers only (money in fen). A rule that cannot be answered is `unknown`, which never passes for good:
a missing fact is neither a merit nor a fault.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from common.errors import Lang
from common.programme.cel import compile_expression

FACTS: Final = frozenset({"answers", "applicant", "attachments", "records", "holdings", "scope", "year", "as_of_on"})
"""What an expression may read: the snapshot's parts, the departments' records, the holder's titles and the date."""
APPLICANT: Final = frozenset({"uscc", "name", "kind", "division"})

_MAX_INTEGER: Final = 2**53 - 1
_PATH: Final = re.compile(r"\b(answers|applicant)((?:\.[A-Za-z_][A-Za-z0-9_]*)+)(?![A-Za-z0-9_]*\()")
_TEXT: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_FUNCTIONS: Final = frozenset({"size", "startsWith", "endsWith", "contains", "int", "string", "matches"})


class Outcome(StrEnum):
    """What a rule said."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """How an answer came about: what was read, over which window, and why there is none where there is none."""

    expression: str
    values: Mapping[str, Any]
    since_on: date | None = None
    until_on: date | None = None
    records: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The answer to one rule; `passed` is false also for `unknown`."""

    rule: str
    kind: Literal["eligibility", "veto"]
    outcome: Outcome
    zh: str
    en: str
    trace: RuleTrace = field(repr=False)

    @property
    def passed(self) -> bool:
        """Tell whether the rule lets the application through."""
        return self.outcome is Outcome.PASSED

    def text(self, lang: Lang = "zh") -> str:
        """Return the rule's text for the reader."""
        return self.en if lang == "en" else self.zh


def paths(expression: str) -> frozenset[tuple[str, ...]]:
    """Return the dotted paths that an expression reads from the answers and from the applicant."""
    bare = _TEXT.sub("''", expression)
    return frozenset((found[1], *found[2].lstrip(".").split(".")) for found in _PATH.finditer(bare))


def window(as_of_on: date, years: int) -> date:
    """Return the first day of the years up to and with a day; 29 February goes back to 28 February."""
    try:
        return as_of_on.replace(year=as_of_on.year - years)
    except ValueError:
        return date(as_of_on.year - years, 2, 28)


def ask(expression: str, facts: Mapping[str, Any], *, look_back_years: int | None) -> tuple[bool | None, RuleTrace]:
    """Answer one expression with True, False or None (cannot be told), and the trace of it.

    With `look_back_years`, `records` holds those dated in the years up to and with `as_of_on`. Raises ValueError for
    facts with a float or an integer beyond 2^53.
    """
    _refuse_inexact(facts, "")
    context: dict[str, Any] = {"attachments": [], "records": [], "holdings": []} | {
        name: facts[name] for name in FACTS.intersection(facts)
    }
    values = {".".join(path): _at(context, path) for path in sorted(paths(expression))}
    since_on = until_on = None
    try:
        if look_back_years is not None and context["records"]:
            until_on = _day(context["as_of_on"])
            since_on = window(until_on, look_back_years)
            context["records"] = [one for one in context["records"] if since_on <= _day(one["on"]) <= until_on]
        context = _as_text(context)
        answer = compile_expression(expression).execute(context)
        reason = None if isinstance(answer, bool) else f"the answer is a {type(answer).__name__}, not true or false"
    except Exception as error:  # noqa: BLE001 -- the CEL binding raises many types, all of which mean: cannot be told
        answer, reason = None, f"{type(error).__name__}: {error}"[:500]
    trace = RuleTrace(expression, values, since_on, until_on, len(context["records"]), reason)
    return (answer if isinstance(answer, bool) else None), trace


def _check_expression(expression: str) -> str:
    try:
        program = compile_expression(expression)
    except ValueError as error:
        raise PydanticCustomError("expression_malformed", "The expression is no CEL") from error
    bound = set(re.findall(r"\.(?:exists|all|exists_one|map|filter)\(\s*([a-z_]\w*)\s*,", _TEXT.sub("''", expression)))
    unknown = set(program.variables()) - FACTS - bound
    if unknown:
        raise PydanticCustomError("fact_unknown", "The expression reads {name}, no fact", {"name": min(unknown)})
    called = {name for name in program.functions() if name.isidentifier() and not name.startswith("_")} - _FUNCTIONS
    if called:
        raise PydanticCustomError("function_unknown", "The expression calls {name}", {"name": min(called)})
    for root, *rest in paths(expression):
        if root == "applicant" and rest[0] not in APPLICANT:
            raise PydanticCustomError("fact_unknown", "The expression reads applicant.{name}", {"name": rest[0]})
    return expression


def _at(facts: Mapping[str, Any], path: Sequence[str]) -> Any:  # noqa: ANN401 -- any fact
    node: Any = facts
    for token in path:
        if not isinstance(node, Mapping) or token not in node:
            return None
        node = node[token]
    return node


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _as_text(value: Any) -> Any:  # noqa: ANN401 -- any fact
    """Dates become ISO text, which compares like the dates, and tuples lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _as_text(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_as_text(child) for child in value]
    return value


def _refuse_inexact(value: object, path: str) -> None:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > _MAX_INTEGER):
        raise ValueError(f"the fact {path} is no whole number within 2^53")
    if isinstance(value, Mapping):
        for key, child in value.items():
            _refuse_inexact(child, f"{path}/{key}")
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            _refuse_inexact(child, f"{path}/{index}")


Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_check_expression)]
"""A CEL expression over `FACTS`."""
