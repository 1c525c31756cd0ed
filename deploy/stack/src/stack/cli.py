"""The commands of the distributed shape: `make stack`, `-down`, `-status`, and those that administer its brokers."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from embedded.journey.player import StepFailed
from embedded.machine.ports import PortBusyError
from embedded.mailbox import without_mail_server
from stack.commands import containers as made
from stack.commands.down import down as take_down
from stack.commands.restart import restart as restart_in_turn
from stack.commands.status import StackStatus, status as look
from stack.commands.up import Order, up as bring_up
from stack.console import Format, StackConsole
from stack.machine.interrupts import Interrupts
from stack.machine.places import UnsafeFolderError
from stack.machine.plan import NAMES
from stack.machine.processes import Process
from stack.machine.record import Record, StackBusyError, UnknownProcessError, recorded
from stack.machine.requirements import PartsMissing
from stack.machine.starting import StartFailedError
from stack.servers.kafka import cli as kafka
from stack.servers.kafka.broker import BrokerError
from stack.servers.kafka.jars import KafkaMissing
from stack.servers.postgres import PostgresError

cli: Final = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
cli.command()(kafka.topics)
cli.add_typer(kafka.subscriber, name="subscriber")

Data = Annotated[Path, typer.Option(help="Folder of everything that the stack keeps.")]
Several = Annotated[int, typer.Option(min=1, max=20, help="Processes of this kind per service.")]
Cache = Annotated[Path, typer.Option(envvar="STACK_CACHE", help="Folder of what is fetched once.")]

_REFUSED: Final = (PartsMissing, PortBusyError, StackBusyError, UnknownProcessError, UnsafeFolderError)
_FAILED: Final = (StartFailedError, PostgresError, BrokerError, KafkaMissing, OSError)


@cli.command()
def up(
    apis: Several = 1,
    workers: Several = 1,
    data: Data = Path("./var/stack"),
    cache: Cache = Path("./var/cache"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The gateway's port; 0 takes a free one.")] = 0,
    *,
    journey: Annotated[bool, typer.Option(help="Play the core path.")] = True,
) -> None:
    """Start the distributed shape, play the core path, and leave it running."""
    console = StackConsole(Console())
    environ = without_mail_server(os.environ, NAMES)
    if aside := sorted(os.environ.keys() - environ.keys()):
        console.progress(f"the stack has its own mailbox and sets aside {', '.join(aside)}")
    order = Order(data=data, cache=cache, environ=environ, apis=apis, workers=workers, port=port, journey=journey)
    with Interrupts() as interrupts:
        try:
            with _reported_errors():
                record, steps = bring_up(order, console, interrupts)
        except StepFailed as failure:
            console.failed(failure)
            raise typer.Exit(1) from failure
        except KeyboardInterrupt:
            interrupts.ignore_from_now_on()
            typer.echo("interrupted; all that was started has ended", err=True)
            raise typer.Exit(130) from None
    console.passed(look(record), steps)


@cli.command()
def down(data: Data = Path("./var/stack")) -> None:
    """End the processes that `up` started and remove their data; the logs stay."""
    try:
        ended, forced = take_down(data)
    except (StackBusyError, TimeoutError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{ended} processes ended" if ended else f"nothing runs with {data}")
    _report_forced(forced)


@cli.command()
def restart(
    names: Annotated[list[str] | None, typer.Argument(help="Which; every api and worker when none is named.")] = None,
    data: Data = Path("./var/stack"),
) -> None:
    """Restart processes of a running stack in turn, each ready before the next one ends."""
    console = StackConsole(Console())
    with _reported_errors():
        forced = restart_in_turn(
            data, names or [], environ=without_mail_server(os.environ, NAMES), report=console.progress
        )
    _report_forced(forced)


@cli.command()
def status(
    data: Data = Path("./var/stack"),
    form: Annotated[Format, typer.Option("--format", help="table or json")] = Format.TABLE,
) -> None:
    """Print which processes run and are ready; exit 1 when one is not."""
    found = _found(data)
    if found is None:
        nothing: dict[str, object] = {"url": None, "data": str(data.resolve()), "ready": False, "processes": []}
        typer.echo(json.dumps(nothing) if form is Format.JSON else f"no stack with {data}; start it with: make stack")
        raise typer.Exit(1)
    now = look(found)
    if form is Format.JSON:
        typer.echo(now.model_dump_json(indent=2))
    else:
        _show(now)
    if not now.ready:
        raise typer.Exit(1)


@cli.command()
def containers() -> None:
    """Write the generated files that docker-compose.yml mounts: the gateway's configuration and Keycloak's realm."""
    stale = made.write()
    typer.echo(f"written: {', '.join(stale)}" if stale else "all files of the containers were current")


@contextmanager
def _reported_errors() -> Iterator[None]:
    """Exit with 2 for a command that was refused before it did anything, with 1 and FAIL for one that failed."""
    try:
        yield
    except _REFUSED as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    except _FAILED as error:
        typer.echo(f"error: {error}\nFAIL", err=True)
        raise typer.Exit(1) from error


def _report_forced(forced: Sequence[Process]) -> None:
    if forced:
        typer.echo(f"by force: {', '.join(process.name for process in forced)}")


def _show(now: StackStatus) -> None:
    typer.echo(f"{now.state} at {now.url}, data in {now.data}")
    StackConsole(Console()).where(now)


def _found(data: Path) -> Record | None:
    try:
        return recorded(data)
    except StackBusyError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
