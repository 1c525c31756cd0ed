"""The topics and who may do what with them: declared once, the same as in the code, and enforced by the brokers."""

import re
import time

import pytest
from confluent_kafka.admin import AclOperation, NewTopic

from applications_service.service import SERVICE as APPLICATIONS
from common.contracts.catalogue import EVENTS
from common.kernel.event import Audience, topic
from common.messaging.kafka.client import KafkaBus
from common.messaging.topics import SERVICES, TOPICS
from common.service import Service
from notifications_service.service import SERVICE as NOTIFICATIONS
from registry_service.service import SERVICE as REGISTRY
from review_service.service import SERVICE as REVIEW
from stack.servers.kafka.admin import AdministrationError, may, rights, set_rights
from stack.servers.kafka.topics import declared, settle
from support.casts.administration import Administrator
from support.messaging.buses import row
from support.messaging.kafka import TIMEOUTS, KafkaServer


def test_the_declaration_says_the_same_as_the_code() -> None:
    assert declared().partitions == TOPICS
    assert {name: one.writer for name, one in declared().topics.items()} == {
        topic(service, audience): service for service in SERVICES for audience in Audience
    }
    assert {topic(one.writer, Audience(one.audience)) for one in declared().topics.values()} == set(TOPICS)


@pytest.mark.parametrize("service", [APPLICATIONS, REVIEW, REGISTRY, NOTIFICATIONS], ids=lambda service: service.name)
def test_a_service_may_read_whatever_it_consumes_and_write_whatever_it_publishes(service: Service) -> None:
    consumed = {topic(producer, Audience.INTERNAL) for producer in service.producers}
    if service.follows is not None:
        consumed |= {name for event in EVENTS.values() for name in event.topics()[1:]}
    published = {name for event in EVENTS.values() if event.service == service.name for name in event.topics()}
    allowed = declared().rights(service.name)
    assert consumed <= {right.name for right in allowed if right.operation is AclOperation.READ}
    assert published <= {right.name for right in allowed if right.operation is AclOperation.WRITE}


def test_topics_are_made_once_and_found_again(administrator: Administrator) -> None:
    again = administrator.run("topics")
    assert (again.exit_code, again.output) == (0, "0 topics made, 12 as declared\n")
    assert administrator.run("topics", "--check").exit_code == 0


def test_another_number_of_partitions_is_refused_and_named(administrator: Administrator, kafka: KafkaServer) -> None:
    name = "mingpai.notifications.agency.v1"
    replace(kafka, name, partitions=2)
    refused = administrator.run("topics")
    replace(kafka, name, partitions=6)
    assert refused.exit_code == 2
    assert f"{name} has 2 partitions, not 6" in refused.stderr


@pytest.mark.usefixtures("administrator")
def test_a_missing_topic_is_refused_when_only_looking(kafka: KafkaServer) -> None:
    whole = declared()
    with_one_more = whole.model_copy(
        update={"topics": {**whole.topics, "more": whole.topics[next(iter(whole.topics))]}}
    )
    with pytest.raises(AdministrationError, match=r"^more does not exist$"):
        settle(kafka.admin, with_one_more, making=False)
    assert "more" not in kafka.admin.list_topics(timeout=20).topics


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"STACK_KAFKA_PASSWORD": "wrong"}, "does not let user admin in: .*Authentication failed"),
        ({"STACK_KAFKA_PASSWORD": ""}, "KAFKA_PASSWORD: SASL_PLAINTEXT asks for it"),
        ({"MINGPAI_KAFKA_BOOTSTRAP_SERVERS": ""}, "MINGPAI_KAFKA_BOOTSTRAP_SERVERS: name the Kafka brokers"),
        ({"MINGPAI_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}, "127.0.0.1:1 does not let user admin in"),
    ],
)
def test_a_refused_administrator_gets_the_reason(
    administrator: Administrator, variables: dict[str, str], said: str
) -> None:
    refused = administrator.run("topics", **variables)
    assert refused.exit_code == 2
    assert re.search(said, refused.stderr)


@pytest.mark.usefixtures("administrator")
async def test_a_service_writes_its_own_topics_only(kafka: KafkaServer) -> None:
    bus = KafkaBus(kafka.access("registry"), timeouts=TIMEOUTS)
    published = [row(topic(service, Audience.PUBLIC), "b-1", 1) for service in ("registry", "review")]
    own, others = await bus.publish(published)
    assert own is None
    assert others is not None
    assert others.code == "not-allowed"
    await bus.close()


def test_rights_that_are_not_declared_are_taken_away(administrator: Administrator, kafka: KafkaServer) -> None:
    surplus = may("registry", AclOperation.WRITE, "mingpai.review.public.v1")
    wanted = set(declared().rights("registry"))
    set_rights(kafka.admin, "registry", {*wanted, surplus})
    assert surplus in rights(kafka.admin, "registry")
    assert administrator.run("topics").exit_code == 0
    assert rights(kafka.admin, "registry") == wanted


def replace(server: KafkaServer, name: str, *, partitions: int) -> None:
    """Delete a topic and make it again, and wait until the brokers have caught up."""
    for asked in server.admin.delete_topics([name], request_timeout=20).values():
        asked.result(20)
    until(server, name, 0)
    for asked in server.admin.create_topics([NewTopic(name, partitions, 1)], request_timeout=20).values():
        asked.result(20)
    until(server, name, partitions)


def until(server: KafkaServer, name: str, partitions: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        found = server.admin.list_topics(timeout=20).topics.get(name)
        if (len(found.partitions) if found else 0) == partitions:
            return
        assert time.monotonic() < deadline
