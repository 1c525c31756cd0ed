"""Rounds and their rules are known to every actor of the review."""

from sqlalchemy import ColumnElement, select, true

from common.actor import Actor
from common.programme import Programme
from common.programme.editions import read_edition
from common.rules.storage import rules_store
from common.storage.store import Store
from common.storage.work import Work
from review_service.rounds.model import Round, Rules
from review_service.rounds.refusals import RoundUnknown


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every round."""
    return true()


rounds = Store(Round, not_found=RoundUnknown, visible=visible)
rules = rules_store(Rules)


def round_awaited(round_id: str) -> str:
    """Name what a case waits for until its round is known."""
    return f"round:{round_id}"


async def knows_rules(work: Work, digest: str) -> bool:
    """Tell whether this edition has arrived."""
    return await work.one(select(Rules.id).where(Rules.id == digest)) is not None


async def knows_round(work: Work, round_id: str) -> bool:
    """Tell whether this round has arrived."""
    return await work.one(select(Round.id).where(Round.id == round_id)) is not None


async def programme_of(work: Work, round_id: str) -> Programme:
    """Return the rules that the round is pinned to; they never change, so they are read without a lock."""
    digest = (await work.read(rounds, round_id)).programme_digest
    return read_edition(digest, (await work.read(rules, digest)).definition)
