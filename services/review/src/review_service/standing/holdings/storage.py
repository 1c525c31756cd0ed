"""The store of this service's titles, and what the register says of a case on the day of its decision."""

from datetime import date
from typing import Any, Final

from common.programme import Programme
from common.standing.checks import Check, applied_for, check
from common.standing.storage import Mergers, holder_of, holdings_store, standing_of
from common.storage.work import Work
from review_service.standing.holdings.model import Holding
from review_service.standing.mergers.model import Merger

holdings = holdings_store(Holding)
MERGERS: Final = Mergers(Merger.id, Merger.uscc, Merger.into_id)


async def check_case(work: Work, case: Any, programme: Programme, *, year: int, on: date) -> Check:  # noqa: ANN401 -- a review or a row
    """Answer every rule about a case again, on the day on which it is decided."""
    applied = applied_for(programme, case.snapshot["answers"])
    holder = await holder_of(work, MERGERS, case.applicant_id, case.snapshot["applicant"]["uscc"])
    standing = await standing_of(work, holdings, holder, honour=case.honour, applied=applied, on=on)
    return check(programme, case.snapshot, standing, year=year, on=on)
