"""Only its expert reads a sheet; the recognition body and the observers see that it exists, never a score."""

from sqlalchemy import ColumnElement, false, true

from common.kernel.actor import Actor, Role
from common.storage.store import Store
from review_service.cases.reviews.storage import bound_by_case
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.refusals import SheetNotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """An expert sees his own sheets."""
    return Sheet.expert_sub == actor.sub if actor.has(Role.EXPERT) else false()


def visible_unscored(actor: Actor) -> ColumnElement[bool]:
    """Those who see the pool see every sheet, in views without scores; an expert sees his own."""
    return true() if actor.has(Role.RECOGNITION_OFFICER, Role.OBSERVER) else visible(actor)


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """The commands that add up scores see every sheet; no route uses this condition."""
    return true()


_bound = bound_by_case(Sheet.review_id)
sheets = Store(Sheet, not_found=SheetNotFound, visible=visible, withheld=_bound)
unscored_sheets = Store(Sheet, not_found=SheetNotFound, visible=visible_unscored, withheld=_bound)
all_sheets = Store(Sheet, not_found=SheetNotFound, visible=visible_whole, withheld=_bound)
