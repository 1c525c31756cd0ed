"""The programme: one honour's whole definition as a frozen model, with the questions the services ask it.

The model round-trips: `from_definition(programme.definition) == programme`, and the digest is over that definition, so
a default added to the schema later never changes the digest of an older edition.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, Self

import jsonschema_rs
from pydantic import ValidationError, model_validator

from common.digests import canonical, digest as digest_of
from common.errors import FieldProblem
from common.programme import forms, rules
from common.programme.coherence import contradictions
from common.programme.definition import Definition
from common.programme.intake import Clock, ClockName, EligibilityRule, VetoRule
from common.programme.parts import Words
from common.programme.problems import problem, to_pointer
from common.programme.ranking import Entry, Ranked, rank
from common.programme.refusals import ProgrammeInvalid, SheetInvalid
from common.programme.reviewing import Indicator
from common.programme.rules import Outcome, RuleResult
from common.programme.scoring import Scores, ScoreTrace, check_sheet, official_score
from common.programme.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class AppliedItem:
    """What an application is for, as its answers say; `scope` is equal for two applications for the same item."""

    kind: str
    title: str
    category: str
    scope: str
    trademark: str | None = None
    models: tuple[str, ...] = ()


class Programme(Definition):
    """The rules of one honour; built by `parse` or `from_definition`, which say where a definition is wrong."""

    @classmethod
    def from_definition(cls, definition: object) -> Self:
        """Read a definition that came as JSON; raises ProgrammeInvalid naming each thing that is wrong."""
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
        """Return the definition as JSON: decimals and dates as text, and nothing that was not given."""
        return self.model_dump(mode="json", exclude_unset=True)

    @cached_property
    def digest(self) -> str:
        """Return the digest of the definition's canonical form (RFC 8785)."""
        return digest_of(self.definition)

    @property
    def levels(self) -> tuple[str, ...]:
        """Return the levels of the recommendation chain, first to last."""
        return tuple(each.level for each in self.recommendation)

    def clock(self, name: ClockName) -> Clock:
        """Return a term by its name; raises LookupError for a level that is not in the chain."""
        clock: Clock | None = getattr(self.clocks, name)
        if clock is None:
            raise LookupError(f"{self.honour} has no clock {name}")
        return clock

    # The application -------------------------------------------------------------------------------------------------

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return forms.compiled(self.form.answers)

    def check_form(self, answers: object) -> list[FieldProblem]:
        """Return what is wrong with the answers to the form, by pointer; an empty list when nothing is."""
        return forms.check_answers(self.form.answers, self._validator, answers)

    def check_materials(self, kinds: Collection[str]) -> list[FieldProblem]:
        """Return the required materials that are missing and the kinds that nobody asked for."""
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

    def takes_material(self, kind: str, *, media_type: str, size: int) -> bool:
        """Tell whether a file of this media type and size (bytes) may be attached as this kind."""
        return any(
            each.kind == kind and media_type in each.media_types and 0 < size <= each.max_bytes
            for each in self.materials.kinds
        )

    def takes_applicant(self, kind: str) -> bool:
        """Tell whether this kind of applicant is admitted."""
        return any(each.code == kind for each in self.applicant_kinds)

    def item_of(self, answers: Mapping[str, Any]) -> AppliedItem:
        """Return what the answers apply for; they must have passed `check_form`."""
        where = self.item
        return AppliedItem(
            kind=where.kind,
            title=_value(answers, where.title),
            category=_value(answers, where.category),
            scope="|".join(" ".join(str(_value(answers, each)).split()).casefold() for each in where.scope),
            trademark=_value(answers, where.trademark) if where.trademark else None,
            models=tuple(_value(answers, where.models) or ()) if where.models else (),
        )

    def eligibility(self, facts: Mapping[str, Any]) -> list[RuleResult]:
        """Answer every eligibility and veto rule over the facts of a case, in the order of the definition.

        `facts` is the application's snapshot (`answers`, `applicant`, `attachments`), with what is known beside it:
        `records` ({code, on, …} from the departments), `holdings` (live titles {honour, scope, valid_until_year}),
        `year` of the round and `as_of_on`. Records and holdings that are not given are taken as none; of other facts
        that are not given, the rules that read them are unknown. Raises ValueError for a fact that is a float.
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
            yield RuleResult(rule.code, kind, outcome, rule.text.zh, rule.text.en, trace)

    # The review ------------------------------------------------------------------------------------------------------

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Return every indicator by its code, in the order of the definition."""
        return {node.code: node for node in self.review.indicators.walk()}

    def score_cap(self, indicator: str) -> Decimal:
        """Return the most points an indicator can have; raises KeyError for an indicator that is none."""
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

    @property
    def threshold(self) -> Decimal | None:
        """Return the quality line, None where there is none."""
        return self.review.threshold.points if self.review.threshold else None

    def check_sheet(self, scores: Scores) -> list[FieldProblem]:
        """Return what keeps a sheet from being handed in; an empty list when nothing does."""
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
