"""Where a service finds its copies; programmes are public, so everybody sees all of them."""

from sqlalchemy import ColumnElement, true

from common.actor import Actor
from common.rules.model import LearnedRules
from common.rules.refusals import RulesUnknown
from common.storage.store import Store


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Programmes are public."""
    return true()


def rules_store(model: type[LearnedRules]) -> Store[LearnedRules]:
    """Return the store of a service's copies."""
    return Store(model, not_found=RulesUnknown, visible=visible)
