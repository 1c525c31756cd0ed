"""The commands that administer the brokers: `topics`, and `subscriber add|remove|list`.

With `--data` brokers and credentials are those on record of a running stack. Without it they come from the settings
of a service named `stack`: `MINGPAI_KAFKA_BOOTSTRAP_SERVERS` and the like, `STACK_KAFKA_USERNAME` and
`STACK_KAFKA_PASSWORD`. What cannot be done ends with a message and status 2.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from common.messaging.wire import Access
from common.settings import Settings, UnusableSettingsError
from embedded.telling import Teller
from stack.kafka import subscribers
from stack.kafka.admin import AdministrationError, connected
from stack.kafka.broker import MECHANISM
from stack.kafka.topics import declared, settle
from stack.record import StackBusyError, recorded
from stack.telling import Format

OWNER: Final = "stack"
subscriber: Final = typer.Typer(no_args_is_help=True, help="Open topics to other systems' own Kafka clients.")

Data = Annotated[Path | None, typer.Option(help="Folder of a running stack; without it the settings name the brokers.")]
Form = Annotated[Format, typer.Option("--format", help="table or json")]


def topics(
    replication: Annotated[int, typer.Option(help="Brokers that keep each topic; -1: as they are set.")] = -1,
    *,
    check: Annotated[bool, typer.Option("--check", help="Make nothing, only look.")] = False,
) -> None:
    """Make the topics or check them, and give each service its rights."""
    with _reaching(None) as access:
        settled = settle(connected(access), declared(), replication=replication, making=not check)
    typer.echo(f"{len(settled.made)} topics made, {len(settled.found)} as declared")


@subscriber.command()
def add(
    name: str,
    topics: Annotated[str, typer.Option("--topics", help="Topics to open, with commas; all others close.")],
    data: Data = None,
    form: Form = Format.TABLE,
) -> None:
    """Make a subscriber, or change the topics of a known one; a new one's password is told this once."""
    wanted = [topic.strip() for topic in topics.split(",") if topic.strip()]
    with _reaching(data) as access:
        password = subscribers.add(connected(access), declared(), name, wanted)
    told: dict[str, str | list[str] | None] = {
        "bootstrap_servers": access.servers,
        "security_protocol": access.security.value,
        "mechanism": MECHANISM,
        "user": name,
        "password": password,
        "group_prefix": subscribers.group_prefix(name),
        "topics": wanted,
    }
    if form is Format.JSON:
        typer.echo(json.dumps(told, indent=2))
    else:
        rows = [(what, _text(value)) for what, value in told.items()]
        Teller(Console()).table(f"what {name} needs", ("what", "value"), rows)


@subscriber.command()
def remove(name: str, data: Data = None) -> None:
    """Take a subscriber's access away."""
    with _reaching(data) as access:
        subscribers.remove(connected(access), declared(), name)
    typer.echo(f"{name} is removed")


@subscriber.command(name="list")
def list_all(data: Data = None, form: Form = Format.TABLE) -> None:
    """List the subscribers and what they read."""
    with _reaching(data) as access:
        found = subscribers.listed(connected(access), declared())
    if form is Format.JSON:
        typer.echo(json.dumps([one._asdict() for one in found], indent=2))
    elif found:
        rows = [(one.name, ", ".join(one.topics)) for one in found]
        Teller(Console()).table("subscribers", ("name", "topics"), rows)
    else:
        typer.echo("no subscribers")


@contextmanager
def _reaching(data: Path | None) -> Iterator[Access]:
    """Give the administrator's way to the brokers; what cannot be done in the block ends the command."""
    try:
        yield Access.of(Settings.for_service(OWNER)) if data is None else _of_stack(data)
    except (AdministrationError, StackBusyError, UnusableSettingsError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def _of_stack(data: Path) -> Access:
    record = recorded(data)
    access = None if record is None or not record.living else record.broker
    if access is None:
        raise AdministrationError(f"no stack runs with {data}; start it with: make stack")
    return access


def _text(value: str | Sequence[str] | None) -> str:
    if value is None:
        return "(unchanged; told when it was made)"
    return value if isinstance(value, str) else ", ".join(value)
