"""The recognition body and the observers see the proposals."""

from sqlalchemy import ColumnElement, false, true

from common.kernel.actor import Actor
from common.storage.store import Store
from review_service.cases.reviews.storage import bound_by_case
from review_service.panel.experts.storage import SEES
from review_service.panel.redraws.model import Redraw
from review_service.panel.redraws.refusals import RedrawNotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """The proposals are visible to everybody who sees the pool."""
    return true() if actor.roles & SEES else false()


redraws = Store(Redraw, not_found=RedrawNotFound, visible=visible, withheld=bound_by_case(Redraw.review_id))
