"""The audit chain: every row once, in order; the verifier, which uses nothing of ours, finds every change."""

import asyncio
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, insert
from sqlalchemy.exc import DBAPIError

from common.kernel.actor import Actor, Role
from common.kernel.model import Disclosure
from common.storage.audit.reading import sealed
from common.storage.audit.sealing import GENESIS, OPEN, PERSONAL, seal
from common.storage.database.engine import Database
from common.storage.records import Records, records
from common.web.audit import shown
from support.rules.auditor import AUDITOR, auditor

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OBSERVER = Actor(sub="o", org="O", roles=frozenset({Role.OBSERVER}))
OFFICE = Actor(sub="f", org="F", roles=frozenset({Role.OFFICE}))
Row = dict[str, Any]


@pytest.fixture
async def tables(database: Database) -> Records:
    metadata = MetaData()
    made = records(metadata)
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    return made


def row(number: int, **values: object) -> Row:
    return {
        "id": f"row-{number}",
        "at": NOON + timedelta(seconds=number),
        "legal_at": NOON,
        "actor_sub": "officer",
        "disclosure": Disclosure.READERS,
        "action": "submit",
        "subject_type": "applications",
        "subject_id": f"app_{number}",
        "reason": '材料齐全 "\\\u007f\n',
        "salt": f"{number:032x}",
        **values,
    }


async def write_audit(database: Database, tables: Records, *rows: Row) -> None:
    async with database.write() as connection:
        await connection.execute(insert(tables.audit), list(rows))
        await connection.commit()


async def seal_all(database: Database, tables: Records, limit: int = 500) -> list[int]:
    counts = []
    while True:
        async with database.write() as connection:
            counts.append(await seal(connection, tables, limit=limit))
            await connection.commit()
        if not counts[-1]:
            return counts


async def chain(database: Database, tables: Records, reader: Actor = OBSERVER) -> list[Row]:
    """Return the sealed rows as the API shows them, through JSON."""
    asked = sealed(tables).order_by(tables.seals.c.position)
    async with database.read() as connection:
        found = (await connection.execute(asked)).mappings().all()
    return [json.loads(shown(one, reader).model_dump_json()) for one in found]


async def test_rows_are_chained_in_order_across_batches(database: Database, tables: Records) -> None:
    await write_audit(database, tables, *map(row, range(5)))
    assert await seal_all(database, tables, 2) == [2, 2, 1, 0]
    await write_audit(database, tables, row(5), row(6))
    assert await seal_all(database, tables, 10) == [2, 0]
    rows = await chain(database, tables)
    assert [one["id"] for one in rows] == [f"row-{number}" for number in range(7)]
    assert [one["seal"]["position"] for one in rows] == list(range(7))
    assert rows[0]["seal"]["previous"] == GENESIS
    assert auditor().verified(rows) == (7, rows[6]["seal"]["hash"])


async def test_a_row_that_is_committed_late_is_sealed_too(database: Database, tables: Records) -> None:
    if database.dialect == "sqlite":
        return  # one writer at a time: rows are committed in the order of their numbers
    async with database.write() as late:
        await late.execute(insert(tables.audit), [row(0)])
        await write_audit(database, tables, row(1))
        assert await seal_all(database, tables) == [1, 0]
        await late.commit()
    assert await seal_all(database, tables) == [1, 0]
    assert [one["id"] for one in await chain(database, tables)] == ["row-1", "row-0"]


async def test_only_a_pass_over_all_rows_finds_one_that_was_committed_very_late(
    database: Database, tables: Records
) -> None:
    if database.dialect == "sqlite":
        return
    async with database.write() as late:
        await late.execute(insert(tables.audit), [row(0)])
        await write_audit(database, tables, row(1), row(3600))
        assert await seal_all(database, tables) == [2, 0]
        await late.commit()
    assert await seal_all(database, tables) == [0]
    async with database.write() as connection:
        assert await seal(connection, tables, slack=None) == 1
        await connection.commit()


def changed(index: int, **values: object) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [one | values if place == index else one for place, one in enumerate(rows)]


PERSON = {"digest": "sha256:" + "1" * 64, "salt": None, "value": None}
BROKEN: Sequence[tuple[str, Callable[[list[Row]], list[Row]], str]] = (
    ("a changed state", changed(2, to_state="accepted"), "at 2: the row was changed"),
    ("a changed instant", changed(2, at="2026-11-23T12:00:03.000000Z"), "at 2: the row was changed"),
    ("a changed actor", changed(2, actor_sub=PERSON), "at 2: the row was changed"),
    ("a changed hash", lambda rows: sealed_as(rows, 2, hash=GENESIS), "at 2: the row was changed"),
    ("a changed predecessor", lambda rows: sealed_as(rows, 2, previous=GENESIS), "at 2: it does not follow"),
    (
        "a value that was put in",
        changed(2, reason=PERSON | {"value": "其他"}),
        "at 2: reason has a value without a salt",
    ),
    ("a removed row", lambda rows: rows[:2] + rows[3:], "at 2: a row was removed"),
    ("a removed first row", lambda rows: rows[1:], "at 0: a row was removed"),
    ("an inserted row", lambda rows: [*rows[:2], rows[0], *rows[2:]], "at 2: a row was removed, inserted"),
    ("moved rows", lambda rows: [rows[0], rows[2], rows[1], rows[3]], "at 1: a row was removed, inserted or moved"),
    ("a row without a seal", changed(2, seal=None), "at 2: a row was removed"),
    ("a cut end", lambda rows: rows[:3], "after 3 rows: the known head"),
    ("nothing", lambda _: [], "after 0 rows: the known head"),
)


def sealed_as(rows: list[Row], index: int, **values: object) -> list[Row]:
    return changed(index, seal=rows[index]["seal"] | values)(rows)


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
async def test_the_verifier_finds_each_change(
    database: Database, tables: Records, change: Callable[[list[Row]], list[Row]], said: str
) -> None:
    await write_audit(database, tables, *map(row, range(4)))
    await seal_all(database, tables)
    rows = await chain(database, tables)
    head = rows[-1]["seal"]["hash"]
    assert auditor().verified(rows, head) == (4, head)
    with pytest.raises(auditor().BrokenChainError, match=f"^{said}"):
        auditor().verified(change(rows), head)


FORGED = (
    *((column, "'forged'") for column in (*OPEN, *PERSONAL, "salt")),
    *((column, "x'00c3'") for column in (*OPEN, *PERSONAL, "salt")),
    *((column, "''") for column in (*OPEN, *PERSONAL, "salt")),
    ("salt", "'0g'"),
    ("at", "'2026-11-23'"),
    ("disclosure", "'observers'"),
    ("disclosure", "'nobody'"),
)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("column", "value"), FORGED, ids=str)
async def test_a_forged_row_is_sealed_or_shown_as_broken_and_named_by_the_verifier(
    database: Database, tables: Records, column: str, value: str, when: str
) -> None:
    await write_audit(database, tables, *map(row, range(3)))
    if when == "after":
        await seal_all(database, tables)
    forging = f"UPDATE audit SET {column} = {value} WHERE subject_id = 'app_1'"  # noqa: S608 -- the table above
    untyped = column in {"at", "legal_at"} and value != "'2026-11-23'"
    async with database.write() as connection:
        if untyped and database.dialect == "postgresql":
            with pytest.raises(DBAPIError):  # it stores only what the type of a column takes
                await connection.exec_driver_sql(forging)
            return
        await connection.exec_driver_sql(forging)
        await connection.commit()
    if when == "before":
        await seal_all(database, tables)
    for reader in (OBSERVER, OFFICE):
        rows = await chain(database, tables, reader)
        assert [one["seal"]["intact"] for one in rows] == [True, when == "before", True]
        if when == "before":  # nothing was sealed yet that the row could contradict
            assert auditor().verified(rows)[0] == 3
        else:
            with pytest.raises(
                auditor().BrokenChainError, match=f"^at 1: the row was changed: {re.escape(rows[1]['id'])}$"
            ):
                auditor().verified(rows)


@pytest.mark.parametrize(("column", "said"), [("hash", "the row was changed"), ("previous", "it does not follow")])
async def test_a_forged_seal_is_shown_as_broken(database: Database, tables: Records, column: str, said: str) -> None:
    await write_audit(database, tables, *map(row, range(3)))
    await seal_all(database, tables)
    async with database.write() as connection:
        await connection.exec_driver_sql(f"UPDATE seals SET {column} = 'forged' WHERE position = 1")  # noqa: S608 -- the table above
        await connection.commit()
    rows = await chain(database, tables)
    assert [one["seal"]["intact"] for one in rows] == [True, False, True]
    with pytest.raises(auditor().BrokenChainError, match=f"^at 1: {said}"):
        auditor().verified(rows)


async def test_a_changed_value_is_found_also_when_its_digest_stays(database: Database, tables: Records) -> None:
    await write_audit(database, tables, row(0))
    await seal_all(database, tables)
    (one,) = await chain(database, tables)
    assert one["reason"]["value"] == row(0)["reason"]
    with pytest.raises(auditor().BrokenChainError, match="at 0: reason was changed"):
        auditor().verified([one | {"reason": one["reason"] | {"value": "其他"}}])


async def test_a_head_of_an_earlier_day_is_enough(database: Database, tables: Records) -> None:
    await write_audit(database, tables, row(0))
    await seal_all(database, tables)
    _, head = auditor().verified(await chain(database, tables))
    await write_audit(database, tables, row(1))
    await seal_all(database, tables)
    assert auditor().verified(await chain(database, tables), head)[0] == 2


async def test_a_chain_that_was_computed_again_lacks_the_known_head(database: Database, tables: Records) -> None:
    await write_audit(database, tables, *map(row, range(4)))
    await seal_all(database, tables)
    rows = await chain(database, tables)
    forged, previous = changed(1, action="revoke")(rows), GENESIS
    for index, one in enumerate(forged):
        previous = auditor().hashed(before := previous, one)
        forged = sealed_as(forged, index, previous=before, hash=previous)
    assert auditor().verified(forged) == (4, previous)
    with pytest.raises(auditor().BrokenChainError, match="the known head"):
        auditor().verified(forged, rows[-1]["seal"]["hash"])


async def test_what_is_withheld_can_still_be_verified(database: Database, tables: Records) -> None:
    by_expert = row(0, disclosure=Disclosure.OBSERVERS, actor_sub="expert-7", reason=None)
    by_objector = row(1, disclosure=Disclosure.NOBODY, actor_sub="objector-8", actor_org="secret-org")
    await write_audit(database, tables, by_expert, by_objector, row(2, reason="无法送达 someone@example.org"), row(3))
    await seal_all(database, tables)
    for reader, expert in ((OFFICE, None), (OBSERVER, "expert-7")):
        rows = await chain(database, tables, reader)
        assert [one["actor_sub"]["value"] for one in rows] == [expert, None, "officer", "officer"]
        assert [one["reason"]["value"] for one in rows] == [None, None, None, row(3)["reason"]]
        assert auditor().verified(rows)[0] == 4
        assert "objector-8" not in (text := json.dumps(rows, ensure_ascii=False))
        assert "secret-org" not in text
    office = json.dumps(await chain(database, tables, OFFICE), ensure_ascii=False)
    assert "expert-7" not in office
    assert "@" not in office
    assert [one["actor_sub"]["salt"] is None for one in await chain(database, tables, OFFICE)] == [
        True,
        True,
        False,
        False,
    ]


async def test_the_program_reads_an_export_and_says_what_it_found(
    database: Database, tables: Records, tmp_path: Path
) -> None:
    await write_audit(database, tables, *map(row, range(3)))
    await seal_all(database, tables)
    rows = await chain(database, tables)
    file = tmp_path / "export.jsonl"

    async def said(lines: list[Row]) -> tuple[int | None, str]:
        file.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(AUDITOR), "verify", str(file), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await asyncio.wait_for(program.communicate(), 30)
        return program.returncode, output.decode()

    assert await said(rows) == (0, f"INTACT 3 rows, head {rows[2]['seal']['hash']}\n")
    random.Random(7).shuffle(rows)  # noqa: S311 -- an order, not a secret
    status, text = await said(rows)
    assert (status, text.startswith("BROKEN at ")) == (1, True)
