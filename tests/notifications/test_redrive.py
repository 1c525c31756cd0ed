"""From the command line an operator reads what was set aside and why, and lets its subject go on."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from common.contracts.applications import ApplicationSubmitted
from common.errors import Permanent
from common.messaging.redrive import main
from common.storage.work import Work
from notifications_service.service import SERVICE
from support.casenews import EMAIL, submitted
from support.service import alone


async def broken(_work: Work, event: ApplicationSubmitted) -> None:
    raise Permanent("not-mended-yet") from ValueError(event.contact.email)


BROKEN = replace(SERVICE, consumes={ApplicationSubmitted: broken})


async def test_a_subject_that_was_set_aside_is_listed_without_its_payload_and_goes_on_when_told(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"MINGPAI_DATABASE_URL": database_url}

    async def asked(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()  # what the service logged before
        status = await asyncio.to_thread(main, ["notifications", *arguments], environ)
        return status, capsys.readouterr().out

    async with alone(BROKEN, database_url, tmp_path) as service:
        event = submitted()
        event_id = await service.tell(event)
        behind_id = await service.tell(event)

    status, written = await asked("list")
    (letter,) = [json.loads(line) for line in written.splitlines()]
    assert (status, letter.pop("at")) == (0, "2015-10-08T01:00:00+00:00")
    assert letter == {
        "consumer": "notifications",
        "topic": "mingpai.applications.internal.v1",
        "key": event.subject,
        "type": "cn.mingpai.applications.ApplicationSubmitted.v1",
        "event_id": event_id,
        "reason_code": "not-mended-yet",
        "reason": "Permanent: not-mended-yet",
        "attempts": 1,
        "behind": 1,
    }
    assert EMAIL not in written
    assert await asked("redrive", "app_nobody") == (1, "app_nobody: nothing of it is dead\n")
    assert await asked("redrive", event.subject) == (0, f"{event.subject}: 1 go on\n")
    assert await asked("redrive", event.subject) == (1, f"{event.subject}: nothing of it is dead\n")
    assert await asked("list") == (0, "")

    async with alone(SERVICE, database_url, tmp_path) as service:
        await service.settle()
        assert [row["event_id"] for row in await service.rows("messages")] == [event_id, behind_id]
        assert await service.rows("parked") == []


@pytest.mark.parametrize(("service", "environ", "why"), [
    ("weather", {}, "weather: there is no such service here\n"),
    ("notifications", {"MINGPAI_PORT": "many"}, "notifications: MINGPAI_PORT: "),
    ("notifications", {}, "notifications: the database is at no version, the code at "),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, service: str, environ: dict[str, str], why: str
) -> None:
    assert main([service, "list"], {"MINGPAI_DATA": str(tmp_path), **environ}) == 2

    written = capsys.readouterr()
    assert (written.out, written.err[: len(why)]) == ("", why)


async def test_a_file_that_the_running_service_owns_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/notifications.db"
    async with alone(SERVICE, url, tmp_path) as service:
        await service.tell(submitted())
        status = await asyncio.to_thread(main, ["notifications", "list"], {"MINGPAI_DATABASE_URL": url})

    assert (status, capsys.readouterr().err.partition(": ")[0]) == (2, "notifications")
