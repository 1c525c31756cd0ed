"""The event about calendars (工作日历); everybody may see it."""

from typing import Annotated, TypeAlias

from pydantic import Field

from common.codes.calendar import SpecialDay
from common.contracts.fields import PRINTED, DocumentNumber, Key
from common.kernel.event import Audience, Event, Part
from common.kernel.text import SHORT
from common.kernel.values import numbers
from common.kernel.values.sizes import MOST_DAYS
from common.kernel.values.times import Day

DayName: TypeAlias = Annotated[str, Field(max_length=SHORT, pattern=PRINTED)]
"""The name of a holiday."""


class Holiday(Part):
    """A day off, with its name in both languages."""

    on: Day = Field(description="The day.", examples=["2016-02-08"])
    zh: DayName = Field(description="Its name in Chinese.", examples=["春节"])
    en: DayName = Field(description="Its name in English.", examples=["Spring Festival"])


class CalendarPublished(Event, service="applications", audience=Audience.PUBLIC, subject="calendar_id"):
    """工作日历: the working days of a year were entered by its notice; terms are counted by the latest edition."""

    calendar_id: Key = Field(description="The year, by which the calendar is found.", examples=["2016"])
    year: numbers.Year = Field(description="The year of the notice.", examples=[2016])
    edition: numbers.Ordinal = Field(description="The edition of the year's calendar, from 1.", examples=[2])
    document_number: DocumentNumber
    holidays: tuple[Holiday, ...] = Field(
        max_length=MOST_DAYS,
        description="The days off, also those of the last days of the year before; other weekends are not named.",
        examples=[[{"on": "2016-02-08", "zh": "春节", "en": "Spring Festival"}]],
    )
    workdays: tuple[Day, ...] = Field(
        max_length=MOST_DAYS, description="The weekend days that are worked.", examples=[["2016-02-06"]]
    )

    @property
    def days(self) -> tuple[SpecialDay, ...]:
        """Return holidays and shifted workdays, in the order of the year."""
        off = (SpecialDay(each.on, each.zh, each.en) for each in self.holidays)
        return tuple(sorted((*off, *map(SpecialDay, self.workdays)), key=lambda each: each.on))
