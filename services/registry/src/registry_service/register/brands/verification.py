"""The check of a brand, with three separate answers: genuine? in force now? in force on that date? Pure functions.

A change counts from its effective date, not from the day on which it was recorded. Of all changes that count on a day,
the last recorded one decides, so that no earlier record undoes a backdated act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry_service.register.brands.lifecycle import IN_FORCE, State

REASONS = {
    "in_force": ("处于有效状态。", "The title is in force."),
    "warned": ("有效，但已被黄牌警告。", "In force, under a warning."),
    "suspended": ("称号被暂停使用。", "The title is suspended."),
    "revoked": ("称号已被撤销。", "The title has been revoked."),
    "cancelled": ("称号已注销。", "The title has been cancelled."),
    "expired": ("有效期已满。", "The validity has run out."),
    "pending_effect": ("尚未生效。", "The title has not taken effect yet."),
    "superseded": ("已由新的称号取代。", "A newer title has taken its place."),
    "registered": ("该编号由本名册授予。", "The number was given by this register."),
    "unknown": ("名册中没有该编号。", "The register holds no such number."),
    "malformed": (
        "编号校验码不符，请核对是否抄写有误。",
        "The check character does not fit: the number was miscopied.",
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with its reason: a code and both texts."""

    answer: bool
    code: str
    zh: str
    en: str


def answer(yes: bool, code: str) -> Answer:  # noqa: FBT001 -- the answer itself
    """Return an answer with the texts of its reason."""
    zh, en = REASONS[code]
    return Answer(yes, code, zh, en)


def in_force_on(day: date, changes: Sequence[Any], *, effective_on: date, valid_until: date | None) -> Answer:
    """Return whether the title was in force on a day, as we know it now."""
    if day < effective_on:
        return answer(False, "pending_effect")
    counted = [change for change in changes if change.effective_on <= day]
    state = State(max(counted, key=_order).to_state) if counted else State.ACTIVE
    if state is State.PENDING_EFFECT:
        state = State.ACTIVE
    if state in {State.ACTIVE, State.WARNED, State.SUSPENDED} and valid_until is not None and day > valid_until:
        return answer(False, "expired")
    if state in IN_FORCE:
        return answer(True, "warned" if state is State.WARNED else "in_force")
    return answer(False, state.value)


def _order(change: Any) -> tuple[datetime, str]:  # noqa: ANN401 -- a row or an aggregate
    return change.recorded_at, change.id
