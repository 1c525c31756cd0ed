"""A sheet is seen by its expert alone, until the ranking is proposed nobody else reads a score."""

from sqlalchemy import ColumnElement, false, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from review_service.sheets.model import Sheet
from review_service.sheets.refusals import SheetNotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """An expert sees his own sheets."""
    if actor == SYSTEM:
        return true()
    return Sheet.expert_sub == actor.sub if actor.has(Role.EXPERT) else false()


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """The commands that add scores up reach every sheet; no route shows them."""
    return true()


sheets = Store(Sheet, not_found=SheetNotFound, visible=visible)
all_sheets = Store(Sheet, not_found=SheetNotFound, visible=visible_whole)
