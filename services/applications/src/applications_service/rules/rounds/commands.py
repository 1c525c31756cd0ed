"""The commands on a round."""

from datetime import datetime

from applications_service.rules.calendars.storage import calendar_of
from applications_service.rules.programmes.storage import programmes
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.storage import due_to_close, rounds, years_held
from applications_service.rules.rounds.windows import planned
from common.storage.work import Work


async def open_round(
    work: Work,
    *,
    programme_id: str,
    year: int,
    opens_at: datetime,
    closes_at: datetime,
    recommendation_closes_at: datetime | None,
    acceptance_closes_at: datetime | None,
) -> Round:
    """Open the year's round under an edition of the programme."""
    programme = await work.consult(programmes, programme_id)
    windows = planned(
        programme.rules,
        await calendar_of(work),
        opens_at=opens_at,
        closes_at=closes_at,
        recommendation_closes_at=recommendation_closes_at,
        acceptance_closes_at=acceptance_closes_at,
    )
    return work.add(
        Round.opened(
            round_id=work.new_id(Round),
            programme=programme,
            year=year,
            windows=windows,
            years_held=await years_held(work, programme.honour),
            at=work.now,
        )
    )


async def extend_round(
    work: Work, round_id: str, *, version: int | None, reason: str, **later: datetime | None
) -> Round:
    """Move ends of the round's windows to later instants."""
    round_ = await work.get(rounds, round_id, version=version)
    round_.extend(reason=reason, at=work.now, **later)
    return round_


async def close_round(work: Work, round_id: str, *, version: int | None) -> Round:
    """Close the round."""
    round_ = await work.get(rounds, round_id, version=version)
    round_.close()
    return round_


async def close_when_due(work: Work) -> int:
    """Close the rounds whose closing has come; returns how many."""
    due = await due_to_close(work, work.now)
    for round_ in due:
        round_.close()
    return len(due)


async def let_acceptance_fall_due(_work: Work, round_: Round) -> None:
    """Note that the acceptance was not concluded in time."""
    round_.fall_due()
