"""Agencies are public reference data."""

from sqlalchemy import ColumnElement, true

from applications_service.agencies.model import Agency
from applications_service.agencies.refusals import AgencyNotFound
from common.actor import Actor
from common.storage.store import Store


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every agency."""
    return true()


agencies = Store(Agency, not_found=AgencyNotFound, visible=visible)
