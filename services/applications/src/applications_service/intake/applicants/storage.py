"""An applicant is visible to itself and to the province-wide agencies."""

from typing import Final

from sqlalchemy import ColumnElement, false, true

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import ApplicantNotFound
from common.kernel.actor import Actor, Role
from common.standing.storage import Mergers
from common.storage.store import Store

MERGERS: Final = Mergers(Applicant.id, Applicant.uscc, Applicant.merged_into)
SEE_ALL = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.ADMINISTRATOR})


def visible(actor: Actor) -> ColumnElement[bool]:
    """An applicant sees itself, officers see all."""
    if actor.roles & SEE_ALL:
        return true()
    return Applicant.org == actor.org if actor.has(Role.APPLICANT) else false()


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """A recommendation confirms the division of the applicant; its route defines who may call it."""
    return true()


applicants = Store(Applicant, not_found=ApplicantNotFound, visible=visible, key=Applicant.org_key)
all_applicants = Store(Applicant, not_found=ApplicantNotFound, visible=visible_whole, key=Applicant.org_key)
