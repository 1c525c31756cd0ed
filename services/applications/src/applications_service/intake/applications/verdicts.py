"""The officer's decision about each rule that the facts of an application do not decide.

Such a rule never passes by silence: acceptance names it, and the officer says whether it holds, and why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from applications_service.intake.applications.refusals import (
    ApplicationNotEligible,
    DecisionNotAsked,
    RulesUndecided,
)
from common.programme import Outcome, RuleResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision about one rule by its code; `holds` is true when the application meets the rule."""

    rule: str
    holds: bool
    reason: str


def settled(results: Iterable[RuleResult], decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Return the decisions as they are stored: with the rule's text, in the order of the programme.

    Raises DecisionNotAsked for a second decision about a rule, or one about a rule that the facts decide;
    RulesUndecided for rules without a decision; ApplicationNotEligible when a rule does not hold.
    """
    undecided = {each.rule: each for each in results if each.outcome is Outcome.UNKNOWN}
    decided = {each.rule: each for each in decisions}
    surplus = [each.rule for each in decisions if each.rule not in undecided]
    if surplus or len(decided) < len(decisions):
        raise DecisionNotAsked(rules="、".join(surplus or decided))
    missing = [each for code, each in undecided.items() if code not in decided]
    if missing:
        raise RulesUndecided(rules=named(missing), codes="、".join(each.rule for each in missing))
    broken = [each for code, each in undecided.items() if not decided[code].holds]
    if broken:
        raise ApplicationNotEligible(rules=named(broken))
    return [{**asdict(decided[code]), "zh": each.zh, "en": each.en} for code, each in undecided.items()]


def named(rules: Iterable[RuleResult]) -> str:
    """Return the texts of rules as one part of a sentence."""
    return "；".join(each.zh.rstrip("。") for each in rules)


def as_reason(decisions: Iterable[dict[str, Any]]) -> str | None:
    """Return the decisions as the reason in the audit, None when there are none."""
    return "\n".join(f"{each['rule']}：{each['reason']}" for each in decisions) or None
