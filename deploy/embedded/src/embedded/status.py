"""What `/status` tells: where the platform runs, what stands and what the two clocks say."""

from datetime import datetime
from typing import Protocol

from pydantic import BaseModel


class ServiceStatus(BaseModel):
    """One service: ready, or the reason why not."""

    name: str
    ready: bool
    reason: str | None
    nouns: list[str]


class Status(BaseModel):
    """The state of this process; `mails` is None where the mailbox is not ours (production)."""

    url: str
    data: str
    profile: str
    started_at: datetime
    legal_at: datetime
    system_at: datetime
    services: list[ServiceStatus]
    mails: int | None


class StatusSource(Protocol):
    """Whoever knows the state of the process."""

    async def status(self) -> Status:
        """Return the state at this moment."""
