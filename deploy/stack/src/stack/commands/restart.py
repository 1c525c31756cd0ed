"""`make stack-restart`: restarts the processes one by one, and waits until each is ready before it ends the next.

The recorded program is started again, on the same port with the same data. It gets the environment of the caller and
its recorded variables. The caller's environment is not recorded: a changed setting applies until the next restart.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from stack.machine.places import Place
from stack.machine.processes import Process, known, start, stop
from stack.machine.record import SERVER, Record, StackBusyError, alone, recorded
from stack.machine.starting import READY_SECONDS, Started, wait_until_ready
from stack.servers import postgres
from stack.servers.postgres import PostgresServer

ROLLING: Final = frozenset({"api", "worker"})
"""The kinds that are restarted when no name is given: the processes of our own code."""


def restart(
    data: Path, names: Sequence[str], *, environ: Mapping[str, str], report: Callable[[str], None]
) -> list[Process]:
    """Restart these processes in turn, every api and worker when none is named; returns those that had to be killed.

    A process that has already ended is just started. Raises StackBusyError when no stack runs and UnknownProcessError
    for an unknown name, both before any process ends. When a process cannot be ended or started, raises TimeoutError,
    StartFailedError or PostgresError, and the processes after it are not restarted.
    """
    with alone(data):
        record = recorded(data)
        if record is None or not record.living:
            raise StackBusyError(f"no stack runs with {data}; start it by: make stack")
        every = [process.name for process in record.processes if process.program.kind in ROLLING]
        chosen = [record.process(name) for name in names or every]
        forced = []
        for process in chosen:
            report(f"{process.name} ends")
            forced += stop([process])
            start_again(record, process.name, environ=environ)
            report(f"{process.name} is ready")
        return forced


def start_again(
    record: Record, name: str, *, environ: Mapping[str, str], within: float = READY_SECONDS
) -> Started | None:
    """Start a process that has ended or was killed, replace its record and wait until it is ready.

    Returns the process with its child, None for PostgreSQL, which is started by its own tools. A process that does not
    become ready stays on record. Raises UnknownProcessError, StartFailedError or PostgresError.
    """
    before = record.process(name)
    log = Path(before.log)
    if before.program.kind == postgres.KIND:
        server = _server(record)
        server.start()
        record.replace(known(before.program, server.pid, log=log, by=postgres.STOP_SIGNAL))
        return None
    started = start(before.program, environ=environ, log=log)
    record.replace(started[0])
    wait_until_ready(record, [started], within=within)
    return started


def _server(record: Record) -> PostgresServer:
    port = urlsplit(next(iter(record.databases.values()))).port
    password = record.password(SERVER, postgres.USER)
    if port is None or password is None:
        raise StackBusyError(f"the record of the stack in {record.data} does not say where PostgreSQL is")
    place = Place.of(Path(record.data), postgres.KIND, owner=postgres.USER)
    return PostgresServer(place, port=port, password=password)
