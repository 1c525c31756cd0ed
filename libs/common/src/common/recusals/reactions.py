"""The reactions by which a service learns the recusals that the review holds."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from common.messaging.grounds import Contradiction, agree
from common.recusals.model import LearnedRecusal
from common.storage.store import Store
from common.storage.work import Work

R = TypeVar("R", bound=LearnedRecusal)


def learning(store: Store[R]) -> Callable[[Work, RecusalDeclared], Awaitable[None]]:
    """Return the reaction that stores a recusal; it binds from then on."""

    async def bind_when_declared(work: Work, event: RecusalDeclared) -> None:
        """Store the recusal; what is known already agrees."""
        for known in await work.find(store, store.by == event.recusal_id):
            agree("recusal", event, known, "person", "applicant")
            return
        recusal = store.model(id=event.recusal_id, person=event.person, applicant=event.applicant)
        recusal.note("learn")
        work.add(recusal)

    return bind_when_declared


def releasing(store: Store[R]) -> Callable[[Work, RecusalLifted], Awaitable[None]]:
    """Return the reaction that ends a recusal."""

    async def release_when_lifted(work: Work, event: RecusalLifted) -> None:
        """Lift the recusal; its declaration came before under the same key."""
        found = await work.find(store, store.by == event.recusal_id)
        if not found:
            raise Contradiction("recusal", "recusal_id")
        agree("recusal", event, found[0], "person", "applicant")
        found[0].in_force = False
        found[0].note("lift")

    return release_when_lifted
