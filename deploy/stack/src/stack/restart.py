"""`make stack-restart`: ends one process after the other and starts it again, each ready before the next one ends.

What is started is what stands on record: the same program on the same port with the same data. The environment is the
caller's own, with the program's added, and is not kept: a changed setting holds until the next restart.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from stack import postgres
from stack.places import Place
from stack.postgres import PostgresServer
from stack.processes import Process, known, start, stop
from stack.record import SERVER, Record, StackBusyError, alone, recorded
from stack.starting import READY_SECONDS, Started, wait_until_ready

ROLLING: Final = frozenset({"api", "worker"})
"""What is restarted when nobody is named: the processes that hold our own code."""


def restart(
    data: Path, names: Sequence[str], *, environ: Mapping[str, str], tell: Callable[[str], None]
) -> list[Process]:
    """Restart these processes in turn, every api and worker when none is named; returns which had to be forced.

    One that is gone is only started. Raises StackBusyError without a stack and UnknownProcessError before anything is
    done; StartFailedError, PostgresError or TimeoutError for the process at which it ended.
    """
    with alone(data):
        record = recorded(data)
        if record is None or not record.living:
            raise StackBusyError(f"no stack runs with {data}; start it by: make stack")
        every = [process.name for process in record.processes if process.program.kind in ROLLING]
        chosen = [record.process(name) for name in names or every]
        forced = []
        for process in chosen:
            tell(f"{process.name} ends")
            forced += stop([process])
            start_again(record, process.name, environ=environ)
            tell(f"{process.name} is ready")
        return forced


def start_again(
    record: Record, name: str, *, environ: Mapping[str, str], within: float = READY_SECONDS
) -> Started | None:
    """Start a process that has ended or was killed, note it in the place of the old one and wait until it is ready.

    Returns it with its child process; None for PostgreSQL, which its own tools start. It is on record also when it does
    not become ready. Raises UnknownProcessError, and StartFailedError or PostgresError.
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
