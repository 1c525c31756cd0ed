"""Writes and reads the feed, and limits its rows to those that an actor may see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from common.kernel.actor import PROVINCE_WIDE, Actor, Role
from common.kernel.event import Audience
from common.storage.areas import inside
from common.storage.work import Work
from notifications_service.feed.events.model import FEED, HEAD

BY_AREA = frozenset({Role.RECOMMENDER, Role.PARTNER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """Everybody sees public events; agencies also those of their area, applicants those about themselves."""
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
