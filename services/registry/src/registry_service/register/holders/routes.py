"""`/v1/holders`: the holders of titles."""

from datetime import date

from pydantic import BaseModel

from common.kernel.actor import PUBLIC
from common.kernel.text import TypedText
from common.web.router import Router, Work
from registry_service.register.holders.refusals import HolderNotFound
from registry_service.register.holders.storage import find_holder

router = Router("holders")


class HolderView(BaseModel):
    """A holder; the titles themselves are listed by `/v1/brands?applicant_id=` or, of one who has a code, `?uscc=`.

    `barred_until` is the last day on which it may not apply, also one in the past; null when no revocation barred it.
    """

    applicant_id: str
    uscc: str | None
    name: str
    titles: int
    titles_in_force: int
    barred_until: date | None


@router.query("/{holder}", allow=PUBLIC)
async def read_holder(holder: TypedText, work: Work) -> HolderView:
    """Read a holder by USCC or, as one without a code has to be, by the id of the applicant."""
    found = await find_holder(work, holder)
    if found is None:
        raise HolderNotFound(key=holder)
    return HolderView(
        applicant_id=found.applicant_id,
        uscc=found.uscc,
        name=found.name,
        titles=found.titles,
        titles_in_force=found.titles_in_force,
        barred_until=found.barred_until,
    )
