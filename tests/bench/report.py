"""`docs/benchmarks.md`: one section for each shape, rewritten by its own run and otherwise left as it is."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.figures import Figure

PAGE: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"
TITLES: Final = {
    "embedded": "SQLite and the embedded log",
    "distributed": "PostgreSQL (fsync on) and Kafka",
}


def line(figure: Figure) -> str:
    """Return a figure as a row of the table."""
    spread = "" if figure.spread is None else f"{figure.spread[0]:.2f}–{figure.spread[1]:.2f}"
    value = f"{figure.value:,.2f}{figure.unit}" if figure.value < 100 else f"{figure.value:,.0f}{figure.unit}"
    return (
        f"| {figure.what} | {figure.ours} | {figure.ceiling} | {value} | {spread} | "
        f"{figure.target or ''} | {figure.verdict} |"
    )


def write(shape: str, figures: Sequence[Figure]) -> None:
    """Put the section of one shape into the page."""
    section = "\n".join(
        [
            f"<!-- {shape} -->",
            f"## {TITLES[shape]}",
            "",
            f"{_machine()}, on {datetime.now(UTC):%Y-%m-%d}.",
            "",
            "| what | ours | beside | ratio or value | spread | target | |",
            "|---|---|---|---|---|---|---|",
            *map(line, figures),
            f"<!-- end {shape} -->",
        ]
    )
    page = PAGE.read_text("utf-8")
    block = re.compile(f"<!-- {shape} -->.*?<!-- end {shape} -->", re.DOTALL)
    page = block.sub(lambda _: section, page) if block.search(page) else f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page, "utf-8")


def _machine() -> str:
    cpus = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    name = model[1] if model else platform.machine()
    return f"{cpus} CPUs ({name}), {memory:.0f} GiB, Python {platform.python_version()}, load {load:.1f} at the end"
