"""How the review learns of programmes and rounds; each arrival lets go on what waited for it."""

from common.contracts.applications import ProgrammePublished, RoundOpened
from common.messaging.parking import Waiting
from common.storage.work import Work
from review_service.rounds.model import Round, Rules
from review_service.rounds.storage import knows_rules, round_awaited, rules_awaited


async def learn_rules_when_published(work: Work, event: ProgrammePublished) -> None:
    """Keep the whole definition."""
    work.add(Rules.learned(event))
    await work.release(rules_awaited(event.digest))


async def learn_round_when_opened(work: Work, event: RoundOpened) -> Waiting | None:
    """Keep the round once its rules are here."""
    if not await knows_rules(work, event.programme_digest):
        return Waiting(rules_awaited(event.programme_digest))
    work.add(Round.learned(event))
    await work.release(round_awaited(event.round_id))
    return None
