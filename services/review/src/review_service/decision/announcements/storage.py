"""Announcements are public."""

from sqlalchemy import ColumnElement, true

from common.kernel.actor import Actor
from common.storage.store import Store
from review_service.decision.announcements.model import Announcement
from review_service.decision.announcements.refusals import AnnouncementNotFound


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every announcement."""
    return true()


announcements = Store(Announcement, not_found=AnnouncementNotFound, visible=visible)
