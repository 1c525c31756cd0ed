"""`/v1/calendars`: the holidays and shifted workdays of each year, public."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from applications_service.rules.calendars.model import Calendar
from applications_service.rules.calendars.storage import known_calendar, known_calendars
from common.kernel.actor import PUBLIC
from common.kernel.values import numbers
from common.web.resources import Resource
from common.web.router import Router, Work

router = Router("calendars", key="year")

Year: TypeAlias = Annotated[numbers.Year, Path()]


class HolidayView(BaseModel):
    """A day off with its name."""

    model_config = ConfigDict(from_attributes=True)

    on: date
    zh: str
    en: str


class CalendarSummary(BaseModel):
    """The latest edition of a year's calendar; the platform knows many years without a document of ours."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    edition: int
    document_number: str | None
    published_at: datetime | None


class CalendarView(Resource, CalendarSummary):
    """The latest edition with its days; every other day is a workday from Monday to Friday."""

    holidays: list[HolidayView]
    workdays: list[date]


class Calendars(BaseModel):
    """Every year whose working days are known."""

    items: list[CalendarSummary]


@router.query(allow=PUBLIC)
async def list_calendars(work: Work) -> Calendars:
    """List the years whose working days are known."""
    return Calendars(items=[CalendarSummary.model_validate(each) for each in await known_calendars(work)])


@router.query("/{year}", allow=PUBLIC, shows=CalendarView)
async def read_calendar(year: Year, work: Work) -> Calendar:
    """Read which days of a year are holidays and shifted workdays."""
    return await known_calendar(work, year)
