"""What is known of a running stack: DATA/stack.json, readable by its owner alone since it holds every password.

It is written after each process that was started, so that `stack-down` also ends what a killed `make stack` left.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from common.messaging.wire import Access
from common.settings import KafkaSecurity
from embedded.durable import write_durably
from stack.kafka.broker import ADMIN
from stack.processes import Process

FILE: Final = "stack.json"
BROKER: Final = "Kafka"
SERVER: Final = "PostgreSQL"
"""Where their users log in, as credentials say it."""
_LOCK: Final = "stack.lock"


class Credential(BaseModel):
    """Whom one can log in as: at what, under which name, by which password."""

    at: str
    name: str
    password: str


class Record(BaseModel):
    """Everything that was started and where it is found."""

    url: str
    data: str
    started_at: datetime
    databases: dict[str, str] = {}
    kafka: str = ""
    credentials: list[Credential] = []
    processes: list[Process] = []

    @property
    def living(self) -> list[Process]:
        """The processes that run."""
        return [process for process in self.processes if process.is_alive]

    def add(self, process: Process) -> None:
        """Note a process that was started and write that down."""
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
        """Put a process in the place of the one of its name and write that down. Raises UnknownProcessError."""
        self.processes[self.processes.index(self.process(process.name))] = process
        self.write()

    @property
    def broker(self) -> Access | None:
        """How its administrator reaches the broker; None before there is one."""
        word = self.password(BROKER, ADMIN)
        if word is None:
            return None
        return Access(servers=self.kafka, security=KafkaSecurity.SASL_PLAINTEXT, username=ADMIN, password=word)

    def password(self, at: str, name: str) -> str | None:
        """Return the password of a user at a part; None before there is one."""
        return next((one.password for one in self.credentials if (one.at, one.name) == (at, name)), None)

    def write(self) -> None:
        """Put it into its data folder."""
        write_durably(Path(self.data) / FILE, self.model_dump_json(indent=1).encode(), mode=0o600)


class UnknownProcessError(Exception):
    """The stack has no process of that name; the text says which it has."""


class StackBusyError(Exception):
    """The data folder is in use by another stack, or by a command on it."""


def recorded(data: Path) -> Record | None:
    """Return what DATA/stack.json says, None without it. Raises StackBusyError for one that cannot be read."""
    try:
        return Record.model_validate_json((data / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise StackBusyError(f"{data / FILE} cannot be read: {error.error_count()} places are wrong") from error


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Keep other commands off the data folder until the block ends. Raises StackBusyError."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackBusyError(f"another command works on the stack in {data}; wait until it has ended") from error
        yield
