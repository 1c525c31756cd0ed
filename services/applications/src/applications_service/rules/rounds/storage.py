"""Rounds are public."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from applications_service.rules.rounds.lifecycle import State
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.refusals import RoundNotFound
from common.kernel.actor import Actor
from common.storage.store import Store
from common.storage.work import Work


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every round."""
    return true()


rounds = Store(Round, not_found=RoundNotFound, visible=visible)


async def years_held(work: Work, honour: str) -> list[int]:
    """Return the years of the honour's rounds."""
    return [row.year for row in await work.rows(select(Round.year).where(Round.honour == honour))]


async def due_to_close(work: Work, at: datetime) -> list[Round]:
    """Return the rounds whose closing has come."""
    return await work.find(rounds, Round.state == State.OPEN, Round.closes_at <= at)
