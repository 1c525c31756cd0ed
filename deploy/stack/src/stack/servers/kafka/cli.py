"""The commands that administer the brokers: `topics`, and `subscriber add|remove|list`.

With `--data` the brokers and the credentials are read from the record of a running stack. Without it they are the
settings of a service named `stack`: `MINGPAI_KAFKA_BOOTSTRAP_SERVERS` and the like, `STACK_KAFKA_USERNAME` and
`STACK_KAFKA_PASSWORD`. A command that fails prints a message and ends with status 2.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from common.messaging.kafka.wire import KafkaAccess
from common.settings import Settings, UnusableSettingsError
from embedded.console import RunConsole
from stack.console import Format
from stack.machine.record import StackBusyError, recorded
from stack.servers.kafka import subscribers
from stack.servers.kafka.admin import AdministrationError, connected
from stack.servers.kafka.broker import MECHANISM
from stack.servers.kafka.topics import declared, settle

OWNER: Final = "stack"
subscriber: Final = typer.Typer(no_args_is_help=True, help="Open topics to other systems' own Kafka clients.")

Data = Annotated[Path | None, typer.Option(help="Folder of a running stack; without it the settings name the brokers.")]
Form = Annotated[Format, typer.Option("--format", help="table or json")]


def topics(
    replication: Annotated[int, typer.Option(help="Copies of each topic; -1: the brokers' default.")] = -1,
    *,
    check: Annotated[bool, typer.Option("--check", help="Make nothing, only compare.")] = False,
) -> None:
    """Make the topics or check them, and set the rights of each service."""
    with _reaching(None) as access:
        settled = settle(connected(access), declared(), replication=replication, making=not check)
    typer.echo(f"{len(settled.made)} topics made, {len(settled.found)} as declared")


@subscriber.command()
def add(
    name: str,
    topics: Annotated[str, typer.Option("--topics", help="Topics that it may read, separated by commas; no others.")],
    data: Data = None,
    form: Form = Format.TABLE,
) -> None:
    """Make a subscriber, or change the topics of an existing one; the password of a new one is printed only once."""
    wanted = [topic.strip() for topic in topics.split(",") if topic.strip()]
    with _reaching(data) as access:
        password = subscribers.add(connected(access), declared(), name, wanted)
    access_data: dict[str, str | list[str] | None] = {
        "bootstrap_servers": access.servers,
        "security_protocol": access.security.value,
        "mechanism": MECHANISM,
        "user": name,
        "password": password,
        "group_prefix": subscribers.group_prefix(name),
        "topics": wanted,
    }
    if form is Format.JSON:
        typer.echo(json.dumps(access_data, indent=2))
    else:
        rows = [(what, _text(value)) for what, value in access_data.items()]
        RunConsole(Console()).table(f"what {name} needs", ("what", "value"), rows)


@subscriber.command()
def remove(name: str, data: Data = None) -> None:
    """Remove a subscriber and its access."""
    with _reaching(data) as access:
        subscribers.remove(connected(access), declared(), name)
    typer.echo(f"{name} is removed")


@subscriber.command(name="list")
def list_all(data: Data = None, form: Form = Format.TABLE) -> None:
    """List the subscribers and the topics that they read."""
    with _reaching(data) as access:
        found = subscribers.listed(connected(access), declared())
    if form is Format.JSON:
        typer.echo(json.dumps([one._asdict() for one in found], indent=2))
    elif found:
        rows = [(one.name, ", ".join(one.topics)) for one in found]
        RunConsole(Console()).table("subscribers", ("name", "topics"), rows)
    else:
        typer.echo("no subscribers")


@contextmanager
def _reaching(data: Path | None) -> Iterator[KafkaAccess]:
    """Yield how the administrator connects to the brokers; an error of administration in the block ends the command."""
    try:
        yield KafkaAccess.of(Settings.for_service(OWNER)) if data is None else _of_stack(data)
    except (AdministrationError, StackBusyError, UnusableSettingsError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def _of_stack(data: Path) -> KafkaAccess:
    record = recorded(data)
    access = None if record is None or not record.living else record.broker
    if access is None:
        raise AdministrationError(f"no stack runs with {data}; start it with: make stack")
    return access


def _text(value: str | Sequence[str] | None) -> str:
    if value is None:
        return "(unchanged; printed when it was made)"
    return value if isinstance(value, str) else ", ".join(value)
