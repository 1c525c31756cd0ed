"""The broker as its container starts it: `deploy/kafka/start.sh`, on the jars of the stack's broker."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stack.commands.containers import DEPLOY
from stack.servers.kafka.broker import is_answering, login
from support.messaging.kafka import SERVICES, KafkaServer
from support.service.processes import free_port
from support.service.waiting import eventually

START = DEPLOY / "kafka" / "start.sh"


def environment(folder: Path, jars: Path, **more: str) -> dict[str, str]:
    for name in ("data", "made"):
        (folder / name).mkdir(exist_ok=True)
    words = {f"KAFKA_{name.upper()}_PASSWORD": f"demo-kafka-{name}" for name in ("admin", *SERVICES)}
    places = {"KAFKA_LIBS": str(jars), "KAFKA_DATA": str(folder / "data"), "KAFKA_MADE": str(folder / "made")}
    reached = {"KAFKA_LISTEN": "127.0.0.1", "KAFKA_HOST": "127.0.0.1", "KAFKA_PORT": str(free_port())}
    return {"PATH": os.defpath, **words, **places, **reached, "KAFKA_CONTROLLER_PORT": str(free_port()), **more}


@contextmanager
def started(environ: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 -- our own script
        [START], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


async def answers(at: str) -> bool:
    return await asyncio.to_thread(is_answering, login(at, "admin", "demo-kafka-admin"))


async def test_it_formats_once_and_lets_the_admin_and_each_service_in(kafka: KafkaServer, tmp_path: Path) -> None:
    environ = environment(tmp_path, kafka.jars)
    at = f"127.0.0.1:{environ['KAFKA_PORT']}"
    for start in (1, 2):
        with started(environ):
            await eventually(lambda: answers(at), deadline=90)
            for service in SERVICES:
                assert is_answering(login(at, service, f"demo-kafka-{service}")), (start, service)
            assert not is_answering(login(at, "review", "demo-kafka-registry"))
    assert [(path.name, path.stat().st_mode & 0o077) for path in (tmp_path / "made").iterdir()] == [
        ("server.properties", 0)
    ]


@pytest.mark.parametrize("word", ["", 'a"b', "a|b", "a b"])
def test_a_password_that_its_settings_could_not_hold_is_refused(word: str, tmp_path: Path) -> None:
    environ = environment(tmp_path, tmp_path, KAFKA_REVIEW_PASSWORD=word)
    done = subprocess.run(  # noqa: S603 -- our own script
        [START], env=environ, capture_output=True, text=True, timeout=10, check=False
    )

    assert (done.returncode, done.stderr) == (
        2,
        "passwords of the broker are letters, digits, dots, dashes and underscores\n",
    )
    assert list((tmp_path / "made").iterdir()) == []
