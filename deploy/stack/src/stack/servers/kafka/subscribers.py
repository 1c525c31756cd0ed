"""Subscribers: other systems that read our events with a Kafka client of their own, each as a Kafka user.

A subscriber reads agency and public topics only, writes nothing, and uses only consumer groups named `NAME.…`.
"""

import re
import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple

from confluent_kafka.admin import AclOperation, AdminClient, ResourceType

from stack.servers.kafka.admin import (
    AdministrationError,
    may,
    may_join,
    remove_user,
    rights,
    set_password,
    set_rights,
    users,
)
from stack.servers.kafka.broker import ADMIN
from stack.servers.kafka.topics import Topics

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
_PASSWORD_BYTES: Final = 24


class Subscriber(NamedTuple):
    """A subscriber and the topics that it may read."""

    name: str
    topics: list[str]


def add(admin: AdminClient, topics: Topics, name: str, wanted: Sequence[str]) -> str | None:
    """Allow a subscriber to read exactly these topics; returns the password of a new one, None for a known one.

    Raises AdministrationError for a name or a topic that is not allowed; then nothing is changed.
    """
    _refuse_names(topics, name)
    if not wanted:
        raise AdministrationError("name at least one topic")
    for topic in wanted:
        if topic not in topics.topics:
            raise AdministrationError(f"there is no topic {topic}; open are: {', '.join(topics.open)}")
        if topic not in topics.open:
            raise AdministrationError(f"{topic} is for our own services; open are: {', '.join(topics.open)}")
    password = None
    if name not in users(admin):
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        set_password(admin, name, password)
    reads = [may(name, AclOperation.READ, topic) for topic in wanted]
    set_rights(admin, name, [*reads, may_join(name, group_prefix(name))])
    return password


def remove(admin: AdminClient, topics: Topics, name: str) -> None:
    """Remove a subscriber and its rights; it can read nothing from now on. Raises AdministrationError if unknown."""
    _refuse_names(topics, name)
    if name not in users(admin):
        raise AdministrationError(f"there is no subscriber {name}")
    set_rights(admin, name, [])
    remove_user(admin, name)


def listed(admin: AdminClient, topics: Topics) -> list[Subscriber]:
    """Return the subscribers by name, each with its topics."""
    names = sorted(users(admin) - {ADMIN, *topics.readers})
    return [
        Subscriber(name, sorted(right.name for right in rights(admin, name) if right.restype is ResourceType.TOPIC))
        for name in names
    ]


def group_prefix(name: str) -> str:
    """Return the prefix of the names of a subscriber's consumer groups."""
    return f"{name}."


def _refuse_names(topics: Topics, name: str) -> None:
    if name == ADMIN or name in topics.readers:
        raise AdministrationError(f"{name} is a user of ours")
    if _NAME.fullmatch(name) is None:
        raise AdministrationError("a subscriber's name is 2 to 40 small letters, digits and dashes")
