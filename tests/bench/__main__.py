"""`make bench`: measure, write docs/benchmarks.md, and end with status 1 when a target is missed.

`BENCH_SHAPE` is `embedded` or `distributed`; `BENCH_ONLY` names some of the measures, and then nothing is written.
"""

import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from bench import latency, overhttp, report, streams
from bench.figures import Figure, say
from bench.places import Places, Servers, servers
from common.observability.logging import configure_logging
from common.process import loop
from embedded.issuer.keys import SigningKey

Measure = Callable[[Places, SigningKey], Awaitable[list[Figure]]]
MEASURES: Final[Mapping[str, Measure]] = {
    "read": overhttp.reads,
    "submit": overhttp.submits,
    "relay": streams.relaying,
    "consume": streams.consuming,
    "inbox": streams.entering,
    "latency": latency.latencies,
    "growth": overhttp.growth,
}


async def measured(shape: str, names: list[str], standing: Servers | None) -> list[Figure]:
    """Take the measures one after another in a folder of their own; the page keeps up when it is all of them."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="mingpai-bench-") as folder:
        places = Places(Path(folder), standing)
        key = SigningKey.kept_in(Path(folder) / "issuer.json")
        for name in names:
            say(f"measuring: {name}")
            for figure in await MEASURES[name](places, key):
                say(report.line(figure))
                figures.append(figure)
            if names == list(MEASURES):
                report.write(shape, figures)
    return figures


def main() -> int:
    """Measure one shape."""
    shape = os.environ.get("BENCH_SHAPE", "embedded")
    only = os.environ.get("BENCH_ONLY", "").split()
    configure_logging(level="ERROR", fmt="json")
    with servers(shape) as standing:
        figures = loop.run(measured(shape, only or list(MEASURES), standing))
    return int(any("missed" in figure.verdict for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
