"""How a service learns an edition: kept whole, and what waited for it goes on."""

from collections.abc import Awaitable, Callable

from common.contracts.applications import ProgrammePublished
from common.rules.model import LearnedRules, awaited
from common.storage.work import Work


def learning(model: type[LearnedRules]) -> Callable[[Work, ProgrammePublished], Awaitable[None]]:
    """Return the reaction that keeps an edition and lets go on what waited for it."""

    async def learn_rules_when_published(work: Work, event: ProgrammePublished) -> None:
        """Keep the whole definition."""
        work.add(model.learned(event))
        await work.release(awaited(event.digest))

    return learn_rules_when_published
