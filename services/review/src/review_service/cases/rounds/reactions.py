"""The reactions that store programmes and rounds; each arrival releases the cases that waited for it."""

from common.contracts.applications.rounds import AcceptanceConcluded
from common.editions.reactions import learning, learning_rounds
from common.messaging.grounds import Contradiction, agree
from common.storage.work import Work
from review_service.cases.rounds.model import Round, Rules
from review_service.cases.rounds.storage import rounds

learn_rules_when_published = learning(Rules)
learn_round_when_opened = learning_rounds(Round, Rules)


async def learn_conclusion_when_concluded(work: Work, event: AcceptanceConcluded) -> None:
    """Store which applications were accepted: the round can be drawn and ranked. Its opening came before."""
    found = await work.find(rounds, rounds.by == event.round_id)
    if not found:
        raise Contradiction("round", "round_id")
    round_ = found[0]
    agree("round", event, round_, "honour", "year")
    if round_.accepted_digest is None:
        round_.conclude(event)
    else:
        agree("conclusion", event, round_, "accepted_count", "accepted_digest")
