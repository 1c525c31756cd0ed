"""Parties are looked up by reactions only; no route shows them."""

from sqlalchemy import ColumnElement, true

from common.actor import Actor
from common.errors import NotFound
from common.storage.store import Store
from notifications_service.parties.model import Parties


class PartiesUnknown(NotFound):
    """The case has not been accepted, as far as this service was told."""

    code = "parties-unknown"
    zh = "尚未收到申报 {key} 的受理信息。"
    en = "This service has not been told who takes part in {key}."


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Reactions reach every case."""
    return true()


parties = Store(Parties, not_found=PartiesUnknown, visible=visible)


def parties_awaited(application_id: str) -> str:
    """Name what the news of a case waits for until its parties are known."""
    return f"parties:{application_id}"
