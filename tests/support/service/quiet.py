"""Waiting until nothing is under way on a platform in this process: every outbox empty, every record read."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import make_url

from embedded.origin.parts import SERVICES
from support.service.library import sqlite
from support.service.platform import Platform
from support.stack.running import quiet, read_by

SECONDS: Final = 60.0
DUE: Final = "SELECT count(*) FROM parked WHERE next_try_at IS NOT NULL OR waiting_for IS NOT NULL"
LOOKS: Final = 2
"""Twice in a row: between an empty outbox and the look at the offsets, a reaction may have written a row."""


async def become_quiet(platform: Platform) -> None:
    """Wait until the lag is 0. Raises NeverQuietError."""

    async def under_way() -> str:
        return await _under_way(platform)

    await quiet(under_way, seconds=SECONDS, looks=LOOKS)


async def left_aside(platform: Platform) -> dict[str, int]:
    """Return how many dead letters and parked events there are, by table; an empty result when there are none."""
    counts = await platform.row_counts()
    return {name: rows for name, rows in counts.items() if name.endswith((".dead_letters", ".parked")) and rows}


async def _under_way(platform: Platform) -> str:
    urls = {service.name: platform.databases.format(service=service.name) for service in SERVICES}
    for name, url in urls.items():
        if (await _rows(url, "SELECT count(*) FROM outbox"))[0][0]:
            return f"the outbox of {name}"
    ends = _place(
        await _rows(
            f"sqlite:///{_bus(platform.data)}", 'SELECT topic, partition, max("offset") + 1 FROM log GROUP BY 1, 2'
        )
    )
    for service in SERVICES:
        asked = "SELECT topic, partition, min(next_offset) FROM offsets GROUP BY 1, 2"  # of its consumer groups
        reached = _place(await _rows(urls[service.name], asked))
        behind = [one for one, end in ends.items() if one[0] in read_by(service) and reached.get(one, 0) < end]
        if behind:
            return f"what {service.name} has not read: {behind}"
        if (await _rows(urls[service.name], DUE))[0][0]:
            return f"what {service.name} has parked"
    return ""


def _place(rows: list[Any]) -> Mapping[tuple[str, int], int]:
    return {(topic, partition): number for topic, partition, number in rows}


def _bus(data: Path) -> Path:
    return next(data.rglob("bus.db"))


async def _rows(url: str, question: str) -> list[Any]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite.connect(f"file:{parsed.database}?mode=ro", uri=True)) as database:
            return database.execute(question).fetchall()
    connection = await asyncpg.connect(parsed.render_as_string(hide_password=False))
    try:
        return list(await connection.fetch(question))
    finally:
        await connection.close()
