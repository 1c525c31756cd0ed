"""Says what a platform that was killed has lost, doubled or reordered, by reading its files alone.

Independent of the product's code: it knows tables, log and mails as they lie on disk, and what they promise.
The platform must be stopped; each finding is one sentence, and an empty list means that every promise was kept.
"""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

SERVICES = ("applications", "review", "registry", "notifications")


def findings(data: Path) -> list[str]:
    """Return everything that is wrong with the data of a stopped platform."""
    with _opened(data / "bus.db") as bus:
        log = _rows(bus, "SELECT * FROM log ORDER BY pos")
    found = [*_order(log), *_events(data, log), *_settled(data, log), *_effects(data), *_audit_chain(data)]
    return found + _mails(data)


def _order(log: list[dict[str, Any]]) -> Iterator[str]:
    """Order per subject: sequences rise by one from 1 in each topic, and no id stands there twice."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    seen: set[tuple[str, str]] = set()
    for row in log:
        if (row["topic"], row["event_id"]) in seen:
            yield f"{row['event_id']} stands twice in {row['topic']}"
            continue
        seen.add((row["topic"], row["event_id"]))
        subject = (row["topic"], row["key"])
        sequence = int(json.loads(row["headers"])["ce_sequence"])
        if sequence != last[subject] + 1:
            yield f"{row['key']} in {row['topic']}: sequence {sequence} follows {last[subject]}"
        last[subject] = sequence


def _events(data: Path, log: list[dict[str, Any]]) -> Iterator[str]:
    """Every committed outward move has its one event in the log, with the content that was committed."""
    for service in SERVICES:
        topic = f"mingpai.{service}.internal.v1"
        told = {row["event_id"]: row["payload"] for row in log if row["topic"] == topic}
        with _opened(data / f"{service}.db") as database:
            moves = _rows(database, "SELECT id, payload_digest FROM audit WHERE payload_digest IS NOT NULL")
        for move in moves:
            payload = told.pop(move["id"], None)
            if payload is None:
                yield f"{service}: the committed move {move['id']} has no event"
            elif f"sha256:{hashlib.sha256(payload).hexdigest()}" != move["payload_digest"]:
                yield f"{service}: the event {move['id']} says something else than was committed"
        for event_id in told:
            yield f"{service}: the event {event_id} has no committed move"


def _settled(data: Path, log: list[dict[str, Any]]) -> Iterator[str]:
    """Nothing is under way: outboxes are empty, everything was taken once, nothing is parked or dead."""
    heads = Counter((row["topic"], row["partition"]) for row in log)
    for service in SERVICES:
        with _opened(data / f"{service}.db") as database:
            for table in ("outbox", "parked", "dead_letters"):
                (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 -- our own names
                if count:
                    yield f"{service}: {count} rows are left in {table}"
            for row in _rows(database, "SELECT * FROM offsets"):
                head = heads[(row["topic"], row["partition"])]
                if row["next_offset"] != head:
                    yield f"{service}: {row['consumer']} took {row['next_offset']} of {head} in {row['topic']}"


def _effects(data: Path) -> Iterator[str]:
    """One effect per event: one brand per decision, one message per event and organisation, one feed row per event."""
    with _opened(data / "review.db") as review, _opened(data / "registry.db") as registry:
        recognised = {row["id"] for row in _rows(review, "SELECT id FROM reviews WHERE state = 'recognised'")}
        registered = Counter(row["review_id"] for row in _rows(registry, "SELECT review_id FROM brands"))
    for review_id in recognised - registered.keys():
        yield f"the recognised review {review_id} has no brand"
    for review_id, count in registered.items():
        if count != 1 or review_id not in recognised:
            yield f"the review {review_id} has {count} brands"
    with _opened(data / "notifications.db") as notifications:
        written = _rows(notifications, "SELECT event_id, org, count(*) AS n FROM messages GROUP BY event_id, org")
        yield from (f"{row['n']} messages to {row['org']} about {row['event_id']}" for row in written if row["n"] != 1)
        feed = {row["event_id"] for row in _rows(notifications, "SELECT event_id FROM feed")}
        positions = [row["position"] for row in _rows(notifications, "SELECT position FROM feed ORDER BY position")]
    if positions != list(range(1, len(positions) + 1)):
        yield "the positions of the feed have gaps"
    with _opened(data / "bus.db") as bus:
        outside = {row["event_id"] for row in _rows(bus, "SELECT event_id FROM log WHERE topic NOT LIKE '%internal%'")}
    yield from (f"the event {event_id} is missing in the feed" for event_id in outside - feed)


def _audit_chain(data: Path) -> Iterator[str]:
    """Sealed rows hang together: positions without a gap, each naming the hash before it."""
    for service in SERVICES:
        with _opened(data / f"{service}.db") as database:
            rows = _rows(
                database, "SELECT position, previous, hash FROM audit WHERE position IS NOT NULL ORDER BY position"
            )
        for index, row in enumerate(rows):
            if row["position"] != index or (index and row["previous"] != rows[index - 1]["hash"]):
                yield f"{service}: the audit chain is broken at {row['position']}"


def _mails(data: Path) -> list[str]:
    """Every delivered message is a mail; the same mail may be there twice, another one under its Message-ID may not."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for path in (data / "mail").rglob("*.eml"):
        mail = message_from_bytes(path.read_bytes())
        bodies[str(mail["Message-ID"])].add(str(mail.get_payload()))
    with _opened(data / "notifications.db") as database:
        delivered = {row["id"] for row in _rows(database, "SELECT id FROM messages WHERE state = 'delivered'")}
        pending = _rows(database, "SELECT id, state FROM messages WHERE state IN ('queued', 'sending')")
    sent = {mail_id.strip("<>").partition("@")[0] for mail_id in bodies}
    return (
        [f"the message {one['id']} is still {one['state']}" for one in pending]
        + [f"the delivered message {one} was never sent" for one in delivered - sent]
        + [f"{mail_id} names {len(texts)} different mails" for mail_id, texts in bodies.items() if len(texts) > 1]
    )


def _rows(database: sqlite3.Connection, question: str) -> list[dict[str, Any]]:
    return [dict(row) for row in database.execute(question)]


class _opened:  # noqa: N801 -- reads as a verb where it is used
    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.row_factory = sqlite3.Row

    def __enter__(self) -> sqlite3.Connection:
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()
