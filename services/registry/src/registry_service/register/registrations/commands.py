"""The office's two commands on a registration that waits, and the warning when one waits for too long."""

from datetime import timedelta
from typing import Final

from common.storage.work import Work
from registry_service.register.registrations.model import Registration
from registry_service.register.registrations.storage import registrations, waiting

PATIENCE: Final = timedelta(minutes=10)
"""How long grounds may be missing: the events of one announcement arrive within seconds of each other."""


async def release_registration(work: Work, registration_id: str, *, version: int | None, reason: str) -> Registration:
    """Have the grounds looked up again at once; no ground is waived."""
    registration = await work.get(registrations, registration_id, version=version)
    registration.release(reason=reason)
    await work.resume(registration.id)
    return registration


async def refuse_registration(work: Work, registration_id: str, *, version: int | None, reason: str) -> Registration:
    """Refuse to register a recognition whose grounds are missing or contradict it; what waits behind it goes on."""
    registration = await work.get(registrations, registration_id, version=version)
    registration.refuse(by=work.actor, reason=reason, at=work.now)
    await work.resume(registration.id)
    return registration


async def overdue_registrations(work: Work) -> list[str]:
    """Return a warning when the oldest registration that waits has waited for longer than `PATIENCE`."""
    count, since = await waiting(work)
    age = timedelta() if since is None else work.system_now - since
    if age <= PATIENCE:
        return []
    return [f"registrations that wait for their grounds: {count}, the oldest for {age // timedelta(minutes=1)} minutes"]
