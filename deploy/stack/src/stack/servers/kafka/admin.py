"""The administration of the broker: sets rights and users to exactly the wanted ones. Every wait has a deadline.

The credentials are this command's own (`STACK_KAFKA_USERNAME`, `STACK_KAFKA_PASSWORD`); no service has them.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, TimeoutError as Late
from typing import Any, Final, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from common.messaging.kafka.wire import KafkaAccess
from stack.servers.kafka.broker import MECHANISM, Login

WAIT_SECONDS: Final = 30
CONNECT_SECONDS: Final = 10
ITERATIONS: Final = 8192
_LOOK_SECONDS: Final = 2.0
_PAUSE_SECONDS: Final = 0.05
_AUTHENTICATION: Final = -169
"""RD_KAFKA_RESP_ERR__AUTHENTICATION of librdkafka."""

T = TypeVar("T")


class AdministrationError(Exception):
    """The brokers refused something, or do not have it; the text names it and is meant for the operator."""


def connected(access: KafkaAccess) -> AdminClient:
    """Return a client whose login the brokers have accepted. Raises AdministrationError."""
    settings: Login = {
        "bootstrap.servers": access.servers,
        "security.protocol": access.security.value,
        "log_level": 0,
    }
    if access.security.authenticated:
        settings |= {
            "sasl.mechanism": MECHANISM,
            "sasl.username": access.username or "",
            "sasl.password": access.password or "",
        }
    if access.cafile is not None:
        settings["ssl.ca.location"] = str(access.cafile)
    refused: list[KafkaError] = []
    admin = AdminClient({**settings, "error_cb": refused.append})  # type: ignore[dict-item]  # a callback is no plain value
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            admin.list_topics(timeout=_LOOK_SECONDS)
        except KafkaException as error:
            admin.poll(0)
            final = [one for one in refused if one.code() == _AUTHENTICATION]
            if final or time.monotonic() > deadline:
                why = (final or refused or error.args)[0].str()
                raise AdministrationError(f"{access.servers} does not let user {access.username} in: {why}") from error
        else:
            return admin


def until(what: str, is_so: Callable[[], bool]) -> None:
    """Wait until the brokers apply what their controller accepted. Raises AdministrationError."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise AdministrationError(f"{what}: not in force after {WAIT_SECONDS} s")
        time.sleep(_PAUSE_SECONDS)  # polls under its deadline: another process cannot set an event of ours


def done(what: str, asked: Future[T]) -> T:
    """Return the brokers' answer. Raises AdministrationError, which names what they did not do."""
    try:
        return asked.result(WAIT_SECONDS)
    except KafkaException as error:
        raise AdministrationError(f"{what}: {error.args[0].str()}") from error
    except Late as error:
        raise AdministrationError(f"{what}: no answer within {WAIT_SECONDS} s") from error


def may(user: str, operation: AclOperation, topic: str) -> AclBinding:
    """Return the right of a user to do something with one topic."""
    return _allowed(user, operation, ResourceType.TOPIC, topic, ResourcePatternType.LITERAL)


def may_join(user: str, prefix: str) -> AclBinding:
    """Return the right of a user to join any group whose name begins with the prefix."""
    return _allowed(user, AclOperation.READ, ResourceType.GROUP, prefix, ResourcePatternType.PREFIXED)


def rights(admin: AdminClient, user: str) -> set[AclBinding]:
    """Return the rights that a user has."""
    wanted = AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # None is any name, as the class says
        ResourcePatternType.ANY,
        f"User:{user}",
        None,  # type: ignore[arg-type]  # any host
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    return set(done(f"the rights of {user}", admin.describe_acls(wanted, request_timeout=WAIT_SECONDS)))


def set_rights(admin: AdminClient, user: str, wanted: Iterable[AclBinding]) -> None:
    """Set the rights of a user to exactly these. Raises AdministrationError."""
    wanted, found = set(wanted), rights(admin, user)
    if missing := list(wanted - found):
        for asked in admin.create_acls(missing, request_timeout=WAIT_SECONDS).values():
            done(f"giving {user} its rights", asked)
    for surplus in found - wanted:
        exactly = AclBindingFilter(
            surplus.restype,
            surplus.name,
            surplus.resource_pattern_type,
            surplus.principal,
            surplus.host,
            surplus.operation,
            surplus.permission_type,
        )
        for asked in admin.delete_acls([exactly], request_timeout=WAIT_SECONDS).values():
            done(f"taking a right from {user}", asked)
    until(f"the rights of {user}", lambda: rights(admin, user) == wanted)


def users(admin: AdminClient) -> set[str]:
    """Return the names of the users that have a password."""
    asked: Any = admin.describe_user_scram_credentials()  # one future for all users, although its type differs
    found: Mapping[str, object] = done("the users", asked)
    return set(found)


def set_password(admin: AdminClient, user: str, password: str) -> None:
    """Make a user, or change its password. Raises AdministrationError."""
    credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    change = UserScramCredentialUpsertion(user, credential, password.encode())
    for asked in admin.alter_user_scram_credentials([change], request_timeout=WAIT_SECONDS).values():
        done(f"the password of {user}", asked)
    until(f"the user {user}", lambda: user in users(admin))


def remove_user(admin: AdminClient, user: str) -> None:
    """Remove a user's password, so that it cannot log in any more. Raises AdministrationError."""
    change = UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)
    for asked in admin.alter_user_scram_credentials([change], request_timeout=WAIT_SECONDS).values():
        done(f"removing {user}", asked)
    until(f"removing {user}", lambda: user not in users(admin))


def _allowed(
    user: str, operation: AclOperation, kind: ResourceType, name: str, pattern: ResourcePatternType
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)
