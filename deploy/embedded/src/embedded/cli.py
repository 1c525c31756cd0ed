"""The commands behind `make run`, `make status`, `make reset` and `make doctor`."""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
from rich.console import Console
from rich.table import Table

from common.process import loop
from common.settings import Profile, UnusableSettingsError
from common.storage.database.engine import Unavailable
from common.storage.database.sqlite import DatabaseOwned, NetworkFileSystem
from embedded import launcher
from embedded.console import DATA, RunConsole, task
from embedded.demo.people import load_demo
from embedded.machine import doctor as examination, reset
from embedded.machine.data_folder import DataInUseError, Run, is_locked, recorded
from embedded.machine.ports import PortBusyError
from embedded.origin.front import FrontStart, serve_front
from embedded.origin.health import State, not_ready, state_of
from embedded.origin.remote import UnusableAddressesError

cli: Final = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Data = Annotated[Path, typer.Option(help="Folder of all data.")]
_ANSWER_WITHIN: Final = 5.0
_REFUSED: Final = (
    PortBusyError,
    DataInUseError,
    DatabaseOwned,
    NetworkFileSystem,
    UnusableSettingsError,
    launcher.StartFailedError,
)
"""Why the platform does not start, each with a text that says what to do."""


class Format(StrEnum):
    """How `status` prints."""

    TABLE = "table"
    JSON = "json"


@cli.command()
def run(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    data: Data = DATA,
    profile: Profile = Profile.DEMO,
    *,
    journey: Annotated[bool, typer.Option(help="Play the core path once on new data.")] = True,
) -> None:
    """Start the platform and serve until Ctrl-C."""
    try:
        start = launcher.Start(port=port, data=data, profile=profile, environ=os.environ, journey=journey)
        failed = loop.run(launcher.run(start, RunConsole(Console())))
    except KeyboardInterrupt:
        typer.echo("stopped; the data stays where it is")
        raise typer.Exit(0) from None
    except _REFUSED as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    except Unavailable as error:
        typer.echo(f"error: the event log cannot be written: {error.reason}", err=True)
        raise typer.Exit(2) from error
    except OSError as error:
        typer.echo(f"error: the data folder cannot be used: {error}", err=True)
        raise typer.Exit(2) from error
    if failed:
        raise typer.Exit(1)


Addresses = Annotated[list[str], typer.Option(help="`<service>=<address>` of a process; once for each.")]


@cli.command()
def front(
    api: Addresses,
    worker: Addresses,
    *,
    mailbox: Annotated[bool, typer.Option(help="Receive mail on the mail server's port and show it (demo).")] = True,
) -> None:
    """Serve the distributed shape's pages, documents and demo sites until a signal; its settings are as a service's."""
    try:
        start = FrontStart(apis=_by_service(api), workers=_by_service(worker), mailbox=mailbox, environ=os.environ)
        loop.run(serve_front(start))
    except (UnusableSettingsError, UnusableAddressesError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


@cli.command()
def status(
    data: Data = DATA, form: Annotated[Format, typer.Option("--format", help="table or json")] = Format.TABLE
) -> None:
    """Print where the platform runs and its clients; exit 1 unless everything is ready."""
    found = recorded(data) if is_locked(data) else None
    state = not_ready("not running") if found is None else _state(found)
    ready = state.reason is None
    clients = _clients(found)
    if form is Format.JSON:
        where = {"url": found.url if found else None, "data": str(data.resolve()), "ready": ready}
        where |= {"state": state.word, "reason": state.reason}
        typer.echo(json.dumps({**where, "clients": clients}, ensure_ascii=False, indent=2))
    else:
        typer.echo(_status_line(data, found, state))
        if clients:
            _show(_listed(clients))
    if not ready:
        raise typer.Exit(1)


@cli.command(name="reset")
def reset_data(data: Data = DATA, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete all data of the platform in its data folder, after asking."""
    if is_locked(data):
        typer.echo(f"error: {DataInUseError(data, recorded(data))}", err=True)
        raise typer.Exit(2)
    paths = reset.owned(data)
    if not paths:
        typer.echo(f"nothing to remove in {data}")
        return
    typer.echo(f"in {data.resolve()}: {', '.join(path.name for path in paths)}")
    if not yes and not typer.confirm("Remove all of this? It cannot be undone"):
        typer.echo("nothing was removed")
        raise typer.Exit(1)
    reset.remove(paths)
    typer.echo("removed; the next `make run` starts with empty data")


@cli.command()
def doctor(port: int = 8000, data: Data = DATA) -> None:
    """Print what is wrong with this machine and how to repair it; exit 1 when something is."""
    findings = examination.examine(port, data)
    typer.echo(examination.report(findings))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _by_service(addresses: list[str]) -> dict[str, list[str]]:
    """Return the addresses by service. Raises UnusableAddressesError."""
    found: dict[str, list[str]] = {}
    for given in addresses:
        service, equals, address = given.partition("=")
        if not equals:
            raise UnusableAddressesError(f"{given} does not read <service>=<address>")
        found.setdefault(service, []).append(address.rstrip("/"))
    return found


def _state(found: Run) -> State:
    try:
        return state_of(httpx.get(f"{found.url}/readyz", timeout=_ANSWER_WITHIN))
    except httpx.HTTPError as error:
        return not_ready(f"/readyz does not answer: {type(error).__name__}")


def _clients(found: Run | None) -> list[dict[str, object]]:
    if found is not None and found.profile != Profile.DEMO:
        return []
    return [client.credentials() for client in load_demo().clients]


def _status_line(data: Path, found: Run | None, state: State) -> str:
    if found is None:
        return f"not running with {data}; start it with: {task('run', data)}"
    since = f"{found.started_at:%Y-%m-%d %H:%M:%SZ}"
    line = f"{state.word} at {found.url} (process {found.pid}, since {since}), data in {found.data}"
    return line if state.reason is None else f"{line}\n{state.reason}"


def _show(listed: Table | str) -> None:
    if isinstance(listed, str):
        typer.echo(listed)
    else:
        Console().print(listed)


def _listed(clients: list[dict[str, object]]) -> Table | str:
    """Return the clients as a table for a terminal, else as plain lines; secrets are never shortened."""
    columns = ("id", "secret", "roles", "org", "division")
    rows = [[", ".join(v) if isinstance(v, list) else str(v) for v in map(client.get, columns)] for client in clients]
    if not Console().is_terminal:
        return "\n".join("\t".join(row) for row in [columns, *rows])
    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
