"""The applications that an actor may see, and the queries on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true

from applications_service.intake.applications.lifecycle import BEFORE_ACCEPTANCE, State
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import ApplicationNotFound
from applications_service.intake.recusals.storage import bound
from applications_service.rules.agencies.storage import is_entered
from applications_service.rules.programmes.storage import programmes
from applications_service.rules.rounds.lifecycle import State as RoundState
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.storage import rounds
from common.kernel.actor import PROVINCE_WIDE, Actor, Role
from common.kernel.worklist import waits_for
from common.programme.cache import read_edition
from common.storage.areas import inside
from common.storage.columns import holds
from common.storage.store import Store
from common.storage.work import Found, Work


def visible(actor: Actor) -> ColumnElement[bool]:
    """An applicant sees his own applications; agencies see submitted ones, all of them or those in their area.

    A recommender sees his area only for an agency that has been entered.
    """
    seen: list[ColumnElement[bool]] = [false()]
    handed_in = Application.submitted_at.is_not(None)
    if actor.has(Role.APPLICANT):
        seen.append(Application.applicant == actor.org)
    if actor.roles & PROVINCE_WIDE:
        seen.append(handed_in)
    in_area = and_(handed_in, inside(Application.division, actor.division))
    if actor.has(Role.PARTNER):
        seen.append(in_area)
    if actor.has(Role.RECOMMENDER):
        seen.append(and_(in_area, is_entered(actor)))
    return or_(*seen)


def visible_with_materials(actor: Actor) -> ColumnElement[bool]:
    """Beside those who see the application, the experts who sit on its panel read its materials, and nothing else."""
    return or_(visible(actor), holds(Application.readers, actor.sub)) if actor.has(Role.EXPERT) else visible(actor)


def content_for(actor: Actor, application: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row or an aggregate
    """Return the answers and attachments that an actor sees: of his own draft, or of the last submission."""
    if actor.has(Role.APPLICANT) and application.applicant == actor.org:
        return {"answers": application.answers, "attachments": application.attachments}
    content: dict[str, Any] = application.snapshot
    return content


async def materials_for(work: Work, application: Found) -> list[dict[str, Any]]:
    """Return the attachments that the actor reads: as an expert only, those that the programme's blind level shows."""
    seen = select(Application.id).where(Application.id == application.id, visible(work.actor))
    if await work.one(seen) is not None:
        content = content_for(work.actor, application)
    else:
        edition = await work.read(programmes, (await work.read(rounds, application.round_id)).programme_id)
        content = read_edition(application.programme_digest, edition.definition).blinded(application.snapshot)
    entries: list[dict[str, Any]] = content["attachments"]
    return entries


applications = Store(Application, not_found=ApplicationNotFound, visible=visible, withheld=bound(Application.applicant))
with_materials = Store(
    Application, not_found=ApplicationNotFound, visible=visible_with_materials, withheld=bound(Application.applicant)
)


def visible_whole(_actor: Actor) -> ColumnElement[bool]:
    """An amended calendar moves the deadlines of every application; no route uses this condition."""
    return true()


all_applications = Store(
    Application, not_found=ApplicationNotFound, visible=visible_whole, withheld=bound(Application.applicant)
)

_OTHERS_IN_SCOPE = (
    select(func.count())
    .select_from(Application)
    .where(
        or_(Application.applicant_id == bindparam("applicant_id"), Application.applicant == bindparam("applicant")),
        Application.round_id == bindparam("round_id"),
        Application.scope == bindparam("scope"),
        Application.id != bindparam("id"),
        Application.submitted_at.is_not(None),
        Application.state.not_in([State.WITHDRAWN, State.REJECTED, State.LAPSED]),
    )
)


async def others_in_scope(work: Work, application: Application, scope: str | None) -> int:
    """Count the applicant's other live applications for this scope in the round."""
    asked = {name: getattr(application, name) for name in ("applicant_id", "applicant", "round_id", "id")}
    return await work.count(_OTHERS_IN_SCOPE, asked | {"scope": scope})


async def accepted_in(work: Work, round_id: str) -> list[str]:
    """Return the ids of the applications of a round that were accepted, also of those withdrawn later."""
    asked = select(Application.id).where(Application.round_id == round_id, Application.accepted_at.is_not(None))
    return [row.id for row in await work.rows(asked)]


async def open_in(work: Work, round_id: str) -> int:
    """Count the applications of a round that are neither accepted nor ended."""
    open_states = [State.DRAFT, *BEFORE_ACCEPTANCE]
    asked = select(func.count()).where(Application.round_id == round_id, Application.state.in_(open_states))
    return await work.count(asked)


def drafts_after_closing() -> tuple[ColumnElement[bool], ...]:
    """Restrict to the drafts whose round has closed."""
    closed = select(Round.id).where(Round.state != RoundState.OPEN)
    return (Application.state == State.DRAFT, Application.round_id.in_(closed))


def late_for_recommending(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Restrict to what recommenders have not decided although their window has closed."""
    over = select(Round.id).where(Round.recommendation_closes_at <= at)
    undecided = Application.waits_for.startswith(waits_for(Role.RECOMMENDER))
    return (Application.state == State.SUBMITTED, undecided, Application.round_id.in_(over))


def list_query(actor: Actor) -> Select[Any]:
    """Select the rows of the list that this actor may see."""
    return select(Application.__table__).where(visible(actor))


def outcome_awaited(application_id: str) -> str:
    """Return the name under which a brand waits until the outcome of the application's review is known."""
    return f"outcome:{application_id}"
