"""The checker itself: it finds nothing wrong with a platform that ran in peace, and finds what was planted."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from support.faults.checker import findings, unkept
from support.faults.picture import Left, Picture, Published
from support.faults.playing import play_with
from support.faults.stopped import picture_of

pytestmark = pytest.mark.timeout(600)  # a whole story is played first


@pytest.fixture(scope="module")
def peaceful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a platform on which a whole story was played and nothing was killed."""
    data = tmp_path_factory.mktemp("peaceful")
    asyncio.run(play_with(None, data))
    return data


def lose_an_event(data: Path) -> None:
    """Take an event out of the log, as a relay that deletes before the acknowledgement would."""
    with sqlite3.connect(data / "bus.db") as bus:
        bus.execute("DELETE FROM log WHERE type LIKE '%ApplicationAccepted%' AND topic LIKE '%internal%'")


def double_an_effect(data: Path) -> None:
    """Register a brand twice, as a consumer without an inbox would."""
    with sqlite3.connect(data / "registry.db") as registry:
        registry.execute("CREATE TABLE copy AS SELECT * FROM brands")
        registry.execute("UPDATE copy SET id = 'brd_again', number = 'AGAIN'")
        registry.execute("DROP TABLE brands")
        registry.execute("ALTER TABLE copy RENAME TO brands")
        registry.execute("INSERT INTO brands SELECT * FROM brands")


def swap_two_events(data: Path) -> None:
    """Exchange two events of one subject, as two relays at once would."""
    with sqlite3.connect(data / "bus.db") as bus:
        ends = "SELECT min(pos), max(pos) FROM log WHERE type LIKE '%registry.Brand%' AND topic LIKE '%internal%'"
        first, last = bus.execute(ends).fetchone()
        bus.execute("UPDATE log SET pos = -1 WHERE pos = ?", (first,))
        bus.execute("UPDATE log SET pos = ? WHERE pos = ?", (first, last))
        bus.execute("UPDATE log SET pos = ? WHERE pos = -1", (last,))


def test_a_platform_that_ran_in_peace_has_kept_every_promise(peaceful: Path) -> None:
    assert findings(picture_of(peaceful)) == []


@pytest.mark.parametrize(
    ("plant", "said"),
    [(lose_an_event, "has no event"), (double_an_effect, "has 2 brands"), (swap_two_events, "sequence")],
)
def test_what_is_planted_is_found(peaceful: Path, tmp_path: Path, plant: Callable[[Path], None], said: str) -> None:
    data = shutil.copytree(peaceful, tmp_path / "data")
    plant(data)

    assert any(said in finding for finding in findings(picture_of(data)))


@pytest.fixture(scope="module")
def in_kafka(peaceful: Path) -> Picture:
    """The same in a log that keeps duplicates."""
    return replace(picture_of(peaceful), absorbs=False)


def accepted(picture: Picture) -> Published:
    """Return an event whose effects reach every service."""
    return next(one for one in picture.log if "ApplicationAccepted" in one.type and ".internal." in one.topic)


def published_again(picture: Picture) -> Picture:
    again = accepted(picture)._replace(offset=1_000)
    return replace(picture, log=[*picture.log, again])


def test_what_a_broker_holds_twice_with_the_same_content_is_no_fault(in_kafka: Picture) -> None:
    assert findings(in_kafka) == []
    assert findings(published_again(in_kafka)) == []


def test_a_request_that_left_nothing_is_found_and_the_others_are_not(in_kafka: Picture) -> None:
    kept = [row.request for row in in_kafka.audit if row.request is not None]

    assert unkept(in_kafka, [*kept, "req_lost"]) == ["the acknowledged request req_lost has left nothing"]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda seen: published_again(replace(seen, absorbs=True)), "appears twice"),
        (
            lambda seen: replace(seen, log=[*seen.log, accepted(seen)._replace(digest="another")]),
            "says two things",
        ),
        (
            lambda seen: replace(seen, log=[*seen.log, accepted(seen)._replace(partition=99)]),
            "appears in two partitions",
        ),
        (
            lambda seen: replace(seen, log=[one for one in seen.log if one.id != accepted(seen).id]),
            "has no event",
        ),
        (
            lambda seen: replace(
                seen, log=[one for one in seen.log if one.id != accepted(seen).id or ".internal." in one.topic]
            ),
            "is missing in the outside topic",
        ),
        (
            lambda seen: replace(
                seen, log=[one for one in seen.log if one.id != accepted(seen).id or ".internal." not in one.topic]
            ),
            "appears outside only",
        ),
        (lambda seen: replace(seen, audit=seen.audit[1:]), "the audit chain is broken"),
        (
            lambda seen: replace(seen, audit=[row for row in seen.audit if row.id != accepted(seen).id]),
            "has no committed move",
        ),
        (
            lambda seen: replace(seen, audit=[row._replace(digest=row.digest and "another") for row in seen.audit]),
            "says something else than was committed",
        ),
        (lambda seen: replace(seen, left=[Left("review", "outbox", "key")]), "review: 1 rows are left in outbox"),
        (lambda seen: replace(seen, heads={}), " of 0 in "),
        (
            lambda seen: replace(seen, inboxes={**seen.inboxes, "registry": frozenset()}),
            "registry has not taken",
        ),
        (lambda seen: replace(seen, reviews=[]), "has 0 reviews"),
        (lambda seen: replace(seen, reviews=[*seen.reviews, *seen.reviews]), "has 2 reviews"),
        (lambda seen: replace(seen, brands=[]), "has 0 brands"),
        (lambda seen: replace(seen, messages=[*seen.messages, *seen.messages]), "2 messages to"),
        (lambda seen: replace(seen, messages=seen.messages[1:]), "no message was written about"),
        (
            lambda seen: replace(seen, messages=[one._replace(state="sending") for one in seen.messages]),
            "is still sending",
        ),
        (lambda seen: replace(seen, feed=seen.feed[:-1]), "appears 0 times in the feed"),
        (lambda seen: replace(seen, feed=seen.feed[1:]), "the positions of the feed have gaps"),
        (lambda seen: replace(seen, mails=[]), "was never sent"),
        (
            lambda seen: replace(seen, mails=[*seen.mails, (seen.mails[0][0], "another text")]),
            "names 2 different mails",
        ),
    ],
)
def test_whatever_breaks_a_promise_is_found(in_kafka: Picture, spoilt: Callable[[Picture], Picture], said: str) -> None:
    assert any(said in finding for finding in findings(spoilt(in_kafka)))
