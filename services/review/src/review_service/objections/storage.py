"""Who sees an objection: whoever filed it, and the recognition body; the office and observers watch."""

from sqlalchemy import ColumnElement, func, select, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from common.storage.work import Work
from review_service.objections.lifecycle import State
from review_service.objections.model import Objection
from review_service.objections.refusals import ObjectionNotFound

SEES_ALL = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Everybody sees his own, the recognition body and its supervisors all."""
    if actor == SYSTEM or actor.roles & SEES_ALL:
        return true()
    return Objection.filed_by == actor.sub


objections = Store(Objection, not_found=ObjectionNotFound, visible=visible)


async def open_objections(work: Work, round_id: str) -> int:
    """Count the objections of a round that have no answer yet."""
    return await work.count(
        select(func.count())
        .select_from(Objection)
        .where(Objection.round_id == round_id, Objection.state == State.FILED)
    )
