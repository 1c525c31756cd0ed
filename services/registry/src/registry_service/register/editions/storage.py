"""The queries for the rules of a brand."""

from sqlalchemy import select

from common.editions.storage import rules_store
from common.programme import Programme
from common.programme.cache import read_edition
from common.storage.work import Work
from registry_service.register.editions.model import Rules

rules = rules_store(Rules)


async def known_programme(work: Work, digest: str) -> Programme | None:
    """Return the rules with this digest, None when they have not arrived; they never change: no lock is needed."""
    row = await work.one(select(Rules.definition).where(Rules.id == digest))
    return None if row is None else read_edition(digest, row.definition)


async def programme(work: Work, digest: str) -> Programme:
    """Return the rules with this digest."""
    return (await work.consult(rules, digest)).programme
