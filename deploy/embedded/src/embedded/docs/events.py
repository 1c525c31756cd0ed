"""docs/events/<producer>.md: the contract's own page, and which reaction consumes each event."""

from collections.abc import Iterator, Sequence
from typing import Final

from common.contracts.catalogue import EVENTS
from common.contracts.page import producer_page
from common.service import Reaction, Service
from embedded.docs.markdown import code, table
from embedded.docs.sources import source_link

_INTRODUCTION: Final = """\
## Consumers

A reaction runs in the consumer's own transaction, once per event. An event without one is still in the feed
(`GET /v1/events`), if its audience is public or agency.
"""


def published_page(producer: str, services: Sequence[Service]) -> str:
    """Return the page of one producer: each event with its fields, then the reactions of the services to it."""
    return "\n".join(
        [producer_page(producer), _INTRODUCTION, *table(("Event", "Consumed by"), _consumers(producer, services))]
    )


def _consumers(producer: str, services: Sequence[Service]) -> Iterator[tuple[str, str]]:
    for event in EVENTS.values():
        if event.service == producer:
            found = [
                f"{group}: {_reaction(reactions[event])}"
                for service in services
                for group, reactions in service.readers.items()
                if event in reactions
            ]
            yield code(event.__name__), "<br>".join(found) or "nobody"


def _reaction(reaction: Reaction) -> str:
    return source_link(reaction.__module__, reaction.__name__)
