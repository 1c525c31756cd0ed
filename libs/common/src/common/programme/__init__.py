"""A programme is data: the schema of an honour's definition and its pure rules. No I/O, and no branch on an honour."""

from common.errors import FieldProblem
from common.programme.intake import Clock, ClockName
from common.programme.outcome import Ground
from common.programme.programme import AppliedItem, Programme, parse
from common.programme.ranking import Entry, Explanation, Place, Ranked, rank, ticket
from common.programme.refusals import ProgrammeInvalid, SheetInvalid, SheetsTooFew
from common.programme.rules import Outcome, RuleResult, RuleTrace
from common.programme.schema import programme_schema, schema_text
from common.programme.scoring import Scores, ScoreTrace

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
