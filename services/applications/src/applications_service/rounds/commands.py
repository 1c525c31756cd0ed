"""What can be done with a round."""

from datetime import datetime

from applications_service.programmes.storage import programmes
from applications_service.rounds.model import Round
from applications_service.rounds.storage import rounds
from common.storage.work import Work


async def open_round(work: Work, *, programme_id: str, year: int, opens_at: datetime, closes_at: datetime) -> Round:
    """Open the year's round under an edition of the programme."""
    programme = await work.consult(programmes, programme_id)
    return work.add(
        Round.opened(
            round_id=work.new_id("rnd"), programme=programme, year=year, opens_at=opens_at, closes_at=closes_at
        )
    )


async def close_round(work: Work, round_id: str, *, version: int | None) -> Round:
    """End the call."""
    round_ = await work.get(rounds, round_id, version=version)
    round_.close()
    return round_
