"""A programme is data: the schema of an honour's definition and its pure rules. No I/O, and no branch on an honour."""

from common.kernel.errors import FieldProblem
from common.programme.definition.award import Ground
from common.programme.definition.intake import Clock, ClockName
from common.programme.programme import AppliedItem, Programme, parse
from common.programme.ranking.lists import Entry, Explanation, Place, Ranked, rank, ticket
from common.programme.refusals import ProgrammeInvalid, SheetInvalid, SheetsTooFew
from common.programme.rules.expressions import Outcome, RuleKind, RuleResult, RuleTrace
from common.programme.schema import programme_schema, schema_text
from common.programme.scoring.scores import Scores, ScoreTrace

__all__ = [
    "AppliedItem",
    "Clock",
    "ClockName",
    "Entry",
    "Explanation",
    "FieldProblem",
    "Ground",
    "Outcome",
    "Place",
    "Programme",
    "ProgrammeInvalid",
    "Ranked",
    "RuleKind",
    "RuleResult",
    "RuleTrace",
    "ScoreTrace",
    "Scores",
    "SheetInvalid",
    "SheetsTooFew",
    "parse",
    "programme_schema",
    "rank",
    "schema_text",
    "ticket",
]
