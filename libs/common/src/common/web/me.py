"""`/v1/me`: who the token says is asking, for front ends."""

from pydantic import BaseModel

from common.actor import Role
from common.web.router import ANYONE, Router, Work

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
