"""Published programmes are public; a proposal is seen by the leading group's office and the administrators."""

from sqlalchemy import ColumnElement, select, true

from applications_service.rules.programmes.lifecycle import State
from applications_service.rules.programmes.model import ProgrammeEdition
from applications_service.rules.programmes.refusals import ProgrammeNotFound
from common.kernel.actor import Actor, Role
from common.storage.store import Store
from common.storage.work import Work


def published(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every published edition; nobody is bound by another."""
    return ProgrammeEdition.state == State.PUBLISHED


def visible(actor: Actor) -> ColumnElement[bool]:
    """Office and administrators see the proposals as well."""
    return true() if actor.has(Role.OFFICE, Role.ADMINISTRATOR) else published(actor)


programmes = Store(ProgrammeEdition, not_found=ProgrammeNotFound, visible=published)
editions = Store(ProgrammeEdition, not_found=ProgrammeNotFound, visible=visible)


async def honour_numbered_by(work: Work, pattern: str) -> str | None:
    """Return the honour that numbers its brands by this pattern, in any of its editions; None when there is none."""
    first = await work.one(select(ProgrammeEdition.honour).where(ProgrammeEdition.first_numbered_by == pattern))
    return None if first is None else first.honour
