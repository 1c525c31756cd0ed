"""The programme: one honour's whole definition as a frozen model, with the methods that the services call.

The model round-trips: `from_definition(programme.definition) == programme`, and the digest is over that definition, so
a default added to the schema later never changes the digest of an older edition.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, Self, cast

import jsonschema_rs
from pydantic import ValidationError, model_validator

from common.codes.vocabulary.words import Term
from common.kernel.digests import canonical, digest as digest_of
from common.kernel.errors import FieldProblem
from common.kernel.values.keys import fold_key
from common.programme.coherence import contradictions
from common.programme.definition.intake import (
    RECOMMENDATION_CLOCKS,
    Clock,
    ClockName,
    EligibilityRule,
    Material,
    OnOverdue,
    VetoRule,
)
from common.programme.definition.reviewing import Indicator
from common.programme.definition.whole import Definition
from common.programme.parts import Words
from common.programme.problems import problem, to_pointer
from common.programme.ranking.lists import Entry, Ranked, rank
from common.programme.refusals import ProgrammeInvalid, SheetInvalid
from common.programme.rules import expressions as rules, forms
from common.programme.rules.expressions import Outcome, RuleResult
from common.programme.scoring.blinding import blinded
from common.programme.scoring.scores import Scores, ScoreTrace, check_sheet, official_score
from common.programme.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class AppliedItem:
    """The item of an application, read from the answers; two applications for the same item have equal `scope`."""

    kind: str
    title: str
    category: str
    scope: str
    trademark: str | None = None
    models: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()


class Programme(Definition):
    """The rules of one honour; built by `parse` or `from_definition`, which say where a definition is wrong."""

    @classmethod
    def from_definition(cls, definition: object) -> Self:
        """Read a definition that came as JSON; raises ProgrammeInvalid naming each error."""
        _refuse_floats(definition, ())
        try:
            return cls.model_validate_json(canonical(definition))
        except ValidationError as error:
            raise ProgrammeInvalid(*((to_pointer(each["loc"]), each["msg"]) for each in error.errors())) from error
        except (ValueError, RecursionError) as error:
            raise ProgrammeInvalid(("", "not JSON that has a canonical form")) from error

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = list(contradictions(self))
        if found:
            raise ProgrammeInvalid(*found)
        return self

    @property
    def honour(self) -> str:
        """Return the honour's code."""
        return self.identity.honour

    @property
    def name(self) -> Words:
        """Return the honour's name."""
        return self.identity.name

    @cached_property
    def definition(self) -> dict[str, Any]:
        """Return the definition as JSON: decimals and dates as text, without fields that were not given."""
        return self.model_dump(mode="json", exclude_unset=True)

    @cached_property
    def digest(self) -> str:
        """Return the digest of the definition's canonical form (RFC 8785)."""
        return digest_of(self.definition)

    @property
    def levels(self) -> tuple[str, ...]:
        """Return the levels of the recommendation chain, first to last."""
        return tuple(each.level for each in self.recommendation)

    def skips(self, level: str) -> bool:
        """Return whether the level above a silent recommender of this level decides for both."""
        return any(each.level == level and each.skippable for each in self.recommendation)

    def recommendation_limit(self, level: str) -> int | None:
        """Return the most applications that one agency of this level may recommend in a round, None without limit."""
        return next((each.limit for each in self.recommendation if each.level == level), None)

    @property
    def recommendation_clocks(self) -> tuple[ClockName, ...]:
        """Return the names of the terms of the recommendation chain, first to last."""
        return tuple(RECOMMENDATION_CLOCKS[each] for each in self.levels)

    def clock(self, name: ClockName) -> Clock:
        """Return a term by its name; raises LookupError for a level that is not in the chain."""
        clock: Clock | None = getattr(self.clocks, name, None)
        if clock is None:
            raise LookupError(f"{self.honour} has no clock {name}")
        return clock

    def rule_when_overdue(self, clock: str | None) -> OnOverdue:
        """Return what happens when the term of this clock has passed; raises LookupError for a clock that it lacks."""
        return self.clock(cast("ClockName", clock)).on_overdue

    # The application -------------------------------------------------------------------------------------------------

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return forms.compiled(self.form.answers)

    def check_form(self, answers: object) -> list[FieldProblem]:
        """Return the problems of the answers to the form, by pointer; an empty list when there are none."""
        return forms.check_answers(self.form.answers, self._validator, answers)

    def check_materials(self, kinds: Collection[str]) -> list[FieldProblem]:
        """Return the required materials that are missing and the kinds that the programme does not have."""
        asked = {each.kind: each for each in self.materials.kinds}
        missing = [
            problem(to_pointer(("attachments", each.kind)), "material_missing", label=(each.name.zh, each.name.en))
            for each in asked.values()
            if each.required and each.kind not in kinds
        ]
        unknown = [
            problem(to_pointer(("attachments", kind)), "material_unknown") for kind in sorted(set(kinds) - asked.keys())
        ]
        return [*missing, *unknown]

    def material(self, kind: str) -> Material | None:
        """Return the material of this kind, with its formats and its size, None when the programme asks for none."""
        return next((each for each in self.materials.kinds if each.kind == kind), None)

    def takes_applicant(self, kind: str) -> bool:
        """Return whether this kind of applicant is admitted."""
        return any(each.code == kind for each in self.applicant_kinds)

    @property
    def admitted(self) -> Term:
        """Return the kinds of applicant that are admitted, as part of a sentence."""
        names = [each.name for each in self.applicant_kinds]
        return Term("、".join(name.zh for name in names), ", ".join(name.en for name in names))

    def item_of(self, answers: Mapping[str, Any]) -> AppliedItem:
        """Return the item that the answers apply for; the answers must have passed `check_form`."""
        where = self.item
        return AppliedItem(
            kind=where.kind,
            title=_value(answers, where.title),
            category=_value(answers, where.category),
            scope="|".join(fold_key(str(_value(answers, each))) for each in where.scope),
            trademark=_value(answers, where.trademark) if where.trademark else None,
            models=tuple(_value(answers, where.models) or ()) if where.models else (),
            priorities=tuple(_value(answers, where.priorities) or ()) if where.priorities else (),
        )

    def industry_outside(self, answers: Mapping[str, Any]) -> str | None:
        """Return the industry code of complete answers when it does not belong to their category, else None."""
        if self.item.industry is None or (code := _value(answers, self.item.industry)) is None:
            return None
        chosen = _value(answers, self.item.category)
        return None if any(each.code == chosen and each.has(code) for each in self.catalogue.categories) else str(code)

    def eligibility(self, facts: Mapping[str, Any]) -> list[RuleResult]:
        """Answer every eligibility and veto rule over the facts of a case, in the order of the definition.

        `facts` is the application's snapshot (`answers`, `applicant`, `attachments`), and these further facts:
        `records` ({code, on, …} from the departments), `holdings` (live titles {number, honour, scope,
        valid_until_year}),
        `year` of the round and `as_of_on`. Missing records and holdings count as empty; a rule that reads another
        missing fact is unknown. Raises ValueError for a fact that is a float.
        """
        known = dict(facts)
        answers = known.get("answers")
        if "scope" not in known and isinstance(answers, Mapping) and not self.check_form(answers):
            known["scope"] = self.item_of(answers).scope
        return [*self._asked("eligibility", known), *self._asked("veto", known)]

    def _asked(self, kind: Literal["eligibility", "veto"], facts: Mapping[str, Any]) -> Iterator[RuleResult]:
        chosen: Sequence[EligibilityRule | VetoRule]
        chosen = self.eligibility_rules if kind == "eligibility" else self.veto_rules
        for rule in chosen:
            expression = rule.holds if isinstance(rule, EligibilityRule) else rule.hit
            answer, trace = rules.ask(expression, facts, look_back_years=rule.look_back_years)
            if answer is None:
                outcome = Outcome.UNKNOWN
            else:
                outcome = Outcome.PASSED if answer is (kind == "eligibility") else Outcome.FAILED
            department = None if rule.source_department is None else rule.source_department.named
            yield RuleResult(rule.code, kind, outcome, rule.text.zh, rule.text.en, trace, department)

    # The review ------------------------------------------------------------------------------------------------------

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Return every indicator by its code, in the order of the definition."""
        return {node.code: node for node in self.review.indicators.walk()}

    def score_cap(self, indicator: str) -> Decimal:
        """Return the most points an indicator can have; raises KeyError for an unknown indicator."""
        return self.indicators[indicator].cap

    @property
    def leaves(self) -> tuple[str, ...]:
        """Return the indicators that are scored, in the order of the definition."""
        return tuple(leaf.code for leaf in self.review.indicators.leaves())

    def indicator_rows(self) -> list[dict[str, Any]]:
        """Return the indicator tree as rows for a score sheet, parents first, with caps as text."""
        parents = {child.code: node.code for node in self.indicators.values() for child in node.children}
        return [
            {
                "code": node.code,
                "parent": parents.get(node.code),
                "name": node.name.model_dump(),
                "guidance": node.guidance.model_dump() if node.guidance else None,
                "cap": str(node.cap),
                "unit": str(self.review.indicators.unit),
                "scored": not node.children,
            }
            for node in self.indicators.values()
        ]

    @property
    def total_points(self) -> Decimal:
        """Return the most points a sheet can have."""
        return self.review.indicators.total

    @property
    def panel_size(self) -> int:
        """Return how many experts score one application."""
        return self.review.panel.size

    def blinded(self, snapshot: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an expert sees of a submitted application: under a double-blind review nothing that names him."""
        return blinded(self.review.blind, snapshot)

    @property
    def threshold(self) -> Decimal | None:
        """Return the quality line, None when the programme has none."""
        return self.review.threshold.points if self.review.threshold else None

    def check_sheet(self, scores: Scores) -> list[FieldProblem]:
        """Return the problems that prevent handing a sheet in; an empty list when there are none."""
        return check_sheet(self.review, scores)

    def check_scores(self, scores: Scores) -> None:
        """Check a sheet that is being filled in; raises SheetInvalid naming what is wrong."""
        found = check_sheet(self.review, scores, whole=False)
        if found:
            raise SheetInvalid(problems=found)

    def official_score(self, sheets: Sequence[Scores]) -> ScoreTrace:
        """Return the official score of one application's sheets; raises SheetsTooFew or SheetInvalid."""
        return official_score(self.review, sheets)

    def rank(self, entries: Collection[Entry], *, seed: str) -> list[Ranked]:
        """Rank a round by the quota, order of ties, quality line and reserve list; raises as `ranking.rank`."""
        return rank(
            entries,
            quota=self.quota.total,
            reserve=self.quota.reserve,
            criteria=self.quota.criteria,
            threshold=self.threshold,
            seed=seed,
            names={code: self.indicators[code].name for code in self.quota.criteria},
        )


def parse(text: str) -> Programme:
    """Read a definition written in YAML; raises ProgrammeInvalid with the pointer or the line of what is wrong."""
    return Programme.from_definition(read_yaml(text))


def _value(answers: Mapping[str, Any], pointer: str) -> Any:  # noqa: ANN401 -- any answer
    node: Any = answers
    for token in pointer.split("/")[1:]:
        node = node.get(token) if isinstance(node, Mapping) else None
    return node


def _refuse_floats(value: object, path: tuple[str | int, ...]) -> None:
    if isinstance(value, float):
        raise ProgrammeInvalid((to_pointer(path), "decimals are written as strings"))
    if len(path) > 2 * 32:
        raise ProgrammeInvalid((to_pointer(path[:5]), "too deep"))
    if isinstance(value, Mapping):
        for key, child in value.items():
            _refuse_floats(child, (*path, key))
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            _refuse_floats(child, (*path, index))
