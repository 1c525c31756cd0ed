"""`make stack-status`: what of the stack runs and is ready, as a table or for programs."""

from collections.abc import Sequence
from typing import Final

import httpx
from pydantic import BaseModel

from embedded.demo import load_demo
from stack.processes import Process
from stack.record import Credential, Record

ANSWER_SECONDS: Final = 2.0


class ProcessStatus(BaseModel):
    """One process: `state` is `ready`, `not ready`, `runs` (where nothing can be asked) or `gone`."""

    name: str
    kind: str
    pid: int
    state: str
    url: str | None
    log: str


class StackStatus(BaseModel):
    """The stack at this moment; `clients` are the demo's, as `make status` tells them."""

    url: str
    data: str
    ready: bool
    processes: list[ProcessStatus]
    databases: dict[str, str]
    kafka: str
    credentials: list[Credential]
    clients: list[dict[str, object]]


def status(record: Record) -> StackStatus:
    """Ask every process how it does."""
    with httpx.Client(timeout=ANSWER_SECONDS) as client:
        processes = [_of(process, client) for process in record.processes]
    clients: list[dict[str, object]] = [
        {
            "id": client.id,
            "secret": client.secret.get_secret_value(),
            "roles": [str(role) for role in client.roles],
            "org": client.org,
            "division": client.division,
            "sub": client.sub,
        }
        for client in load_demo().clients
    ]
    return StackStatus(
        url=record.url,
        data=record.data,
        ready=bool(processes) and all(one.state in {"ready", "runs"} for one in processes),
        processes=processes,
        databases=record.databases,
        kafka=record.kafka,
        credentials=record.credentials,
        clients=clients,
    )


def _of(process: Process, client: httpx.Client) -> ProcessStatus:
    url = process.program.url
    state = "gone"
    if process.is_alive:
        state = "runs" if url is None else _readiness(url, client)
    return ProcessStatus(
        name=process.name, kind=process.program.kind, pid=process.pid, state=state, url=url, log=process.log
    )


def _readiness(url: str, client: httpx.Client) -> str:
    try:
        return "ready" if client.get(f"{url}/readyz").status_code == httpx.codes.OK else "not ready"
    except httpx.HTTPError:
        return "not ready"


def rows(found: StackStatus) -> Sequence[tuple[str, ...]]:
    """Return the processes as rows of a table: name, process id, state, address, log."""
    return [(one.name, str(one.pid), one.state, one.url or "", one.log) for one in found.processes]
