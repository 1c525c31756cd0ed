"""The store of a service's copies of programme editions; programmes are public, so every actor sees all of them."""

from sqlalchemy import ColumnElement, true

from common.editions.model import LearnedRules
from common.editions.refusals import RulesUnknown
from common.kernel.actor import Actor
from common.storage.store import Store


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is always true: programmes are public."""
    return true()


def rules_store(model: type[LearnedRules]) -> Store[LearnedRules]:
    """Return the store of a service's copies."""
    return Store(model, not_found=RulesUnknown, visible=visible)
