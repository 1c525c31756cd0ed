"""An expert sees his own statements, the recognition body and the observers all of them."""

from datetime import datetime

from sqlalchemy import ColumnElement, false, select, true

from common.kernel.actor import Actor, Role
from common.storage.store import Store
from common.storage.work import Work
from review_service.panel.statements.model import Statement
from review_service.panel.statements.refusals import StatementNotFound

SEES = frozenset({Role.RECOGNITION_OFFICER, Role.OBSERVER, Role.EXPERT})


def visible(actor: Actor) -> ColumnElement[bool]:
    """An expert sees what he signed himself."""
    if actor.has(Role.RECOGNITION_OFFICER, Role.OBSERVER):
        return true()
    return Statement.expert_sub == actor.sub if actor.has(Role.EXPERT) else false()


async def signed_at(work: Work, round_id: str) -> datetime | None:
    """Return when the actor signed the statement of the round, None when he has not."""
    asked = select(Statement.signed_at).where(Statement.round_id == round_id, Statement.expert_sub == work.actor.sub)
    found = await work.one(asked)
    return None if found is None else found.signed_at


statements = Store(Statement, not_found=StatementNotFound, visible=visible)
