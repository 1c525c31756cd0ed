"""Who may see an applicant: itself, and the province-wide agencies."""

from sqlalchemy import ColumnElement, false, true

from applications_service.applicants.model import Applicant
from applications_service.applicants.refusals import ApplicantNotFound
from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store

PROVINCE_WIDE = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.ADMINISTRATOR})


def visible(actor: Actor) -> ColumnElement[bool]:
    """An applicant sees itself, officers see all."""
    if actor == SYSTEM or actor.roles & PROVINCE_WIDE:
        return true()
    return Applicant.uscc == actor.org if actor.has(Role.APPLICANT) else false()


applicants = Store(Applicant, not_found=ApplicantNotFound, visible=visible, key=Applicant.uscc)
