"""What the stack's commands print: progress with the seconds since the start, the verdict alone on its line, tables."""

import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from rich.console import Console

from embedded.journey.player import Step, StepFailed
from embedded.telling import SITES, Teller
from stack.status import StackStatus, rows

PROCESSES: Final = ("process", "id", "state", "address", "log")


class Format(StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    JSON = "json"


class StackTeller:
    """Prints to a console: coloured on a terminal, plain lines into a pipe."""

    def __init__(self, console: Console) -> None:
        self._teller = Teller(console)
        self._began = time.monotonic()

    def progress(self, what: str) -> None:
        """Say what is being done now."""
        self._teller.line(f"{self._seconds:6.1f} s  {what}")

    def step(self, step: Step) -> None:
        """Tell one step of the core path."""
        self._teller.step(step)

    def failed(self, failure: StepFailed) -> None:
        """Say which step failed and why."""
        self._teller.failed(failure)

    def passed(self, found: StackStatus, steps: int) -> None:
        """Give the verdict, and say where everything is found."""
        if steps:
            self._teller.passed(steps)
        self._teller.line(f"名牌 Mingpai is ready at {found.url} after {self._seconds:.0f} s, data in {found.data}")
        self.where(found)

    def where(self, found: StackStatus) -> None:
        """Print addresses, credentials, logs and process ids."""
        table = self._teller.table
        table("where to look", ("page", "what is there"), [(f"{found.url}{path}", what) for path, what in SITES])
        table("processes", PROCESSES, rows(found))
        table("databases", ("service", "url"), list(found.databases.items()))
        known = [(one.at, one.name, one.password) for one in found.credentials]
        table(f"credentials (broker at {found.kafka})", ("at", "name", "password"), known)
        clients = [(str(one["id"]), str(one["secret"]), ", ".join(_texts(one["roles"]))) for one in found.clients]
        table("who you can be (demo only)", ("client id", "secret", "roles"), clients)
        self._teller.line("end: make stack-down · status: make stack-status")

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _texts(values: object) -> Sequence[str]:
    return [str(value) for value in values] if isinstance(values, list) else []
