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

from common import loop
from common.settings import Profile, UnusableSettingsError
from embedded import doctor as examination, launcher, reset
from embedded.demo import load_demo
from embedded.front import FrontStart, serve_front
from embedded.ports import PortBusyError
from embedded.remote import UnusableAddressesError
from embedded.running import DataInUseError, Run, is_claimed, recorded
from embedded.telling import DATA, Teller, task

cli: Final = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Data = Annotated[Path, typer.Option(help="Folder of everything that is kept.")]
_ANSWER_WITHIN: Final = 5.0


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
        failed = loop.run(launcher.run(start, Teller(Console())))
    except KeyboardInterrupt:
        typer.echo("stopped; the data stays where it is")
        raise typer.Exit(0) from None
    except (PortBusyError, DataInUseError, UnusableSettingsError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    if failed:
        raise typer.Exit(1)


Addresses = Annotated[list[str], typer.Option(help="`<service>=<address>` of a process; once for each.")]


@cli.command()
def front(
    url: Annotated[str, typer.Option(help="The origin that users see, the gateway's.")],
    api: Addresses,
    worker: Addresses,
    *,
    mailbox: Annotated[bool, typer.Option(help="Take mail on the mail server's port and show it (demo).")] = True,
) -> None:
    """Serve pages, documents and the demo's sites of the distributed shape until a signal; settings as a service."""
    try:
        start = FrontStart(
            url=url, apis=_by_service(api), workers=_by_service(worker), mailbox=mailbox, environ=os.environ
        )
        loop.run(serve_front(start))
    except (UnusableSettingsError, UnusableAddressesError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


@cli.command()
def status(
    data: Data = DATA, form: Annotated[Format, typer.Option("--format", help="table or json")] = Format.TABLE
) -> None:
    """Say where the platform runs and which clients it knows; exit 1 when it does not answer."""
    found = recorded(data) if is_claimed(data) else None
    ready = found is not None and _is_ready(found)
    clients = _clients(found)
    if form is Format.JSON:
        where = {"url": found.url if found else None, "data": str(data.resolve()), "ready": ready}
        typer.echo(json.dumps({**where, "clients": clients}, ensure_ascii=False, indent=2))
    else:
        typer.echo(_told(data, found, ready=ready))
        if clients:
            _show(_listed(clients))
    if not ready:
        raise typer.Exit(1)


@cli.command(name="reset")
def reset_data(data: Data = DATA, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove everything the platform keeps in its data folder, after asking."""
    if is_claimed(data):
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
    typer.echo("removed; the next `make run` begins anew")


@cli.command()
def doctor(port: int = 8000, data: Data = DATA) -> None:
    """Say what is wrong with this machine and how to mend it; exit 1 when something is."""
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


def _is_ready(found: Run) -> bool:
    try:
        return httpx.get(f"{found.url}/readyz", timeout=_ANSWER_WITHIN).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _clients(found: Run | None) -> list[dict[str, object]]:
    if found is not None and found.profile != Profile.DEMO:
        return []
    return [client.told() for client in load_demo().clients]


def _told(data: Path, found: Run | None, *, ready: bool) -> str:
    if found is None:
        return f"not running with {data}; start it with: {task('run', data)}"
    state = "ready" if ready else "not ready"
    since = f"{found.started_at:%Y-%m-%d %H:%M:%SZ}"
    return f"{state} at {found.url} (process {found.pid}, since {since}), data in {found.data}"


def _show(listed: Table | str) -> None:
    if isinstance(listed, str):
        typer.echo(listed)
    else:
        Console().print(listed)


def _listed(clients: list[dict[str, object]]) -> Table | str:
    """Return the clients as a table for a terminal, else as plain lines; no secret is ever cut short."""
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
