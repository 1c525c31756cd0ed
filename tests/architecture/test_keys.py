"""What refuses doubles compares keys folded; every other unique column holds what no person types."""

from typing import Any, Final

from sqlalchemy import String, Table, UniqueConstraint

from common.kernel.model import Aggregate
from common.service import Service
from common.storage.finding.keys import Key, keys_of
from embedded.origin.parts import SERVICES

NOBODY_TYPES: Final = {
    "uq_applications_receipt_number": "made from the id of the application, and no address has it",
    "uq_programmes_digest": "computed",
    "uq_statements_round_id_expert_sub": "both from a token and an event",
    "uq_messages_event_id_org": "both from an event, and the event has its effect once",
}
"""Unique constraints over texts that are neither keys nor ids of ours."""
OF_OTHERS: Final = {
    "admitted_codes": "from an event; a body has the code as `Uscc` reads it",
    "calendars": "a year, which is read as a number",
    "rules": "the digest of a programme, from an event",
}
"""Tables whose id another service gives, and is no id with a prefix."""
FROM_EVENTS: Final = frozenset(
    {
        "rounds",
        "acceptances",
        "announcements",
        "announced",
        "confirmations",
        "registrations",
        "parties",
        "recusals",
        "holdings",
        "mergers",
    }
)
"""Projections of other services' nouns, whose ids are made there."""


def test_every_key_that_refuses_doubles_is_compared_folded() -> None:
    plain = {
        str(one.name)
        for service in SERVICES
        for table in _tables(service)
        for one in table.constraints
        if isinstance(one, UniqueConstraint) and any(_is_plain_text(column) for column in one.columns)
    }

    assert plain == NOBODY_TYPES.keys(), "make it a Key (common/storage/finding/keys.py), or say why nobody types it"


def test_every_id_that_an_office_gives_has_its_key() -> None:
    named = {
        mapper.class_.__tablename__
        for mapper in Aggregate.registry.mappers
        for service in SERVICES
        if mapper.class_.metadata is service.metadata
        and mapper.class_.PREFIX is None
        and not any(name == "id" for _, name, _ in keys_of(mapper))
        and not isinstance(mapper.local_table.c["id"].type, Key)
    }

    assert named == OF_OTHERS.keys() | FROM_EVENTS, "declare `…_key: Mapped[str] = key_of('id')`"


def _tables(service: Service) -> list[Table]:
    return [one.class_.__table__ for one in Aggregate.registry.mappers if one.class_.metadata is service.metadata]


def _is_plain_text(column: Any) -> bool:  # noqa: ANN401 -- of any type
    made = column.name.endswith("_id")
    return isinstance(column.type, String) and not isinstance(column.type, Key) and not made
