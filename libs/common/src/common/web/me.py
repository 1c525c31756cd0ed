"""`/v1/me`: the actor that the token names, for front ends."""

from pydantic import BaseModel

from common.kernel.actor import ANYONE, Role
from common.web.router import Router, Work

router = Router("me")


class Me(BaseModel):
    """The person or system, its organisation, roles and area."""

    sub: str
    org: str
    roles: list[Role]
    division: str | None
    client: str


@router.query(allow=ANYONE)
async def read_me(work: Work) -> Me:
    """Read who you are here."""
    actor = work.actor
    return Me(sub=actor.sub, org=actor.org, roles=sorted(actor.roles), division=actor.division, client=actor.client)
