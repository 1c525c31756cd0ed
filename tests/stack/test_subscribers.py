"""Another system with a client of its own: it reads what was opened to it, and nothing else."""

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from common.messaging.bus import Outgoing
from common.messaging.kafka.client import KafkaBus
from stack.machine.processes import Program, known
from stack.machine.record import Credential, Record
from stack.servers.kafka.broker import Login, login
from support.casts.administration import Administrator
from support.messaging.kafka import TIMEOUTS, KafkaServer

PUBLIC = "mingpai.registry.public.v1"
INTERNAL = "mingpai.registry.internal.v1"
DEADLINE = 30
AUTHENTICATION = -169
"""RD_KAFKA_RESP_ERR__AUTHENTICATION of librdkafka."""


class Partner:
    """A subscriber of one test's own."""

    def __init__(self, administrator: Administrator, server: KafkaServer, topics: str) -> None:
        self.name = f"partner-{secrets.token_hex(3)}"
        self._server = server
        added = administrator.run("subscriber", "add", self.name, "--topics", topics, "--format", "json")
        assert added.exit_code == 0, added.output
        self.access: dict[str, object] = json.loads(added.output)
        self.password = str(self.access["password"])

    @property
    def settings(self) -> Login:
        return {**login(self._server.broker.bootstrap, self.name, self.password), "log_level": 0}

    def first(self, topic: str, group: str, *, event: str | None = None) -> Message:
        """Return the first record that it gets, of an event if one is named. Raises KafkaException."""
        errors: list[KafkaError] = []
        follow = {"group.id": group, "auto.offset.reset": "earliest", "error_cb": errors.append}
        consumer = Consumer({**self.settings, **follow})
        consumer.subscribe([topic])
        deadline = time.monotonic() + DEADLINE
        try:
            while time.monotonic() < deadline:
                message = consumer.poll(0.2)
                if refused := [error for error in errors if error.code() == AUTHENTICATION]:
                    raise KafkaException(refused[0])
                if message is None:
                    continue
                if (error := message.error()) is not None:
                    raise KafkaException(error)
                if event in (None, headers_of(message).get("ce_id")):
                    return message
        finally:
            consumer.close()
        raise TimeoutError(topic)


def headers_of(message: Message) -> dict[str, str]:
    found: list[tuple[str, bytes]] = message.headers() or []  # type: ignore[assignment]  # its declared type is too wide
    return {name: (value or b"").decode() for name, value in found}


async def published(server: KafkaServer) -> Outgoing:
    """Publish an event of the registry, behind a record that is no CloudEvent; returns the event."""
    event = secrets.token_hex(8)
    headers = {"ce_id": event, "ce_type": "cn.mingpai.registry.BrandRevoked.v1", "ce_specversion": "1.0"}
    one = Outgoing(topic=PUBLIC, key="b-1", id=event, type=headers["ce_type"], headers=headers, payload=b'{"a": 1}')
    bare = one._replace(id=secrets.token_hex(8), headers={})
    bus = KafkaBus(server.access("registry"), timeouts=TIMEOUTS)
    assert list(await bus.publish([bare, one])) == [None, None]
    await bus.close()
    return one


@pytest.fixture
def partner(administrator: Administrator, kafka: KafkaServer) -> Partner:
    return Partner(administrator, kafka, PUBLIC)


def test_a_new_subscriber_is_given_everything_that_its_client_needs(partner: Partner, kafka: KafkaServer) -> None:
    assert partner.access == {
        "bootstrap_servers": kafka.broker.bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "mechanism": "SCRAM-SHA-512",
        "user": partner.name,
        "password": partner.password,
        "group_prefix": f"{partner.name}.",
        "topics": [PUBLIC],
    }


def test_on_a_running_stack_nobody_types_a_password(
    administrator: Administrator, kafka: KafkaServer, tmp_path: Path
) -> None:
    record = Record(
        url="http://127.0.0.1:9",
        data=str(tmp_path),
        started_at=datetime.now(UTC),
        kafka=kafka.broker.bootstrap,
        credentials=[
            Credential(at="PostgreSQL", name="admin", password=secrets.token_hex()),
            Credential(at="Kafka", name="registry", password=kafka.secrets["registry"]),
            Credential(at="Kafka", name="admin", password=kafka.secrets["admin"]),
        ],
        processes=[known(Program(name="kafka", kind="kafka", argv=[]), kafka.broker.pid, log=kafka.broker.log)],
    )
    name = f"bureau-{secrets.token_hex(3)}"
    data = ("--data", str(tmp_path))

    refused = administrator.bare("subscriber", "list", *data)
    assert (refused.exit_code, refused.stderr) == (
        2,
        f"error: no stack runs with {tmp_path}; start it with: make stack\n",
    )
    record.write()
    added = administrator.bare("subscriber", "add", name, "--topics", PUBLIC, *data)
    assert (added.exit_code, f"  bootstrap_servers | {kafka.broker.bootstrap}\n" in added.output) == (0, True)
    listed = json.loads(administrator.bare("subscriber", "list", *data, "--format", "json").output)
    assert {"name": name, "topics": [PUBLIC]} in listed
    assert administrator.bare("subscriber", "remove", name, *data).output == f"{name} is removed\n"
    assert name not in administrator.bare("subscriber", "list", *data).output


async def test_a_subscriber_reads_cloudevents_from_the_first(partner: Partner, kafka: KafkaServer) -> None:
    event = await published(kafka)  # before it subscribes, and behind the events of other tests
    message = partner.first(PUBLIC, f"{partner.name}.follow", event=event.id)
    headers = headers_of(message)
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"].startswith("cn.mingpai.registry.")
    assert "mingpai_id" not in headers
    assert message.value() == event.payload


@pytest.mark.parametrize(
    ("topic", "group", "code"),
    [
        (INTERNAL, "{name}.follow", KafkaError.TOPIC_AUTHORIZATION_FAILED),
        ("mingpai.registry.agency.v1", "{name}.follow", KafkaError.TOPIC_AUTHORIZATION_FAILED),
        (PUBLIC, "registry", KafkaError.GROUP_AUTHORIZATION_FAILED),
        (PUBLIC, "{name}", KafkaError.GROUP_AUTHORIZATION_FAILED),
    ],
)
def test_what_was_not_opened_is_refused(partner: Partner, topic: str, group: str, code: int) -> None:
    with pytest.raises(KafkaException) as refused:
        partner.first(topic, group.format(name=partner.name))
    assert refused.value.args[0].code() == code


def test_a_subscriber_cannot_write(partner: Partner) -> None:
    answers: list[KafkaError | None] = []
    producer = Producer(partner.settings)
    producer.produce(PUBLIC, b"forged", on_delivery=lambda error, _: answers.append(error))
    assert producer.flush(DEADLINE) == 0
    assert [error and error.code() for error in answers] == [KafkaError.TOPIC_AUTHORIZATION_FAILED]


@pytest.mark.parametrize(
    ("name", "topics", "said"),
    [
        ("partner", f"{PUBLIC},{INTERNAL}", f"{INTERNAL} is for our own services; open are: "),
        ("partner", "mingpai.nothing.v1", "there is no topic mingpai.nothing.v1; open are: "),
        ("partner", "", "name at least one topic"),
        ("registry", PUBLIC, "registry is a user of ours"),
        ("admin", PUBLIC, "admin is a user of ours"),
        ("Partner 1", PUBLIC, "a subscriber's name is"),
    ],
)
def test_what_cannot_be_opened_is_refused(administrator: Administrator, name: str, topics: str, said: str) -> None:
    refused = administrator.run("subscriber", "add", name, "--topics", topics)
    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert f"  {name} | " not in administrator.run("subscriber", "list").output


async def test_a_subscribers_topics_change_and_its_password_stays(
    administrator: Administrator, partner: Partner, kafka: KafkaServer
) -> None:
    changed = administrator.run("subscriber", "add", partner.name, "--topics", "mingpai.review.public.v1")
    assert "  password | (unchanged; printed when it was made)\n" in changed.output
    assert f"  {partner.name} | mingpai.review.public.v1\n" in administrator.run("subscriber", "list").output
    await published(kafka)
    with pytest.raises(KafkaException) as refused:
        partner.first(PUBLIC, f"{partner.name}.follow")
    assert refused.value.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_a_removed_subscriber_is_let_in_no_more(administrator: Administrator, partner: Partner) -> None:
    assert administrator.run("subscriber", "remove", partner.name).exit_code == 0
    assert partner.name not in administrator.run("subscriber", "list").output
    with pytest.raises(KafkaException) as refused:
        partner.first(PUBLIC, f"{partner.name}.follow")
    assert refused.value.args[0].code() == AUTHENTICATION
    again = administrator.run("subscriber", "remove", partner.name)
    assert (again.exit_code, f"there is no subscriber {partner.name}" in again.stderr) == (2, True)
