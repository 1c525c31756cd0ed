"""Every unique constraint has the refusal of its noun, or is one that only two transactions at once can violate.

The second kind is answered as `taken-meanwhile`, which is tried again and says `retryable`, so it must never be the
answer to something that stays as it is.
"""

from typing import Final

from sqlalchemy import MetaData, UniqueConstraint

from common.service import Service
from common.storage.records import records
from embedded.origin.parts import SERVICES

ONLY_BY_A_RACE: Final = {
    "uq_applications_receipt_number": "made from the id of the application",
    "uq_programmes_honour_edition": "taken from a counter",
    "pk_mergers": "an applicant ends once, and its event has its effect once",
    "pk_admitted_codes": "a code is admitted once, and its event has its effect once",
    "uq_announcements_deliberation_id": "announcing locks the deliberation and leaves its state",
    "uq_reviews_application_id": "an application is accepted once, and its event has its effect once",
    "pk_calendars": "publishing and learning look first, and replace",
    "pk_rounds": "ids of the applications service; an event has its effect once",
    "pk_rules": "learning looks first; two editions of the same digest do not exist",
    "uq_sheets_draw_id_review_id_expert_id": "a panel changes under the lock of its case; no lot names an expert twice",
    "pk_acceptances": "learning looks first, and compares",
    "pk_announced": "learning looks first, and compares",
    "pk_confirmations": "learning looks first, and compares",
    "pk_holdings": "learning looks first, and compares",
    "pk_registrations": "the id of the event, which has its effect once",
    "uq_brands_number_key": "taken from a counter, under a pattern that one honour has",
    "uq_programmes_first_numbered_by": "publishing looks first, and refuses another honour's pattern",
    "uq_contacts_org_key": "naming looks first and replaces",
    "uq_brands_application_id": "registering looks for a brand of the application first",
    "uq_brands_review_id": "a review completes once, and its event has its effect once",
    "pk_contacts": "naming looks first and replaces",
    "uq_feed_event_id": "an event has its effect once",
    "pk_feed_head": "written by the migration",
    "uq_messages_event_id_org": "an event has its effect once",
    "pk_parties": "an application is accepted once, and its event has its effect once",
}


def test_a_violated_constraint_never_says_what_is_not_true() -> None:
    unexplained = {
        name
        for service in SERVICES
        for name, made in _constraints(service)
        if name not in service.named_errors and name not in ONLY_BY_A_RACE and not made
    }

    assert unexplained == set(), "name its refusal in the service's named_errors, or say why only a race violates it"


def test_nothing_is_explained_that_is_not_there_or_has_a_refusal() -> None:
    found = {name for service in SERVICES for name, _ in _constraints(service)}
    named = {name for service in SERVICES for name in service.named_errors}

    assert ONLY_BY_A_RACE.keys() - found == set()
    assert ONLY_BY_A_RACE.keys() & named == set()
    assert named - found == set()


MADE: Final = frozenset(
    {
        "applicants",
        "applications",
        "programmes",
        "recommendations",
        "reminders",
        "desk_reminders",
        "announcements",
        "deliberations",
        "draws",
        "experts",
        "notices",
        "objections",
        "rankings",
        "redraws",
        "recusals",
        "reviews",
        "sheets",
        "statements",
        "acts",
        "brand_changes",
        "brands",
        "feed",
        "messages",
    }
)
"""Tables whose id is new for every row: nobody can choose one that exists."""


def _constraints(service: Service) -> list[tuple[str, bool]]:
    """Return the service's own unique constraints, each with whether it is the key of rows whose id is made."""
    shared = MetaData()
    records(shared)
    tables = [table for table in service.metadata.sorted_tables if table.name not in shared.tables]
    keys = [(str(table.primary_key.name), table.name in MADE) for table in tables]
    unique = [
        (str(one.name), False) for table in tables for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    return [*keys, *unique]
