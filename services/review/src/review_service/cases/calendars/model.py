"""The review's copy of a year's calendar, received by event."""

from common.calendars.model import LearnedCalendar
from review_service.tables import METADATA


class Calendar(LearnedCalendar):
    """The latest edition of a year's calendar, as this service stores it."""

    __tablename__ = "calendars"
    metadata = METADATA
