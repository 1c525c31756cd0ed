"""The reactions to a completed review: its recognition is received, and registered as soon as its grounds are known."""

from common.contracts.review.reviews import Outcome, Registration as Granted, ReviewCompleted
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction
from common.storage.work import Work
from registry_service.register.brands.commands import register_brand
from registry_service.register.registrations.lifecycle import State
from registry_service.register.registrations.model import Registration
from registry_service.register.registrations.storage import Finding, grounds_of, received, registrations


async def receive_when_recognised(work: Work, event: ReviewCompleted) -> None:
    """Store the recognition, so that the office sees what waits to be registered."""
    granted = _granted(event)
    if granted is not None:
        event_id = _event_id(work)
        work.add(Registration.received(event, granted, event_id=event_id, at=work.system_now))
        await work.release(received(event_id))


async def register_when_recognised(work: Work, event: ReviewCompleted) -> Waiting | None:
    """Register the title once every ground is known and agrees; a refused registration has no effect."""
    granted = _granted(event)
    if granted is None:
        return None
    event_id = _event_id(work)
    found = await work.find(registrations, Registration.id == event_id)
    if not found:
        return Waiting(received(event_id))
    (registration,) = found
    if registration.state is State.REFUSED:
        return None
    grounds = await grounds_of(work, event, granted)
    for ground in grounds:
        if ground.finding is Finding.CONTRADICTS:
            raise Contradiction(ground.name, *ground.contradicting)
    for ground in grounds:
        if ground.awaited is not None:
            return Waiting(ground.awaited)
    registration.register((await register_brand(work, event, granted)).number)
    return None


def _granted(event: ReviewCompleted) -> Granted | None:
    """Return what is to be registered, None without recognition. Raises Contradiction when the event is not clear."""
    if (event.outcome is Outcome.RECOGNISED) != (event.registration is not None):
        raise Contradiction("outcome", "registration")
    return event.registration


def _event_id(work: Work) -> str:
    if work.correlation.caused_by is None:
        raise ValueError("a reaction knows the event that it follows")
    return work.correlation.caused_by
