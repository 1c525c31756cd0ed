"""Reads the picture of a stopped platform from its files alone: the log, four databases, the mails."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from support.faults.picture import SERVICES, Left, Message, Picture, Published, Review, Row, Taken, digest, mails_in

AUDITED = "SELECT id, request_id, payload_digest, position, previous, hash FROM audit LEFT JOIN seals USING (seq)"


def picture_of(data: Path) -> Picture:
    """Return the stored data of a platform that has ended."""
    log = [_published(row) for row in _rows(data, "bus", "SELECT * FROM log ORDER BY pos")]
    return Picture(
        absorbs=True,
        log=log,
        heads=Counter((one.topic, one.partition) for one in log),
        audit=[Row(service, *row) for service in SERVICES for row in _rows(data, service, AUDITED)],
        taken=[
            Taken(service, row["consumer"], (row["topic"], row["partition"]), row["next_offset"])
            for service in SERVICES
            for row in _rows(data, service, "SELECT * FROM offsets")
        ],
        inboxes=dict(_inboxes(data)),
        left=[
            Left(service, table, row["key"])
            for service in SERVICES
            for table in ("outbox", "parked", "dead_letters")
            for row in _rows(data, service, f"SELECT key FROM {table}")  # noqa: S608 -- our own names
        ],
        reviews=[Review(*row) for row in _rows(data, "review", "SELECT id, application_id, state FROM reviews")],
        brands=[row["review_id"] for row in _rows(data, "registry", "SELECT review_id FROM brands")],
        messages=[
            Message(*row) for row in _rows(data, "notifications", "SELECT id, event_id, org, state FROM messages")
        ],
        feed=[
            (row["position"], row["event_id"])
            for row in _rows(data, "notifications", "SELECT position, event_id FROM feed ORDER BY position")
        ],
        mails=mails_in(data / "mail"),
    )


def _published(row: sqlite3.Row) -> Published:
    sequence = int(json.loads(row["headers"])["ce_sequence"])
    place = (row["topic"], row["partition"], row["offset"], row["key"], row["event_id"], row["type"])
    return Published(*place, sequence, digest(row["payload"]))


def _inboxes(data: Path) -> Iterator[tuple[str, frozenset[str]]]:
    for service in SERVICES:
        for (consumer,) in _rows(data, service, "SELECT DISTINCT consumer FROM inbox"):
            taken = _rows(data, service, "SELECT event_id FROM inbox WHERE consumer = ?", consumer)
            yield consumer, frozenset(event_id for (event_id,) in taken)


def _rows(data: Path, name: str, question: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 -- any bound value
    with closing(sqlite3.connect(data / f"{name}.db")) as database:
        database.row_factory = sqlite3.Row
        return database.execute(question, values).fetchall()
