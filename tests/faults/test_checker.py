"""The checker itself: it finds nothing wrong with a platform that ran in peace, and finds what was planted."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from support.checker import findings
from support.files import picture_of
from support.playing import play_with


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
