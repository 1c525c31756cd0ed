"""From the command line an operator reads which keys are blocked and why, and redrives, releases or skips them."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from common.contracts.applications.applications import ApplicationSubmitted
from common.kernel.errors import Permanent
from common.messaging.consumer.parking import Waiting
from common.process.blocked import main
from common.service import Reaction
from common.storage.work import Work
from notifications_service.service import SERVICE
from support.casts.casenews import EMAIL, submitted
from support.service.alone import alone

WHO = ("--by", "officer-7", "--reason", "the cause is repaired")


async def broken(_work: Work, event: ApplicationSubmitted) -> None:
    raise Permanent("not-mended-yet") from ValueError(event.contact.email)


async def failing(_work: Work, _event: ApplicationSubmitted) -> None:
    raise RuntimeError("bug")


async def waiting(_work: Work, _event: ApplicationSubmitted) -> Waiting:
    return Waiting("parties")


class Operator:
    """Calls the command on the database of a stopped service."""

    def __init__(self, database_url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._url = database_url
        self._folder = folder
        self._capsys = capsys

    async def asks(self, *arguments: str) -> tuple[int, str]:
        self._capsys.readouterr()  # what the service logged before
        environ = {"MINGPAI_DATABASE_URL": self._url, "MINGPAI_DATA": str(self._folder)}
        status = await asyncio.to_thread(main, SERVICE, arguments, environ)
        return status, self._capsys.readouterr().out

    async def blocks(self, reaction: Reaction) -> tuple[ApplicationSubmitted, str, str]:
        """Deliver two events of one subject to a service with this reaction."""
        async with alone(
            replace(SERVICE, consumes={ApplicationSubmitted: reaction}), self._url, self._folder
        ) as service:
            event = submitted()
            return event, await service.deliver(event), await service.deliver(event)

    async def after(self) -> tuple[list[str], list[dict[str, Any]], list[dict[str, Any]]]:
        """Run the real service; returns the events that it has written messages of, its letters and decisions."""
        async with alone(SERVICE, self._url, self._folder) as service:
            service.system.move(days=10_000)  # the operator's clock is the real one
            await service.settle()
            assert await service.rows("parked") == []
            audit = [row for row in await service.rows("audit") if row["subject_type"] == "parked"]
            done = [row["event_id"] for row in await service.rows("messages")]
            return done, await service.rows("dead_letters"), audit


@pytest.fixture
def operator(database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(database_url, tmp_path, capsys)


async def test_a_dead_event_is_listed_without_its_payload_and_its_key_resumes_after_a_redrive(
    operator: Operator,
) -> None:
    event, first, second = await operator.blocks(broken)

    status, written = await operator.asks("list")
    (row,) = [json.loads(line) for line in written.splitlines()]
    assert (status, row) == (
        0,
        {
            "parked_at": "2015-10-08T01:00:00+00:00",
            "consumer": "notifications",
            "topic": "mingpai.applications.internal.v1",
            "key": event.subject,
            "type": "cn.mingpai.applications.ApplicationSubmitted.v1",
            "event_id": first,
            "why": "dead",
            "waiting_for": None,
            "attempts": 1,
            "next_try_at": None,
            "last_error": "Permanent: not-mended-yet",
            "behind": 1,
        },
    )
    assert EMAIL not in written
    assert await operator.asks("redrive", "app_nobody", *WHO) == (1, "app_nobody: nothing to redrive\n")
    assert await operator.asks("release", event.subject, *WHO) == (1, f"{event.subject}: nothing to release\n")
    assert await operator.asks("redrive", event.subject, *WHO) == (0, f"{event.subject}: 1 redriven\n")
    assert await operator.asks("redrive", event.subject, *WHO) == (1, f"{event.subject}: nothing to redrive\n")

    done, (letter,), (decision,) = await operator.after()
    assert done == [first, second]
    assert (letter["redriven_at"] is None, letter["skipped_at"]) == (False, None)
    assert {name: decision[name] for name in ("actor_sub", "action", "subject_id", "from_state", "to_state")} == {
        "actor_sub": "officer-7",
        "action": "redrive",
        "subject_id": event.subject,
        "from_state": "dead",
        "to_state": "ready",
    }
    assert (decision["reason"], decision["caused_by"]) == ("the cause is repaired", first)


async def test_a_failing_event_can_be_redriven_before_its_next_try(operator: Operator) -> None:
    event, first, second = await operator.blocks(failing)
    _, written = await operator.asks("list")
    row = json.loads(written)
    assert (row["why"], row["attempts"], row["last_error"]) == ("retrying", 1, "RuntimeError: bug")
    assert await operator.asks("redrive", event.subject, *WHO) == (0, f"{event.subject}: 1 redriven\n")
    _, written = await operator.asks("list")
    assert (json.loads(written)["why"], json.loads(written)["attempts"]) == ("ready", 0)
    done, letters, _ = await operator.after()
    assert (done, letters) == ([first, second], [])


async def test_a_waiting_event_is_released(operator: Operator) -> None:
    event, first, second = await operator.blocks(waiting)
    assert json.loads((await operator.asks("list"))[1])["waiting_for"] == "parties"
    assert await operator.asks("redrive", event.subject, *WHO) == (1, f"{event.subject}: nothing to redrive\n")
    assert await operator.asks("release", event.subject, *WHO) == (0, f"{event.subject}: 1 released\n")
    done, letters, (decision,) = await operator.after()
    assert (done, letters) == ([first, second], [])
    assert (decision["action"], decision["from_state"]) == ("release", "waiting")


@pytest.mark.parametrize(
    ("reaction", "why", "code", "reason"),
    [
        (broken, "dead", "not-mended-yet", "Permanent: not-mended-yet"),
        (failing, "retrying", "skipped", "GivenUp: skipped: RuntimeError: bug"),
        (waiting, "waiting", "skipped", "GivenUp: skipped: it waited for parties"),
    ],
)
async def test_a_skipped_event_is_kept_as_a_letter_and_those_behind_it_have_their_effect(
    operator: Operator, reaction: Reaction, why: str, code: str, reason: str
) -> None:
    event, first, second = await operator.blocks(reaction)
    assert await operator.asks("skip", second, *WHO) == (1, f"{second}: nothing to skip\n")
    assert await operator.asks("skip", first, *WHO) == (0, f"{first}: 1 skipped\n")
    assert await operator.asks("skip", first, *WHO) == (1, f"{first}: nothing to skip\n")
    done, (letter,), (decision,) = await operator.after()
    assert done == [second]
    assert (letter["event_id"], letter["reason_code"], letter["reason"]) == (first, code, reason)
    assert (letter["redriven_at"], letter["skipped_at"] is None) == (None, False)
    assert (decision["action"], decision["from_state"], decision["to_state"]) == ("skip", why, "skipped")
    assert (decision["subject_id"], decision["reason"]) == (event.subject, "the cause is repaired")


@pytest.mark.parametrize("missing", [("--by", "officer-7"), ("--reason", "why"), ("--by", " ", "--reason", "why")])
def test_a_decision_needs_a_name_and_a_reason(missing: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(SERVICE, ["skip", "event", *missing], {})
    assert refused.value.code == 2


@pytest.mark.parametrize(("environ", "why"), [
    ({"MINGPAI_PORT": "many"}, "notifications: MINGPAI_PORT: "),
    ({}, "notifications: the database is at no version, the code at "),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, environ: dict[str, str], why: str
) -> None:
    assert main(SERVICE, ["list"], {"MINGPAI_DATA": str(tmp_path), **environ}) == 2

    written = capsys.readouterr()
    assert (written.out, written.err[: len(why)]) == ("", why)


async def test_a_database_file_that_the_running_service_owns_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/notifications.db"
    async with alone(SERVICE, url, tmp_path) as service:
        await service.deliver(submitted())
        status = await asyncio.to_thread(main, SERVICE, ["list"], {"MINGPAI_DATABASE_URL": url})

    assert (status, capsys.readouterr().err.partition(": ")[0]) == (2, "notifications")
