"""Rounds are public."""

from sqlalchemy import ColumnElement, true

from applications_service.rounds.model import Round
from applications_service.rounds.refusals import RoundNotFound
from common.actor import Actor
from common.storage.store import Store


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every round."""
    return true()


rounds = Store(Round, not_found=RoundNotFound, visible=visible)
