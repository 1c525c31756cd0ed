"""How the review learns of programmes and rounds; each arrival lets go on what waited for it."""

from common.contracts.applications import RoundOpened
from common.messaging.parking import Waiting
from common.rules.model import awaited
from common.rules.reactions import learning
from common.storage.work import Work
from review_service.rounds.model import Round, Rules
from review_service.rounds.storage import knows_rules, round_awaited

learn_rules_when_published = learning(Rules)


async def learn_round_when_opened(work: Work, event: RoundOpened) -> Waiting | None:
    """Keep the round once its rules are here."""
    if not await knows_rules(work, event.programme_digest):
        return Waiting(awaited(event.programme_digest))
    work.add(Round.learned(event))
    await work.release(round_awaited(event.round_id))
    return None
