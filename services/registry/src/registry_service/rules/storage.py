"""Where the rules of a brand are found."""

from sqlalchemy import select

from common.programme import Programme
from common.rules.storage import rules_store
from common.storage.work import Work
from registry_service.rules.model import Rules

rules = rules_store(Rules)


async def knows_rules(work: Work, digest: str) -> bool:
    """Tell whether this edition has arrived."""
    return await work.one(select(Rules.id).where(Rules.id == digest)) is not None


async def programme(work: Work, digest: str) -> Programme:
    """Return the rules with this digest."""
    return (await work.consult(rules, digest)).programme
