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
from stack import containers as made
from stack.down import down as take_down
from stack.kafka import cli as kafka
from stack.kafka.broker import BrokerError
from stack.kafka.jars import KafkaMissing
from stack.places import UnsafeFolderError
from stack.postgres import PostgresError
from stack.processes import Process
from stack.record import Record, StackBusyError, UnknownProcessError, recorded
from stack.requirements import PartsMissing
from stack.restart import restart as restart_in_turn
from stack.starting import StartFailedError
from stack.status import StackStatus, status as look
from stack.telling import Format, StackTeller
from stack.up import Order, up as bring_up

cli: Final = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
cli.command()(kafka.topics)
cli.add_typer(kafka.subscriber, name="subscriber")

Data = Annotated[Path, typer.Option(help="Folder of everything that the stack keeps.")]
Several = Annotated[int, typer.Option(min=1, max=20, help="Processes of this kind per service.")]
Cache = Annotated[Path, typer.Option(envvar="MINGPAI_CACHE", help="Folder of what is fetched once.")]

_REFUSED: Final = (PartsMissing, StackBusyError, UnknownProcessError, UnsafeFolderError)
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
    teller = StackTeller(Console())
    order = Order(data=data, cache=cache, environ=os.environ, apis=apis, workers=workers, port=port, journey=journey)
    try:
        with _told():
            record, steps = bring_up(order, teller)
    except StepFailed as failure:
        teller.failed(failure)
        raise typer.Exit(1) from failure
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing is left running", err=True)
        raise typer.Exit(130) from None
    teller.passed(look(record), steps)


@cli.command()
def down(data: Data = Path("./var/stack")) -> None:
    """End what `up` started and remove its data; the logs stay."""
    try:
        ended, forced = take_down(data)
    except (StackBusyError, TimeoutError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"{ended} processes ended" if ended else f"nothing runs with {data}")
    _tell_forced(forced)


@cli.command()
def restart(
    names: Annotated[list[str] | None, typer.Argument(help="Which; every api and worker when none is named.")] = None,
    data: Data = Path("./var/stack"),
) -> None:
    """Restart processes of a running stack in turn, each ready before the next one ends."""
    teller = StackTeller(Console())
    with _told():
        forced = restart_in_turn(data, names or [], environ=os.environ, tell=teller.progress)
    _tell_forced(forced)


@cli.command()
def status(
    data: Data = Path("./var/stack"),
    form: Annotated[Format, typer.Option("--format", help="table or json")] = Format.TABLE,
) -> None:
    """Say what runs and is ready; exit 1 when not all of it does."""
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
    """Write what docker-compose.yml mounts and the code makes: the gateway's configuration and Keycloak's realm."""
    stale = made.write()
    typer.echo(f"written: {', '.join(stale)}" if stale else "all files of the containers were current")


@contextmanager
def _told() -> Iterator[None]:
    """End with 2 on what was refused before anything happened, with 1 and FAIL on what went wrong."""
    try:
        yield
    except _REFUSED as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    except _FAILED as error:
        typer.echo(f"error: {error}\nFAIL", err=True)
        raise typer.Exit(1) from error


def _tell_forced(forced: Sequence[Process]) -> None:
    if forced:
        typer.echo(f"by force: {', '.join(process.name for process in forced)}")


def _show(now: StackStatus) -> None:
    typer.echo(f"{'ready' if now.ready else 'not ready'} at {now.url}, data in {now.data}")
    StackTeller(Console()).where(now)


def _found(data: Path) -> Record | None:
    try:
        return recorded(data)
    except StackBusyError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
