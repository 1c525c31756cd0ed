"""The calendars that a service stores, and the working calendar that they make."""

from typing import TypeVar

from sqlalchemy import ColumnElement, select, true

from common.calendars.model import StoredCalendar
from common.calendars.refusals import CalendarNotFound
from common.codes.calendar import SpecialDay, WorkingCalendar
from common.kernel.actor import Actor
from common.storage.store import Store
from common.storage.work import Work

C = TypeVar("C", bound=StoredCalendar)


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees every calendar."""
    return true()


def calendars_store(model: type[C]) -> Store[C]:
    """Return the store of a service's calendars."""
    return Store(model, not_found=CalendarNotFound, visible=visible)


async def working_calendar(work: Work, model: type[StoredCalendar]) -> WorkingCalendar:
    """Return the working days as they are known now: those of the stored years, and of the library for any other."""
    rows = await work.rows(select(model.id, model.special_days))
    return WorkingCalendar({int(row.id): tuple(map(SpecialDay.read, row.special_days)) for row in rows})
