"""A contact that was planted in an application goes the whole way and leaves the internal topics nowhere."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from embedded.demo.people import Contact, Demo, load_demo
from embedded.journey import core_path, stages
from embedded.journey.core_path import CAST
from embedded.journey.player import Player
from support.service.platform import platform_on, sqlite_databases

CANARY = Contact(name="金丝雀", email="canary-5ae1c0@example.test", phone="0531-50617283")
PLANTED = (CANARY.name, CANARY.email, CANARY.phone)
INSIDE = frozenset({"mingpai.applications.internal.v1"})
OUTSIDE = {
    "mingpai.applications.agency.v1",
    "mingpai.applications.public.v1",
    "mingpai.review.agency.v1",
    "mingpai.review.public.v1",
    "mingpai.registry.public.v1",
}


def demo_with_canary() -> Demo:
    """Return the demo whose applicants are all to be written to at the canary's address."""
    demo = load_demo()
    return demo.model_copy(
        update={"applicants": [firm.model_copy(update={"contact": CANARY}) for firm in demo.applicants]}
    )


def rows_by_topic(log: Path) -> Mapping[str, list[str]]:
    """Return every row of the log as readable text: key, headers and payload, without JSON's escapes."""
    found = defaultdict(list)
    with closing(sqlite3.connect(log)) as database:
        for topic, key, headers, payload in database.execute("SELECT topic, key, headers, payload FROM log"):
            readable = json.dumps(json.loads(payload), ensure_ascii=False)
            found[topic].append(f"{key}\n{headers}\n{readable}")
    return found


async def test_a_planted_contact_is_on_the_internal_topic_and_on_no_agency_or_public_one(tmp_path: Path) -> None:
    async with platform_on(sqlite_databases(tmp_path), tmp_path, raising=True) as platform:
        player = Player(platform.client, demo_with_canary(), story="canary", report=lambda _: None)
        await stages.set_up_province(player)
        for candidate in CAST:
            await core_path.play_honour(player, candidate)

    rows = rows_by_topic(tmp_path / "bus.db")  # read once nobody else has the file open
    assert {topic for topic in rows if ".internal." not in topic} == OUTSIDE
    found = {word: {topic for topic, texts in rows.items() if any(word in one for one in texts)} for word in PLANTED}
    assert found == dict.fromkeys(PLANTED, INSIDE)
