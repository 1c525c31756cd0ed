"""Who may correct which applicant, and the cases that follow or forbid it."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import ApplicantNotFound
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import ApplicationNotFound
from applications_service.intake.recusals.storage import bound
from applications_service.rules.agencies.storage import is_entered
from common.kernel.actor import Actor, Role
from common.storage.areas import inside
from common.storage.store import Store


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body corrects every applicant, an entered recommender those of his area."""
    seen: list[ColumnElement[bool]] = [false()]
    if actor.has(Role.RECOGNITION_OFFICER):
        seen.append(true())
    if actor.has(Role.RECOMMENDER):
        seen.append(and_(inside(Applicant.division, actor.division), is_entered(actor)))
    return or_(*seen)


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """A correction reaches every case of the applicant, also a draft that its author does not see."""
    return true()


correctable = Store(
    Applicant, not_found=ApplicantNotFound, visible=visible, key=Applicant.org_key, withheld=bound(Applicant.org)
)
cases = Store(Application, not_found=ApplicationNotFound, visible=visible_whole, withheld=bound(Application.applicant))
