"""The command that concludes the acceptance of a round."""

from applications_service.intake.applications.storage import accepted_in, open_in
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.storage import rounds
from common.storage.work import Work


async def conclude_acceptance(work: Work, round_id: str, *, version: int | None) -> Round:
    """Conclude the acceptance of the round; the lock on its row keeps every acceptance out meanwhile."""
    round_ = await work.get(rounds, round_id, version=version)
    accepted, still_open = await accepted_in(work, round_id), await open_in(work, round_id)
    round_.conclude_acceptance(accepted=accepted, still_open=still_open, at=work.now)
    return round_
