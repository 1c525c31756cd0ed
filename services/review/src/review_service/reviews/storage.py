"""Who may see a review: the province-wide agencies, and partners in their area. Experts see their sheets only."""

from sqlalchemy import ColumnElement, false, select, true

from common.actor import SYSTEM, Actor, Role
from common.divisions import inside
from common.storage.store import Store
from common.storage.work import Work
from review_service.reviews.lifecycle import State
from review_service.reviews.model import Review
from review_service.reviews.refusals import ReviewNotFound

PROVINCE_WIDE = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.DEPARTMENT, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Province-wide agencies see all, partners their area."""
    if actor == SYSTEM or actor.roles & PROVINCE_WIDE:
        return true()
    return inside(Review.division, actor.division) if actor.has(Role.PARTNER) else false()


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """Commands of other nouns reach every review: their own routes say who may call them."""
    return true()


async def is_ranked(work: Work, round_id: str) -> bool:
    """Tell whether the round's list has been drawn up: its cases have their places, inside or outside."""
    placed = Review.state.in_([State.SHORTLISTED, State.OUTSIDE, State.RECOGNISED]) | Review.rank.is_not(None)
    return await work.one(select(Review.id).where(Review.round_id == round_id, placed).limit(1)) is not None


reviews = Store(Review, not_found=ReviewNotFound, visible=visible)
cases = Store(Review, not_found=ReviewNotFound, visible=visible_whole)
