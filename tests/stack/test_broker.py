"""The broker's process: what it needs from the machine, and how it fails."""

from pathlib import Path

import pytest

from stack.servers.kafka.broker import Broker, BrokerError
from stack.servers.kafka.jars import KafkaMissing, jars
from support.messaging.kafka import KafkaServer
from support.service.processes import free_port


@pytest.mark.parametrize("program", ["java", "mvn"])
def test_a_missing_program_is_named_with_what_to_install(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / ("mvn" if program == "java" else "java")
    other.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KafkaMissing, match="apt-get install default-jre-headless maven"):
        jars(tmp_path / "cache")


def test_jars_are_fetched_once(kafka: KafkaServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "java").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))  # without Maven
    assert jars(kafka.jars.parent) == kafka.jars


def test_a_broker_that_cannot_start_says_why_and_leaves_no_process(kafka: KafkaServer, tmp_path: Path) -> None:
    taken = int(kafka.broker.bootstrap.rpartition(":")[2])
    broker = Broker(
        tmp_path / "data", jars=kafka.jars, port=taken, controller_port=free_port(), secrets={"admin": "another"}
    )
    with pytest.raises(BrokerError, match=r"ended with status 1: (?s:.*)Address already in use"):
        broker.start(deadline=40)
    with pytest.raises(BrokerError, match="was not started"):
        _ = broker.pid


def test_its_secrets_are_for_its_owner_alone(kafka: KafkaServer) -> None:
    kept = [path for path in (kafka.folder / "data").glob("*") if kafka.secrets["admin"] in text_of(path)]
    assert [(path.name, path.stat().st_mode & 0o077) for path in kept] == [("server.properties", 0)]


@pytest.mark.parametrize("secrets", [{"admin": 'a"b'}, {"admin": "a", "x,y": "b"}, {"admin": ""}])
def test_a_name_or_password_that_its_settings_could_not_hold_is_refused(
    secrets: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        Broker(tmp_path, jars=tmp_path, port=1, controller_port=2, secrets=secrets)


def text_of(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""
