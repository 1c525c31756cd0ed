"""Recusals are seen by those who supervise the procedure, and each person sees his own."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, true

from common.kernel.actor import Actor, Role
from common.recusals.binding import binding
from common.storage.store import Store
from common.storage.work import Work
from review_service.cases.recusals.model import Recusal
from review_service.cases.recusals.refusals import RecusalNotFound

SUPERVISES = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Recognition body, office and observers see every recusal, others their own."""
    return true() if actor.roles & SUPERVISES else Recusal.person == actor.sub


recusals = Store(Recusal, not_found=RecusalNotFound, visible=visible)
bound = binding(person=Recusal.person, applicant=Recusal.applicant, in_force=Recusal.in_force)


async def recused_of(work: Work, persons: Collection[str], applicants: Collection[str]) -> set[tuple[str, str]]:
    """Return the pairs (person, applicant) of which the person is recused from the applicant's cases."""
    rows = await work.rows(
        select(Recusal.person, Recusal.applicant).where(
            Recusal.in_force, Recusal.person.in_(persons), Recusal.applicant.in_(applicants)
        )
    )
    return {(row.person, row.applicant) for row in rows}


async def recused_from(work: Work) -> dict[str, frozenset[str]]:
    """Return by person the applicants from whose cases he is recused now."""
    found: dict[str, set[str]] = {}
    for row in await work.rows(select(Recusal.person, Recusal.applicant).where(Recusal.in_force)):
        found.setdefault(row.person, set()).add(row.applicant)
    return {person: frozenset(applicants) for person, applicants in found.items()}
