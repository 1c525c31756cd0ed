"""The record of a running stack: DATA/stack.json, which only its owner may read, because it contains every password.

It is written after each start of a process, so that `stack-down` also ends the processes of a killed `make stack`.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from common.files.atomic import write_durably
from common.files.private import open_private, private_folder
from common.messaging.kafka.wire import KafkaAccess
from common.settings import KafkaSecurity
from stack.machine.processes import Process
from stack.servers.kafka.broker import ADMIN

FILE: Final = "stack.json"
BROKER: Final = "Kafka"
SERVER: Final = "PostgreSQL"
"""The servers, as credentials name them."""
_LOCK: Final = "stack.lock"


class Credential(BaseModel):
    """A login: at which server, user name, password."""

    at: str
    name: str
    password: str


class Record(BaseModel):
    """Everything that was started, with addresses and credentials.

    `databases` are the URLs of the services by name, `owners` those of the roles that own their tables.
    """

    url: str
    data: str
    started_at: datetime
    databases: dict[str, str] = {}
    owners: dict[str, str] = {}
    kafka: str = ""
    credentials: list[Credential] = []
    processes: list[Process] = []

    @property
    def living(self) -> list[Process]:
        """The processes that run."""
        return [process for process in self.processes if process.is_alive]

    def add(self, process: Process) -> None:
        """Add a process that was started and write the record."""
        self.processes.append(process)
        self.write()

    def process(self, name: str) -> Process:
        """Return the process of this name. Raises UnknownProcessError."""
        for process in self.processes:
            if process.name == name:
                return process
        names = ", ".join(process.name for process in self.processes)
        raise UnknownProcessError(f"the stack in {self.data} has no process {name}; it has: {names}")

    def replace(self, process: Process) -> None:
        """Replace the process of the same name and write the record. Raises UnknownProcessError."""
        self.processes[self.processes.index(self.process(process.name))] = process
        self.write()

    @property
    def broker(self) -> KafkaAccess | None:
        """The administrator's access to the broker; None before the broker is started."""
        word = self.password(BROKER, ADMIN)
        if word is None:
            return None
        return KafkaAccess(servers=self.kafka, security=KafkaSecurity.SASL_PLAINTEXT, username=ADMIN, password=word)

    def password(self, at: str, name: str) -> str | None:
        """Return the password of a user at a server; None when it is not on record."""
        return next((one.password for one in self.credentials if (one.at, one.name) == (at, name)), None)

    def write(self) -> None:
        """Write the record to its data folder."""
        write_durably(Path(self.data) / FILE, self.model_dump_json(indent=1).encode())


class UnknownProcessError(Exception):
    """The stack has no process of that name; the text lists its processes."""


class StackBusyError(Exception):
    """The data folder is in use by another stack, or by a command on it."""


def recorded(data: Path) -> Record | None:
    """Return the record in DATA/stack.json, None if there is none. Raises StackBusyError when it cannot be read."""
    try:
        return Record.model_validate_json((data / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise StackBusyError(f"{data / FILE} cannot be read: {error.error_count()} places are wrong") from error


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Lock the data folder against other commands until the block ends. Raises StackBusyError."""
    private_folder(data)
    with open_private(data / _LOCK, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackBusyError(f"another command works on the stack in {data}; wait until it has ended") from error
        yield
