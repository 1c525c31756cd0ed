"""The reactions to published editions and opened rounds: the service stores them and resumes what waited for them.

An edition is believed when its content has its digest, a round when its edition is known and agrees.
"""

from collections.abc import Awaitable, Callable

from sqlalchemy import select

from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.applications.rounds import RoundOpened
from common.editions.model import LearnedRound, LearnedRules, awaited, round_awaited
from common.kernel.errors import Invalid
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction, agree, agree_in_digest
from common.programme.cache import read_edition
from common.storage.work import Work


def learning(model: type[LearnedRules]) -> Callable[[Work, ProgrammePublished], Awaitable[None]]:
    """Return the reaction that stores an edition and resumes the keys that waited for it."""

    async def learn_rules_when_published(work: Work, event: ProgrammePublished) -> None:
        """Store the whole definition and resume the waiting keys; what is known already is not stored again."""
        agree_in_digest("definition", event.digest, event.definition)
        try:
            agree("definition", event, read_edition(event.digest, event.definition), "honour")
        except Invalid as invalid:
            raise Contradiction("definition", invalid.code) from invalid
        same = (model.honour == event.honour) & (model.edition == event.edition)
        known = await work.rows(select(model.id, model.honour, model.edition).where((model.id == event.digest) | same))
        for row in known:
            agree("edition", event, row, "honour", "edition", "digest=id")
        if not known:
            work.add(model.learned(event))
            await work.release(awaited(event.digest))

    return learn_rules_when_published


def learning_rounds(
    model: type[LearnedRound], rules: type[LearnedRules]
) -> Callable[[Work, RoundOpened], Awaitable[Waiting | None]]:
    """Return the reaction that stores a round as soon as its edition is known, and resumes the keys that waited."""

    async def learn_round_when_opened(work: Work, event: RoundOpened) -> Waiting | None:
        """Store the round as soon as its rules have arrived; what is known already is not stored again."""
        edition = await work.one(select(rules.honour, rules.edition).where(rules.id == event.programme_digest))
        if edition is None:
            return Waiting(awaited(event.programme_digest))
        agree("edition", event, edition, "honour", "edition")
        known = await work.one(select(model.__table__).where(model.id == event.round_id))
        if known is not None:
            agree("round", event, known, "honour", "year", "edition", "programme_digest")
            return None
        work.add(model.learned(event))
        await work.release(round_awaited(event.round_id))
        return None

    return learn_round_when_opened
