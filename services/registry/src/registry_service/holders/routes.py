"""`/v1/holders`: who holds titles."""

from pydantic import BaseModel

from common.web.router import PUBLIC, Router, Work
from registry_service.holders.refusals import HolderNotFound
from registry_service.holders.storage import holder

router = Router("holders")


class HolderView(BaseModel):
    """A holder; the titles themselves are listed by `/v1/brands?uscc=`."""

    uscc: str
    name: str
    titles: int
    titles_in_force: int


@router.query("/{uscc}", allow=PUBLIC)
async def read_holder(uscc: str, work: Work) -> HolderView:
    """Read who stands behind a USCC in the register."""
    found = await holder(work, uscc.upper())
    if found is None:
        raise HolderNotFound(key=uscc.upper())
    return HolderView(uscc=uscc.upper(), name=found.name, titles=found.titles, titles_in_force=found.titles_in_force)
