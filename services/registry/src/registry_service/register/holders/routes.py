"""`/v1/holders`: the holders of titles."""

from datetime import date

from pydantic import BaseModel

from common.kernel.actor import PUBLIC
from common.kernel.text import TypedText
from common.web.router import Router, Work
from registry_service.register.holders.refusals import HolderNotFound
from registry_service.register.holders.storage import holder

router = Router("holders")


class HolderView(BaseModel):
    """A holder; the titles themselves are listed by `/v1/brands?uscc=`.

    `barred_until` is the last day on which it may not apply, also one in the past; null when no revocation barred it.
    """

    uscc: str
    name: str
    titles: int
    titles_in_force: int
    barred_until: date | None


@router.query("/{uscc}", allow=PUBLIC)
async def read_holder(uscc: TypedText, work: Work) -> HolderView:
    """Read the holder that the register has for a USCC."""
    found = await holder(work, uscc)
    if found is None:
        raise HolderNotFound(key=uscc)
    return HolderView(
        uscc=found.uscc,
        name=found.name,
        titles=found.titles,
        titles_in_force=found.titles_in_force,
        barred_until=found.barred_until,
    )
