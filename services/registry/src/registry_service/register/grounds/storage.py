"""The grounds are looked up by reactions and by those who watch registrations; no route changes them."""

from typing import Any

from sqlalchemy import Row, select

from common.storage.work import Work
from registry_service.register.grounds.model import Acceptance, Announced, Announcement, Confirmation, Round, case_id


def acceptance_awaited(application_id: str) -> str:
    """Return the name under which a registration waits for the acceptance of its application."""
    return f"acceptance:{application_id}"


def confirmation_awaited(deliberation_id: str) -> str:
    """Return the name under which an announcement waits for the confirmed list."""
    return f"confirmation:{deliberation_id}"


def announcement_awaited(announcement_id: str) -> str:
    """Return the name under which a registration waits for its announcement."""
    return f"announcement:{announcement_id}"


async def round_known(work: Work, round_id: str) -> Row[Any] | None:
    """Return a round, None when it has not arrived."""
    return await work.one(select(Round.__table__).where(Round.id == round_id))


async def acceptance_known(work: Work, application_id: str) -> Row[Any] | None:
    """Return the acceptance of an application, None when it has not arrived."""
    return await work.one(select(Acceptance.__table__).where(Acceptance.id == application_id))


async def confirmation_known(work: Work, deliberation_id: str) -> Row[Any] | None:
    """Return a confirmed list, None when it has not arrived."""
    return await work.one(select(Confirmation.__table__).where(Confirmation.id == deliberation_id))


async def announcement_known(work: Work, announcement_id: str) -> Row[Any] | None:
    """Return an announcement, None when it has not arrived."""
    return await work.one(select(Announcement.__table__).where(Announcement.id == announcement_id))


async def announcement_of_list(work: Work, deliberation_id: str) -> Row[Any] | None:
    """Return the announcement of a confirmed list, None when there is none yet."""
    return await work.one(select(Announcement.__table__).where(Announcement.deliberation_id == deliberation_id))


async def announced_case(work: Work, announcement_id: str, application_id: str) -> Row[Any] | None:
    """Return a case as an announcement names it, None when the announcement does not name it."""
    return await work.one(select(Announced.__table__).where(Announced.id == case_id(announcement_id, application_id)))
