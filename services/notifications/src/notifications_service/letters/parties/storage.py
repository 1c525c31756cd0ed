"""Parties are looked up by reactions only; no route shows them."""

from sqlalchemy import ColumnElement, true

from common.kernel.actor import Actor
from common.storage.store import Store
from notifications_service.letters.parties.model import Parties
from notifications_service.letters.parties.refusals import PartiesUnknown


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Reactions see the parties of every case."""
    return true()


parties = Store(Parties, not_found=PartiesUnknown, visible=visible)


def parties_awaited(application_id: str) -> str:
    """Return the name under which events of a case wait until its recommenders are known."""
    return f"parties:{application_id}"


def outcome_awaited(application_id: str) -> str:
    """Return the name under which a brand waits until the recognition of its case is known."""
    return f"outcome:{application_id}"
