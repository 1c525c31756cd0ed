"""An objection is visible to its objector, the recognition body, the office, the observers, and the firm it asks.

A draft is visible to its objector only.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, func, or_, select

from common.kernel.actor import Actor, Role
from common.storage.store import Store
from common.storage.work import Work
from review_service.cases.recusals.storage import bound
from review_service.decision.objections.lifecycle import OPEN, State
from review_service.decision.objections.model import Objection
from review_service.decision.objections.refusals import ObjectionNotFound, ObjectionOpen

SEES_ALL = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Everybody sees his own objections; the recognition body and its supervisors all that were filed."""
    seen = [Objection.filed_by == actor.sub]
    if actor.roles & SEES_ALL:
        seen.append(Objection.state != State.DRAFTED)
    if actor.has(Role.APPLICANT):
        seen.append(and_(Objection.applicant == actor.org, Objection.hearing_due_on.is_not(None)))
    return or_(*seen)


objections = Store(Objection, not_found=ObjectionNotFound, visible=visible, withheld=bound(Objection.applicant))


async def check_answered(work: Work, review_ids: Collection[str]) -> None:
    """Raise ObjectionOpen while an objection to one of these cases has no answer."""
    unanswered = await work.count(
        select(func.count())
        .select_from(Objection)
        .where(Objection.review_id.in_(review_ids), Objection.state.in_(OPEN))
    )
    if unanswered:
        raise ObjectionOpen(count=unanswered)
