"""The recognition body and the observers see the pool, an expert his own entry; a list shows each one's load."""

from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, true

from common.kernel.actor import Actor, Role
from common.storage.store import Store
from review_service.cases.rounds.model import Round
from review_service.panel.experts.model import Expert
from review_service.panel.experts.refusals import ExpertNotFound
from review_service.panel.sheets.lifecycle import SEATED
from review_service.panel.sheets.model import Sheet

SEES = frozenset({Role.RECOGNITION_OFFICER, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body and observers see the whole pool, an expert himself; other actors see nobody."""
    own = Expert.sub == actor.sub if actor.has(Role.EXPERT) else false()
    return true() if actor.roles & SEES else own


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """The commands that fill seats see every expert; no route uses this condition."""
    return true()


def with_load(actor: Actor, year: int) -> Select[Any]:
    """Select the experts whom the actor may see, each with the number of his cases in the rounds of the year."""
    load = (
        select(func.count())
        .select_from(Sheet)
        .join(Round, Round.id == Sheet.round_id)
        .where(Sheet.expert_id == Expert.id, Round.year == year, Sheet.state.in_(SEATED))
        .scalar_subquery()
    )
    return select(Expert.__table__, load.label("load")).where(visible(actor))


experts = Store(Expert, not_found=ExpertNotFound, visible=visible)
pool = Store(Expert, not_found=ExpertNotFound, visible=visible_whole)
