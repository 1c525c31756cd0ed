"""Announcements are public."""

from sqlalchemy import ColumnElement, true

from common.actor import Actor
from common.storage.store import Store
from review_service.announcements.model import Announcement
from review_service.announcements.refusals import AnnouncementNotFound


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every announcement."""
    return true()


announcements = Store(Announcement, not_found=AnnouncementNotFound, visible=visible)
