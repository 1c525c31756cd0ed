"""The commands that administer the brokers: `topics`, and `subscriber add|remove|list`.

Brokers and credentials come from the settings of a service named `stack`: `MINGPAI_KAFKA_BOOTSTRAP_SERVERS` and the
like, `STACK_KAFKA_USERNAME` and `STACK_KAFKA_PASSWORD`. What cannot be done ends with a message and status 2.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from confluent_kafka.admin import AdminClient

from common.messaging.wire import Access
from common.settings import Settings, UnusableSettingsError
from stack.kafka import subscribers
from stack.kafka.admin import AdministrationError, connected
from stack.kafka.topics import declared, settle

OWNER: Final = "stack"
subscriber: Final = typer.Typer(no_args_is_help=True, help="Open topics to other systems' own Kafka clients.")


def topics(
    replication: Annotated[int, typer.Option(help="Brokers that keep each topic; -1: as they are set.")] = -1,
    *,
    check: Annotated[bool, typer.Option("--check", help="Make nothing, only look.")] = False,
) -> None:
    """Make the topics or check them, and give each service its rights."""
    with _administrator() as admin:
        settled = settle(admin, declared(), replication=replication, making=not check)
    typer.echo(f"{len(settled.made)} topics made, {len(settled.found)} as declared")


@subscriber.command()
def add(
    name: str, topics: Annotated[str, typer.Option("--topics", help="Topics to open, with commas; all others close.")]
) -> None:
    """Make a subscriber, or change the topics of a known one; a new one's password is printed once."""
    wanted = [topic.strip() for topic in topics.split(",") if topic.strip()]
    with _administrator() as admin:
        password = subscribers.add(admin, declared(), name, wanted)
    typer.echo(f"{name} reads {', '.join(wanted)} in groups named {name}.…")
    typer.echo("its password is unchanged" if password is None else f"password: {password}")


@subscriber.command()
def remove(name: str) -> None:
    """Take a subscriber's access away."""
    with _administrator() as admin:
        subscribers.remove(admin, declared(), name)
    typer.echo(f"{name} is removed")


@subscriber.command(name="list")
def list_all() -> None:
    """List the subscribers and what they read."""
    with _administrator() as admin:
        found = subscribers.listed(admin, declared())
    for one in found:
        typer.echo(f"{one.name}\t{', '.join(one.topics)}")
    if not found:
        typer.echo("no subscribers")


@contextmanager
def _administrator() -> Iterator[AdminClient]:
    try:
        yield connected(Access.of(Settings.for_service(OWNER)))
    except (AdministrationError, UnusableSettingsError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
