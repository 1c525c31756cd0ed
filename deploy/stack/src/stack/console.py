"""The output of the stack's commands: progress with the seconds since the start, the result on its own line, tables."""

import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from rich.console import Console

from embedded.console import SITES, RunConsole
from embedded.journey.player import Step, StepFailed
from stack.commands.status import StackStatus, rows

PROCESSES: Final = ("process", "id", "state", "address", "log")


class Format(StrEnum):
    """The form of a command's output."""

    TABLE = "table"
    JSON = "json"


class StackConsole:
    """Prints to a console: coloured on a terminal, plain lines into a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = RunConsole(console)
        self._began = time.monotonic()

    def progress(self, what: str) -> None:
        """Print what is being done now."""
        self._console.line(f"{self._seconds:6.1f} s  {what}")

    def step(self, step: Step) -> None:
        """Print one step of the core path."""
        self._console.step(step)

    def failed(self, failure: StepFailed) -> None:
        """Print which step failed and why."""
        self._console.failed(str(failure))

    def passed(self, found: StackStatus, steps: int) -> None:
        """Print the result, the addresses and the credentials."""
        if steps:
            self._console.passed(steps)
        self._console.line(f"名牌 Mingpai is ready at {found.url} after {self._seconds:.0f} s, data in {found.data}")
        self.where(found)

    def where(self, found: StackStatus) -> None:
        """Print addresses, credentials, logs and process ids."""
        table = self._console.table
        table("where to look", ("page", "what is there"), [(f"{found.url}{path}", what) for path, what in SITES])
        table("processes", PROCESSES, rows(found))
        table("databases", ("service", "url"), list(found.databases.items()))
        known = [(one.at, one.name, one.password) for one in found.credentials]
        table(f"credentials (broker at {found.kafka})", ("at", "name", "password"), known)
        clients = [(str(one["id"]), str(one["secret"]), ", ".join(_texts(one["roles"]))) for one in found.clients]
        table("who you can be (demo only)", ("client id", "secret", "roles"), clients)
        self._console.line("end: make stack-down · status: make stack-status")

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _texts(values: object) -> Sequence[str]:
    return [str(value) for value in values] if isinstance(values, list) else []
