"""Rounds and their rules are known to every actor of the review."""

from sqlalchemy import ColumnElement, true

from common.editions.storage import rules_store
from common.kernel.actor import Actor
from common.programme import Programme
from common.programme.cache import read_edition
from common.programme.terms import Terms
from common.storage.store import Store
from common.storage.work import Work
from review_service.cases.calendars.storage import calendar_of
from review_service.cases.rounds.model import Round, Rules
from review_service.cases.rounds.refusals import RoundUnknown


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every round."""
    return true()


rounds = Store(Round, not_found=RoundUnknown, visible=visible)
rules = rules_store(Rules)


async def programme_of(work: Work, round_id: str) -> Programme:
    """Return the rules of the round; they never change, so they are read without a lock."""
    digest = (await work.read(rounds, round_id)).programme_digest
    return read_edition(digest, (await work.read(rules, digest)).definition)


async def terms_of(work: Work, round_id: str) -> Terms:
    """Return the terms of the round's rules, counted from today."""
    return Terms(await programme_of(work, round_id), await calendar_of(work), work.today)
