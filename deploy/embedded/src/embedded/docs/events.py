"""docs/events.md: the contract's own page, and who answers which event."""

from collections.abc import Iterator, Sequence
from typing import Final

from common.contracts.catalogue import EVENTS
from common.contracts.page import events_page
from common.service import Reaction, Service
from embedded.docs.markdown import code, table
from embedded.docs.sources import source_link

_INTRODUCTION: Final = """\
## Who answers

A reaction runs in the reader's own transaction, once per event. An event without one is still in the feed
(`GET /v1/events`), if its audience is public or agency.
"""


def all_events_page(services: Sequence[Service]) -> str:
    """Return the page: each event with its fields, then who answers it."""
    return "\n".join([events_page(), _INTRODUCTION, *table(("Event", "Answered by"), _answers(services))])


def _answers(services: Sequence[Service]) -> Iterator[tuple[str, str]]:
    for event in EVENTS.values():
        found = [
            f"{service.name}: {_reaction(service.consumes[event])}" for service in services if event in service.consumes
        ]
        yield f"{event.service} {code(event.__name__)}", "<br>".join(found) or "nobody"


def _reaction(reaction: Reaction) -> str:
    return source_link(reaction.__module__, reaction.__name__)
