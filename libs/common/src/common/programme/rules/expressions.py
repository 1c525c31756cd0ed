"""Eligibility and veto rules: CEL expressions over the facts of a case, each answered with a trace.

Numbers in facts are whole (money in fen). A rule that cannot be answered is `unknown`: it does not pass, but does not
count as a fault either.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from common.kernel.errors import Lang
from common.programme.rules.cel import compile_expression

FACTS: Final = frozenset({"answers", "applicant", "attachments", "records", "holdings", "scope", "year", "as_of_on"})
"""All that an expression may read: the snapshot's parts, the departments' records, the holder's titles and the date."""
APPLICANT: Final = frozenset({"uscc", "name", "kind", "division"})

_WHOLE: Final = FACTS - {"answers", "applicant"}
"""The facts that a trace shows whole; of the answers and the applicant it shows what the expression reads."""
_MAX_INTEGER: Final = 2**53 - 1
_PATH: Final = re.compile(r"\b(answers|applicant)((?:\.[A-Za-z_][A-Za-z0-9_]*)+)(?![A-Za-z0-9_]*\()")
_TEXT: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_FUNCTIONS: Final = frozenset({"size", "startsWith", "endsWith", "contains", "int", "string", "matches"})


class Outcome(StrEnum):
    """What a rule said."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


RuleKind: TypeAlias = Literal["intake", "register", "eligibility", "veto"]
"""Whose rule it is: that of every application, that of the register, or one of the programme's two kinds."""


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """The trace of an answer: the facts that it read, the window of dates, and the reason when there is no answer."""

    expression: str
    values: Mapping[str, Any]
    since_on: date | None = None
    until_on: date | None = None
    records: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The answer to one rule; `passed` is false also for `unknown`.

    `department` is the one that answers for the fact: its code, and its name in both languages.
    """

    rule: str
    kind: RuleKind
    outcome: Outcome
    zh: str
    en: str
    trace: RuleTrace = field(repr=False)
    department: Mapping[str, str] | None = None

    @property
    def passed(self) -> bool:
        """Return whether the application passes the rule."""
        return self.outcome is Outcome.PASSED

    def text(self, lang: Lang = "zh") -> str:
        """Return the rule's text for the reader."""
        return self.en if lang == "en" else self.zh

    @classmethod
    def found(cls, code: str, kind: RuleKind, zh: str, en: str, **values: list[Any]) -> Self:
        """Return the answer to a rule that is broken by what was found, and kept when nothing was found."""
        outcome = Outcome.FAILED if any(values.values()) else Outcome.PASSED
        return cls(code, kind, outcome, zh, en, RuleTrace(expression=code, values=values))

    def as_json(self) -> dict[str, Any]:
        """Return the answer as it is stored and shown: with both texts, and the values that decided."""
        return {
            "code": self.rule,
            "kind": self.kind,
            "verdict": self.outcome.value,
            "zh": self.zh,
            "en": self.en,
            "values": dict(self.trace.values),
            "source_department": self.department,
        }


def paths(expression: str) -> frozenset[tuple[str, ...]]:
    """Return the dotted paths that an expression reads from the answers and from the applicant."""
    bare = _TEXT.sub("''", expression)
    return frozenset((found[1], *found[2].lstrip(".").split(".")) for found in _PATH.finditer(bare))


def window(as_of_on: date, years: int) -> date:
    """Return the first day of the years up to and including a day; 29 February goes back to 28 February."""
    try:
        return as_of_on.replace(year=as_of_on.year - years)
    except ValueError:
        return date(as_of_on.year - years, 2, 28)


def ask(expression: str, facts: Mapping[str, Any], *, look_back_years: int | None) -> tuple[bool | None, RuleTrace]:
    """Answer one expression with True, False or None (undecidable), and the trace of it.

    With `look_back_years`, `records` contains only those dated in the years up to and including `as_of_on`. Raises
    ValueError for facts with a float or an integer beyond 2^53.
    """
    _refuse_inexact(facts, "")
    context: dict[str, Any] = {"attachments": [], "records": [], "holdings": []} | {
        name: facts[name] for name in FACTS.intersection(facts)
    }
    values = {".".join(path): _at(context, path) for path in sorted(paths(expression))}
    program = compile_expression(expression)
    since_on = until_on = None
    try:
        if look_back_years is not None and context["records"]:
            until_on = _day(context["as_of_on"])
            since_on = window(until_on, look_back_years)
            context["records"] = [one for one in context["records"] if since_on <= _day(one["on"]) <= until_on]
        context = _as_text(context)
        values |= {name: context.get(name) for name in sorted(_WHOLE.intersection(program.variables()))}
        answer = program.execute(context)
        reason = None if isinstance(answer, bool) else f"the answer is a {type(answer).__name__}, not true or false"
    except Exception as error:  # noqa: BLE001 -- the CEL binding raises many types, all of which mean: undecidable
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
    """Return dates as ISO text, which sorts like the dates, and tuples as lists."""
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
