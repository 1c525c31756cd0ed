"""The text of a mail: one template per event type, whose first line is the subject. A missing value is an error.

Templates show instants, dates and coded values by the filters `zh` and `en`, in the words of the vocabulary.
"""

from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Final, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from common.codes.vocabulary.moments import shown_date, shown_instant
from common.codes.vocabulary.words import value_name
from common.kernel.event import Event

_TEMPLATES: Final = Environment(  # noqa: S701 -- plain text mails: nothing is HTML
    loader=PackageLoader("notifications_service.letters.messages", "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def shown(value: object, *, lang: Literal["zh", "en"]) -> object:
    """Return a value as the reader of a mail in this language sees it."""
    if isinstance(value, datetime):
        return shown_instant(value, lang)
    if isinstance(value, date):
        return shown_date(value, lang)
    if isinstance(value, StrEnum):
        return value_name(value, lang, type(value).__name__)
    return value


_TEMPLATES.filters |= {
    "zh": partial(shown, lang="zh"),
    "en": partial(shown, lang="en"),
    "clock_zh": lambda clock: value_name(clock, "zh", "clock"),
    "clock_en": lambda clock: value_name(clock, "en", "clock"),
}


@cache
def _template(name: str) -> Template:
    return _TEMPLATES.get_template(name)


def words(event: Event) -> tuple[str, str]:
    """Return subject and body of the mail about an event."""
    text = _template(f"{type(event).__name__}.txt").render(event=event)
    subject, _, body = text.partition("\n")
    return subject.strip(), body.lstrip("\n")
