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
    return StackStatus(
        url=record.url,
        data=record.data,
        ready=bool(processes) and all(one.state in {"ready", "runs"} for one in processes),
        processes=processes,
        databases=record.databases,
        kafka=record.kafka,
        credentials=record.credentials,
        clients=[client.told() for client in load_demo().clients],
    )


def _of(process: Process, client: httpx.Client) -> ProcessStatus:
    url = process.program.url
    state = "gone"
    if process.is_alive:
        state = "runs" if url is None else "ready" if is_ready(url, client) else "not ready"
    return ProcessStatus(
        name=process.name, kind=process.program.kind, pid=process.pid, state=state, url=url, log=process.log
    )


def is_ready(url: str | None, client: httpx.Client) -> bool:
    """Tell whether the process at this address says that it is ready; one that cannot be asked is not."""
    try:
        return client.get(f"{url}/readyz").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def rows(found: StackStatus) -> Sequence[tuple[str, ...]]:
    """Return the processes as rows of a table: name, process id, state, address, log."""
    return [(one.name, str(one.pid), one.state, one.url or "", one.log) for one in found.processes]
