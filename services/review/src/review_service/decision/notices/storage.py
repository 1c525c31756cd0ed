"""Notices are public."""

from sqlalchemy import ColumnElement, true

from common.kernel.actor import Actor
from common.storage.store import Store
from review_service.decision.notices.model import Notice
from review_service.decision.notices.refusals import NoticeNotFound


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every notice."""
    return true()


notices = Store(Notice, not_found=NoticeNotFound, visible=visible)
