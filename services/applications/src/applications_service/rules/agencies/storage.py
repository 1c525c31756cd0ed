"""Agencies are public reference data."""

from typing import Final

from sqlalchemy import ColumnElement, select, true

from applications_service.rules.agencies.model import Agency, AgencyKind
from applications_service.rules.agencies.refusals import AgencyNotEntered, AgencyNotFound
from common.kernel.actor import Actor, Role
from common.storage.store import Store
from common.storage.work import Work

MOST_REMINDED: Final = 10
"""How many agencies one reminder goes to: the event that carries them has an end."""
_AT_DESK: Final = {
    Role.RECOMMENDER: (AgencyKind.COUNTY, AgencyKind.CITY),
    Role.RECOGNITION_OFFICER: (AgencyKind.RECOGNITION_BODY,),
    Role.OFFICE: (AgencyKind.LEADING_GROUP_OFFICE,),
}
"""The kinds of agencies that a role acts for."""


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every agency."""
    return true()


agencies = Store(Agency, not_found=AgencyNotFound, visible=visible, key=Agency.code_key)


async def agencies_at(work: Work, desk: str) -> list[str]:
    """Return the codes of the agencies whose desk this is (kernel/worklist.py), of many the first few."""
    role, _, division = desk.partition(":")
    asked = select(Agency.id).where(Agency.kind.in_(_AT_DESK[Role(role)])).order_by(Agency.id).limit(MOST_REMINDED)
    if division:
        asked = asked.where(Agency.division == division)
    return [row.id for row in await work.rows(asked)]


def is_entered(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor's organisation has been entered as an agency of the actor's division."""
    return select(Agency.id).where(Agency.id == actor.org, Agency.division == actor.division).exists()


async def check_entered(work: Work) -> None:
    """Raise AgencyNotEntered unless the actor's organisation is an agency of the actor's division."""
    if await work.one(select(Agency.id).where(Agency.id == work.actor.org, is_entered(work.actor))) is None:
        raise AgencyNotEntered(org=work.actor.org)
