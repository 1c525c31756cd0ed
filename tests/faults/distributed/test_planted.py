"""The checker on the stack itself: it finds a loss, a double effect and a reordering that are planted there."""

import asyncio
import json
from uuid import uuid4

import asyncpg
import pytest
from confluent_kafka import Producer

from support.faults.reading import login_of
from support.faults.trial import PUT_HERE, Trial

UNREAD = "mingpai.notifications.internal.v1"
"""A topic that no service reads."""
SECONDS = 30.0


def found(wrong: list[str], said: str) -> bool:
    return any(said in finding for finding in wrong)


@pytest.mark.timeout(400)
async def test_a_planted_loss_is_found(trial: Trial) -> None:
    """A row is deleted from the outbox before it was published, as by a relay that does not wait."""
    worker = "registry-worker-1"
    async with trial.judged() as load:
        connection = await asyncpg.connect(trial.stack.admin_url("registry"))
        try:
            with trial.processes.frozen(worker):
                await load.act(load.player("act"))
                await connection.execute("CREATE TABLE lost AS SELECT * FROM outbox")
                await connection.execute("DELETE FROM outbox")
            await trial.quiet()
            assert found(await trial.wrong(), "has no event")
        finally:
            await connection.execute("INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM lost")
            await connection.execute("DROP TABLE lost")
            await connection.close()


@pytest.mark.timeout(400)
async def test_a_planted_double_effect_is_found(trial: Trial) -> None:
    """A message is written twice, as a consumer without an inbox would."""
    unique = "uq_messages_event_id_org"
    async with trial.judged():
        connection = await asyncpg.connect(trial.stack.admin_url("notifications"))
        try:
            await connection.execute(f"ALTER TABLE messages DROP CONSTRAINT {unique}")
            await connection.execute("CREATE TABLE again AS SELECT * FROM messages WHERE state = 'delivered' LIMIT 1")
            await connection.execute("UPDATE again SET id = 'msg_again'")
            await connection.execute("INSERT INTO messages SELECT * FROM again")
            assert found(await trial.wrong(), "2 messages to")
        finally:
            await connection.execute("DELETE FROM messages WHERE id = 'msg_again'")
            await connection.execute("DROP TABLE again")
            await connection.execute(f"ALTER TABLE messages ADD CONSTRAINT {unique} UNIQUE (event_id, org)")
            await connection.close()


@pytest.mark.timeout(400)
async def test_a_planted_reordering_is_found(trial: Trial) -> None:
    """The second event of a subject is published before the first, as two relays at once would."""
    key = f"{PUT_HERE}{uuid4()}"
    producer = Producer(login_of(json.loads((trial.data / "stack.json").read_text("utf-8"))))
    async with trial.judged():
        for sequence in (2, 1):
            headers: dict[str, str | bytes | None] = {"ce_id": str(uuid4()), "ce_sequence": f"{sequence:020d}"}
            producer.produce(UNREAD, key=key, value=b"{}", headers=headers)
        assert await asyncio.to_thread(producer.flush, SECONDS) == 0
        assert found(await trial.wrong(), f"{key} in {UNREAD}: sequence 2 follows 0")
