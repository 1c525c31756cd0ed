"""Recusals are learned by reactions only, and named by the stores of what they bind."""

from sqlalchemy import ColumnElement, false

from applications_service.intake.recusals.model import Recusal
from applications_service.intake.recusals.refusals import RecusalUnknown
from common.kernel.actor import Actor
from common.recusals.binding import binding
from common.storage.store import Store


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Nobody reads them here: the review shows them."""
    return false()


recusals = Store(Recusal, not_found=RecusalUnknown, visible=visible)
bound = binding(person=Recusal.person, applicant=Recusal.applicant, in_force=Recusal.in_force)
