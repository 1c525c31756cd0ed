"""The topics as `deploy/kafka/topics.yaml` declares them: made or checked on the brokers, and opened to the services.

The number of partitions is never changed: the events of one key would then be in two partitions, without an order.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import yaml
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
)
from pydantic import BaseModel, ConfigDict

from stack.servers.kafka.admin import WAIT_SECONDS, AdministrationError, done, may, may_join, set_rights, until
from stack.servers.kafka.jars import DEPLOYED

DECLARATION: Final = DEPLOYED / "topics.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class AudienceTopics(_Strict):
    """The common settings of the topics of one audience; `open` ones may be read by subscribers."""

    partitions: int
    open: bool


class Topic(_Strict):
    """One topic: its audience, and the one service that writes it."""

    audience: str
    writer: str


class Topics(_Strict):
    """The declaration."""

    audiences: Mapping[str, AudienceTopics]
    config: Mapping[str, str]
    topics: Mapping[str, Topic]
    readers: Mapping[str, Sequence[str]]

    @property
    def partitions(self) -> dict[str, int]:
        """Return the number of partitions by topic name."""
        return {name: self.audiences[topic.audience].partitions for name, topic in self.topics.items()}

    @property
    def open(self) -> list[str]:
        """Return the topics that subscribers may read."""
        return [name for name, topic in self.topics.items() if self.audiences[topic.audience].open]

    def rights(self, service: str) -> list[AclBinding]:
        """Return the rights of a service: write its own topics, read those of its audiences, join its own groups."""
        writes = [name for name, topic in self.topics.items() if topic.writer == service]
        reads = [name for name, topic in self.topics.items() if topic.audience in self.readers[service]]
        return [
            *(may(service, AclOperation.WRITE, name) for name in writes),
            *(may(service, AclOperation.READ, name) for name in reads),
            may_join(service, service),
        ]


class Settled(NamedTuple):
    """The result: the topics that were made, and those that existed."""

    made: list[str]
    found: list[str]


def declared(path: Path = DECLARATION) -> Topics:
    """Read the declaration. Raises OSError and ValidationError."""
    return Topics.model_validate(yaml.safe_load(path.read_text("utf-8")))


def settle(admin: AdminClient, topics: Topics, *, replication: int = -1, making: bool = True) -> Settled:
    """Make the topics that are missing and check the others, then set the rights of each service.

    `replication` is the number of copies of each topic, -1 for the brokers' default. Raises
    AdministrationError with a line for each topic that is not as declared; then nothing is changed.
    """
    wanted = topics.partitions
    there = {name: len(found.partitions) for name, found in admin.list_topics(timeout=WAIT_SECONDS).topics.items()}
    missing = [name for name in wanted if name not in there]
    wrong = [
        f"{name} has {there[name]} partitions, not {count}; each key's order needs them: create it again, or migrate it"
        for name, count in wanted.items()
        if there.get(name, count) != count
    ]
    if not making:
        wrong += [f"{name} does not exist" for name in missing]
    if wrong:
        raise AdministrationError("\n".join(wrong))
    if making:
        _make(admin, topics, missing, replication)
        for service in topics.readers:
            set_rights(admin, service, topics.rights(service))
    return Settled(missing, [name for name in wanted if name in there])


def _make(admin: AdminClient, topics: Topics, missing: Sequence[str], replication: int) -> None:
    new = [NewTopic(name, topics.partitions[name], replication, config=dict(topics.config)) for name in missing]
    if new:
        for name, asked in admin.create_topics(new, request_timeout=WAIT_SECONDS).items():
            done(f"making {name}", asked)
        until("making the topics", lambda: set(missing) <= admin.list_topics(timeout=WAIT_SECONDS).topics.keys())
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in topics.config.items()
    ]
    others = [
        ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=entries)
        for name in topics.topics
        if name not in missing
    ]
    if others:
        for resource, asked in admin.incremental_alter_configs(others, request_timeout=WAIT_SECONDS).items():
            done(f"configuring {resource.name}", asked)
