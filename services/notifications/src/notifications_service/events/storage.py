"""How the feed is written and read, and who sees which of its rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from common.actor import Actor, Role
from common.contracts.envelope import Audience
from common.divisions import inside
from common.storage.work import Work
from notifications_service.events.model import FEED, HEAD

PROVINCE_WIDE = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.DEPARTMENT, Role.OBSERVER})
BY_AREA = frozenset({Role.RECOMMENDER, Role.PARTNER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Everybody sees what is public, agencies what is theirs by area, applicants what is about them."""
    agency = FEED.c.audience == Audience.AGENCY
    seen: list[ColumnElement[bool]] = [FEED.c.audience == Audience.PUBLIC]
    if actor.roles & PROVINCE_WIDE:
        seen.append(agency)
    if actor.roles & BY_AREA:
        seen.append(and_(agency, inside(FEED.c.division, actor.division)))
    if actor.has(Role.APPLICANT):
        seen.append(and_(agency, FEED.c.applicant == actor.org))
    return or_(*seen)


async def read_feed(work: Work, *, after: int, types: Sequence[str], limit: int) -> Sequence[Row[Any]]:
    """Return the actor's next events after a position, in order."""
    statement = select(FEED).where(FEED.c.position > after, visible(work.actor))
    if types:
        statement = statement.where(FEED.c.type.in_(types))
    return await work.rows(statement.order_by(FEED.c.position).limit(limit))


async def head(work: Work) -> int:
    """Return the newest position."""
    row = await work.one(select(HEAD.c.position))
    return 0 if row is None else row.position
