"""Programmes are public; the highest edition of an honour is the newest."""

from sqlalchemy import ColumnElement, func, select, true

from applications_service.programmes.model import ProgrammeEdition
from applications_service.programmes.refusals import ProgrammeNotFound
from common.actor import Actor
from common.storage.store import Store
from common.storage.work import Work


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every edition."""
    return true()


programmes = Store(ProgrammeEdition, not_found=ProgrammeNotFound, visible=visible)


async def newest_edition(work: Work, honour: str) -> int:
    """Return the number of the honour's newest edition, 0 before the first."""
    editions = select(func.coalesce(func.max(ProgrammeEdition.edition), 0))
    return await work.count(editions.where(ProgrammeEdition.honour == honour))
