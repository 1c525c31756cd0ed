"""Which applications an actor may see, and the questions asked of them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true

from applications_service.applications.lifecycle import State
from applications_service.applications.model import Application
from applications_service.applications.refusals import ApplicationNotFound
from common.actor import SYSTEM, Actor, Role
from common.divisions import inside
from common.storage.store import Store
from common.storage.work import Work

PROVINCE_WIDE = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.DEPARTMENT, Role.OBSERVER})
BY_AREA = frozenset({Role.RECOMMENDER, Role.PARTNER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """An applicant sees his own, agencies what was handed in: in their area, or all of it."""
    if actor == SYSTEM:
        return true()
    seen: list[ColumnElement[bool]] = [false()]
    handed_in = Application.submitted_at.is_not(None)
    if actor.has(Role.APPLICANT):
        seen.append(Application.applicant == actor.org)
    if actor.roles & PROVINCE_WIDE:
        seen.append(handed_in)
    if actor.roles & BY_AREA:
        seen.append(and_(handed_in, inside(Application.division, actor.division)))
    return or_(*seen)


def content_for(actor: Actor, application: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row or an aggregate
    """Return the answers and attachments that an actor sees: his own draft, or what was handed in last."""
    if actor.has(Role.APPLICANT) and application.applicant == actor.org:
        return {"answers": application.answers, "attachments": application.attachments}
    content: dict[str, Any] = application.snapshot
    return content


applications = Store(Application, not_found=ApplicationNotFound, visible=visible)


_OTHERS_IN_SCOPE = (
    select(func.count())
    .select_from(Application)
    .where(
        Application.applicant == bindparam("applicant"),
        Application.round_id == bindparam("round_id"),
        Application.scope == bindparam("scope"),
        Application.id != bindparam("id"),
        Application.submitted_at.is_not(None),
        Application.state.not_in([State.WITHDRAWN, State.REJECTED]),
    )
)


async def others_in_scope(work: Work, application: Application) -> int:
    """Count the applicant's other live applications for the same scope in the round."""
    asked = {name: getattr(application, name) for name in ("applicant", "round_id", "scope", "id")}
    return await work.count(_OTHERS_IN_SCOPE, asked)


def list_query(actor: Actor) -> Select[Any]:
    """Select the rows of the list that this actor may see."""
    return select(Application.__table__).where(visible(actor))
