"""The content of `/status`: where the platform runs, which services are ready, the times of the two clocks."""

from datetime import datetime
from typing import Protocol

from pydantic import BaseModel


class ServiceStatus(BaseModel):
    """One service: ready, or the reason why it is not."""

    name: str
    ready: bool
    reason: str | None
    nouns: list[str]


class Status(BaseModel):
    """The state of this process; `mails` is None where the mailbox is not ours (production)."""

    url: str
    profile: str
    started_at: datetime
    legal_at: datetime
    system_at: datetime
    services: list[ServiceStatus]
    mails: int | None


class StatusSource(Protocol):
    """Provides the state of the process."""

    async def status(self) -> Status:
        """Return the state at this moment."""
