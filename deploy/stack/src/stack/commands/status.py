"""`make stack-status`: which processes of the stack run and are ready, as a table or for programs."""

from collections.abc import Sequence
from typing import Final

import httpx
from pydantic import BaseModel

from embedded.demo.people import load_demo
from embedded.origin.health import State, not_ready, state_of
from stack.machine.processes import Process
from stack.machine.record import Credential, Record

ANSWER_SECONDS: Final = 2.0


class ProcessStatus(BaseModel):
    """One process: `state` is `ready`, `degraded`, `not ready`, `runs` (when it has no readiness check) or `gone`.

    `reason` is why it is degraded or not ready.
    """

    name: str
    kind: str
    pid: int
    state: str
    reason: str | None
    url: str | None
    log: str


class StackStatus(BaseModel):
    """The stack at this moment; `clients` are the demo's, as `make status` prints them.

    `state` is `ready`, `degraded` while a process is, or `not ready`.
    """

    url: str
    data: str
    ready: bool
    state: str
    processes: list[ProcessStatus]
    databases: dict[str, str]
    kafka: str
    credentials: list[Credential]
    clients: list[dict[str, object]]


def status(record: Record) -> StackStatus:
    """Ask every process for its state."""
    with httpx.Client(timeout=ANSWER_SECONDS) as client:
        processes = [_of(process, client) for process in record.processes]
    state = state_of_all([one.state for one in processes])
    return StackStatus(
        url=record.url,
        data=record.data,
        ready=state == "ready",
        state=state,
        processes=processes,
        databases=record.databases,
        kafka=record.kafka,
        credentials=record.credentials,
        clients=[client.credentials() for client in load_demo().clients],
    )


def state_of_all(states: Sequence[str]) -> str:
    """Return the state of a stack whose processes are in these states."""
    if not states or not set(states) <= {"ready", "runs", "degraded"}:
        return "not ready"
    return "degraded" if "degraded" in states else "ready"


def _of(process: Process, client: httpx.Client) -> ProcessStatus:
    url = process.program.url
    asked = state_at(url, client) if process.is_alive and url is not None else None
    word = asked.word if asked else "runs" if process.is_alive else "gone"
    return ProcessStatus(
        name=process.name,
        kind=process.program.kind,
        pid=process.pid,
        state=word,
        reason=asked.reason if asked else None,
        url=url,
        log=process.log,
    )


def state_at(url: str, client: httpx.Client) -> State:
    """Return the state that the process at this address reports."""
    try:
        return state_of(client.get(f"{url}/readyz"))
    except httpx.HTTPError as error:
        return not_ready(f"/readyz does not answer: {type(error).__name__}")


def rows(found: StackStatus) -> Sequence[tuple[str, ...]]:
    """Return the processes as rows of a table: name, process id, state, address, log."""
    states = [f"{one.state} ({one.reason})" if one.reason else one.state for one in found.processes]
    return [
        (one.name, str(one.pid), state, one.url or "", one.log)
        for one, state in zip(found.processes, states, strict=True)
    ]
