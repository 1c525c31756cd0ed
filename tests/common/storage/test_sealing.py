"""The audit chain: every row once, in order, and no change goes unseen."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, select, update

from common.storage.engine import Database
from common.storage.records import Records, records
from common.storage.sealing import GENESIS, seal, verify_chain

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
async def tables(database: Database) -> Records:
    metadata = MetaData()
    made = records(metadata)
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    return made


async def write_audit(database: Database, tables: Records, numbers: range) -> None:
    rows = [
        {
            "id": f"row-{number}",
            "at": NOON + timedelta(seconds=number),
            "legal_at": NOON,
            "actor_sub": "officer",
            "action": "submit",
            "subject_type": "applications",
            "subject_id": f"app_{number}",
            "reason": "材料齐全",
        }
        for number in numbers
    ]
    async with database.write() as connection:
        await connection.execute(insert(tables.audit), rows)
        await connection.commit()


async def seal_all(database: Database, tables: Records, limit: int) -> list[int]:
    counts = []
    while True:
        async with database.write() as connection:
            counts.append(await seal(connection, tables, limit))
            await connection.commit()
        if not counts[-1]:
            return counts


async def chain(database: Database, tables: Records) -> list[dict[str, Any]]:
    async with database.read() as connection:
        found = await connection.execute(select(tables.audit).order_by(tables.audit.c.position))
        return [dict(row) for row in found.mappings()]


async def test_rows_are_chained_in_order_across_batches(database: Database, tables: Records) -> None:
    await write_audit(database, tables, range(5))
    assert await seal_all(database, tables, 2) == [2, 2, 1, 0]
    await write_audit(database, tables, range(5, 7))
    assert await seal_all(database, tables, 10) == [2, 0]
    rows = await chain(database, tables)
    assert [row["id"] for row in rows] == [f"row-{number}" for number in range(7)]
    assert [row["position"] for row in rows] == list(range(7))
    assert rows[0]["previous"] == GENESIS
    assert verify_chain(rows) is None
    assert verify_chain(rows[3:], previous=rows[2]["hash"], position=3) is None


@pytest.mark.parametrize("change", [{"reason": "改过"}, {"at": NOON}, {"actor_sub": "someone"}, {"hash": GENESIS}])
async def test_a_changed_row_is_found(database: Database, tables: Records, change: dict[str, object]) -> None:
    await write_audit(database, tables, range(4))
    await seal_all(database, tables, 10)
    async with database.write() as connection:
        await connection.execute(update(tables.audit).where(tables.audit.c.position == 2).values(change))
        await connection.commit()
    assert verify_chain(await chain(database, tables)) == 2


async def test_a_row_taken_out_or_put_elsewhere_is_found(database: Database, tables: Records) -> None:
    await write_audit(database, tables, range(4))
    await seal_all(database, tables, 10)
    rows = await chain(database, tables)
    assert verify_chain(rows[:1] + rows[2:]) == 1
    assert verify_chain([rows[0], rows[2], rows[1], rows[3]]) == 1


async def test_an_outsider_recomputes_the_hash_with_other_code(database: Database, tables: Records) -> None:
    await write_audit(database, tables, range(1))
    await seal_all(database, tables, 10)
    (row,) = await chain(database, tables)
    told = {
        "id": "row-0",
        "at": "2026-11-23T12:00:00.000000Z",
        "legal_at": "2026-11-23T12:00:00.000000Z",
        "actor_sub": "officer",
        "actor_org": None,
        "action": "submit",
        "subject_type": "applications",
        "subject_id": "app_0",
        "from_state": None,
        "to_state": None,
        "reason": "材料齐全",
        "caused_by": None,
        "request_id": None,
        "payload_digest": None,
    }
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert row["hash"] == "sha256:" + hashlib.sha256(bytes(32) + text.encode()).hexdigest()
