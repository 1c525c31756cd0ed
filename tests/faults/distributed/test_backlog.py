"""An outbox that filled while no worker ran: published in order when the worker is back."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from common.contracts.applications.rounds import RoundClosed
from common.contracts.catalogue import example
from support.faults.picture import digest
from support.faults.trial import FIGURES, Trial
from support.service.waiting import eventually

WORKER = "applications-worker-1"
TOPIC = "mingpai.applications.internal.v1"
ROWS = 10_000 if os.environ.get("FAULTS") == "sample" else 100_000
SUBJECTS = 1_000
CATCH_UP_SECONDS = 300.0
OUTBOX = ("id", "topic", "key", "type", "headers", "payload", "created_at")
AUDIT = (
    *("id", "at", "legal_at", "actor_sub", "disclosure", "action", "subject_type", "subject_id", "payload_digest"),
    "salt",
)


def closed_rounds() -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    """Yield an outbox row and its audit row for each event: many subjects in turn, each with its own sequence."""
    now, closed = datetime.now(UTC), example(RoundClosed)
    subjects = [f"rnd_{uuid4()}" for _ in range(SUBJECTS)]
    kind = closed.type_name()
    for number in range(ROWS):
        key, event_id = subjects[number % SUBJECTS], str(uuid4())
        payload = closed.model_copy(update={"round_id": key}).whole()
        headers = {
            "content-type": "application/json",
            "ce_specversion": "1.0",
            "ce_id": event_id,
            "ce_type": kind,
            "ce_source": "/services/applications",
            "ce_subject": key,
            "ce_time": now.isoformat(),
            "ce_dataschema": "https://example.test/round-closed",
            "ce_sequence": f"{number // SUBJECTS + 1:020d}",
            "ce_correlationid": "req_backlog",
        }
        yield (
            (event_id, TOPIC, key, kind, json.dumps(headers), payload, now),
            (event_id, now, now, "backlog", "readers", "close", "rounds", key, digest(payload), "0" * 32),
        )


async def fill(url: str) -> None:
    outbox, audit = zip(*closed_rounds(), strict=True)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.copy_records_to_table("audit", records=audit, columns=AUDIT)
            await connection.copy_records_to_table("outbox", records=outbox, columns=OUTBOX)
    finally:
        await connection.close()


@pytest.mark.timeout(900)
async def test_a_full_outbox_is_caught_up_in_order(trial: Trial) -> None:
    async def is_empty() -> bool:
        return await trial.count("applications", "SELECT count(*) FROM outbox") == 0

    async with trial.judged():
        await trial.processes.stop(WORKER)
        await fill(trial.stack.databases["applications"])
        await trial.processes.start(WORKER)
        began = time.monotonic()
        await eventually(is_empty, deadline=CATCH_UP_SECONDS)
        FIGURES.notes.append(f"{ROWS} rows were published in {time.monotonic() - began:.0f} s")
        await trial.quiet()
        FIGURES.notes.append(f"and consumed by three services in {time.monotonic() - began:.0f} s")
