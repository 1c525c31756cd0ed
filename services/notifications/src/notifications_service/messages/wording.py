"""What a mail says: one template per event type, its first line the subject. A missing value is an error, not a gap."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from common.contracts.envelope import Event

_TEMPLATES: Final = Environment(  # noqa: S701 -- plain text mails: nothing is HTML
    loader=PackageLoader("notifications_service.messages", "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@cache
def _template(name: str) -> Template:
    return _TEMPLATES.get_template(name)


def words(event: Event) -> tuple[str, str]:
    """Return subject and body of the mail about an event."""
    text = _template(f"{type(event).__name__}.txt").render(event=event)
    subject, _, body = text.partition("\n")
    return subject.strip(), body.lstrip("\n")
