"""The data that a run has stored, in the checker's own terms: the log, audit rows, consumed events and their effects.

A reader makes it from the files of a stopped platform or from a running stack; the rules in `checker` know only this.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from pathlib import Path
from typing import NamedTuple, TypeAlias

SERVICES = ("applications", "review", "registry", "notifications")

Place: TypeAlias = tuple[str, int]
"""A topic and one of its partitions."""


class Published(NamedTuple):
    """One record of the log; `sequence` is its subject's, None where the record has none."""

    topic: str
    partition: int
    offset: int
    key: str
    id: str
    type: str
    sequence: int | None
    digest: str


class Row(NamedTuple):
    """One audit row: `digest` is that of its event, `position` its place in the chain once it is sealed."""

    service: str
    id: str
    request: str | None
    digest: str | None
    position: int | None
    previous: str | None
    hash: str | None


class Taken(NamedTuple):
    """How far a consumer has come in a partition."""

    service: str
    consumer: str
    place: Place
    next_offset: int


class Left(NamedTuple):
    """A row that is under way or set aside: of an outbox, of the parked events or of the dead letters."""

    service: str
    table: str
    key: str


class Review(NamedTuple):
    """One review of an application."""

    id: str
    application: str
    state: str


class Message(NamedTuple):
    """One message to an organisation about an event."""

    id: str
    event: str
    org: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything that the rules judge.

    `log` is in order within each partition. It `absorbs` repetitions when the log itself keeps an id out that it has
    already. `inboxes` hold the ids that each consumer has taken, `brands` the review that each came from, `feed`
    position and event, `mails` Message-ID and text.
    """

    absorbs: bool
    log: Sequence[Published]
    heads: Mapping[Place, int]
    audit: Sequence[Row]
    taken: Sequence[Taken]
    inboxes: Mapping[str, frozenset[str]]
    left: Sequence[Left]
    reviews: Sequence[Review]
    brands: Sequence[str]
    messages: Sequence[Message]
    feed: Sequence[tuple[int, str]]
    mails: Sequence[tuple[str, str]]

    def without(self, prefix: str) -> "Picture":
        """Return it without the events of all keys that begin so, and without what was set aside of them."""
        return replace(
            self,
            log=[one for one in self.log if not one.key.startswith(prefix)],
            left=[one for one in self.left if not one.key.startswith(prefix)],
        )


def digest(payload: bytes) -> str:
    """Return the digest by which the audit names what an event said."""
    return f"sha256:{hashlib.sha256(payload).hexdigest()}"


def mails_in(folder: Path) -> list[tuple[str, str]]:
    """Return Message-ID and text of every mail that the sink took."""
    mails = [message_from_bytes(path.read_bytes()) for path in folder.rglob("*.eml")]
    return [(str(mail["Message-ID"]), str(mail.get_payload())) for mail in mails]
