"""The reaction to published calendars; terms are counted by them from then on."""

from common.calendars.reactions import learning_calendars
from review_service.cases.calendars.storage import calendars

learn_calendar_when_published = learning_calendars(calendars)
