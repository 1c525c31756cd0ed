"""The output of `make run`: one line per step of the journey, the result on a line of its own, then addresses."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from embedded.demo.people import load_demo
from embedded.journey.player import Step
from embedded.origin.assembly import Place

DATA: Final = Path("./var")
"""The data folder of a command that names none."""

SITES: Final[Sequence[tuple[str, str]]] = (
    ("/", "start page 首页"),
    ("/docs", "the API, to try out 接口文档"),
    ("/events-docs", "the events 事件文档"),
    ("/problems", "what can be refused 错误代码"),
    ("/mailbox", "the mails that were sent 邮箱"),
    ("/status", "how the services do 运行状态"),
    ("/openapi.json", "OpenAPI 3.1"),
    ("/asyncapi.json", "AsyncAPI 3.0"),
)


def task(name: str, data: Path) -> str:
    """Return the command line of a Makefile task for this data folder."""
    return f"make {name}" if data == DATA else f"make {name} DATA={data}"


class RunConsole:
    """Prints to a console: coloured on a terminal, plain lines into a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._steps = 0

    def serving(self, place: Place) -> None:
        """Print the address of the platform."""
        self.line(f"名牌 Mingpai is ready at {place.url} ({place.profile.value}, data in {place.data})")

    def step(self, step: Step) -> None:
        """Print one step: actor, action, id, event and milliseconds."""
        self._steps += 1
        line = Text(f"{self._steps:4d}  ")
        line.append(f"{step.actor:<14}", style="cyan")
        line.append(f" {step.title}")
        if step.subject:
            line.append(f"  {step.subject}", style="dim")
        if step.event:
            line.append(f"  {step.event}", style="green")
        line.append(f"  {step.milliseconds:.0f} ms", style="dim")
        self._console.print(line, soft_wrap=True)

    def passed(self, steps: int) -> None:
        """Print that every step succeeded."""
        self.line(f"PASS {steps}/{steps}")

    def skipped(self, steps: int) -> None:
        """Print that the journey was played on this data before."""
        self.line(f"the core path ({steps} steps) has been played on this data; all of it is still there")

    def unfinished(self, data: Path) -> None:
        """Print that the journey was begun on this data before and did not come to its end."""
        self.line(f"the core path was begun on this data and not ended; to play it on new data: {task('reset', data)}")

    def failed(self, failure: str) -> None:
        """Print which step failed and why."""
        self.line(failure)
        self.line("FAIL")

    def where_to_look(self, place: Place) -> None:
        """Print addresses and credentials, and how to stop, reset and see the status."""
        sites = SITES if place.is_demo else tuple(site for site in SITES if site[0] != "/mailbox")
        self.table("where to look", ("page", "what is there"), [(f"{place.url}{path}", what) for path, what in sites])
        if place.is_demo:
            rows = [
                (one.id, one.secret.get_secret_value(), ", ".join(one.roles), one.org, one.division)
                for one in load_demo().clients
            ]
            self.table("who you can be (demo only)", ("client id", "secret", "roles", "organisation", "area"), rows)
        self.line(f"data: {place.data.resolve()}")
        self.line(f"stop: Ctrl-C · status: {task('status', place.data)} · start afresh: {task('reset', place.data)}")

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table on a terminal, one plain line a row into a pipe; no cell is shortened."""
        if not self._console.is_terminal:
            self.line(f"{title}: {' | '.join(columns)}")
            for row in rows:
                self.line("  " + " | ".join(row))
            return
        table = Table(title=title, title_justify="left")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*row)
        self._console.print(table)

    def line(self, text: str) -> None:
        """Print a line as it is."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
