"""`make profile`: where the time of a brand read, a submit, the relay and the consumer goes, on one shape.

cProfile makes everything slower and small functions most of all: it shows shares, not speeds.
"""

import cProfile
import io
import os
import pstats
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from bench import streams
from bench.figures import Figure
from bench.filling import fill_applications, fill_registry
from bench.overhttp import SIZES, getting, submitting
from bench.places import Places, Servers, servers
from bench.serving import serving
from common.process import loop
from embedded.issuer.keys import SigningKey

LINES: Final = 45
SUBMITS: Final = 400


async def read(places: Places, key: SigningKey) -> str:
    """Profile the server of brand reads."""
    place = await fill_registry(places, "read", SIZES[0])
    async with serving("registry", place, key, profile=True) as server:
        await getting(server, "/v1/brands/{number}", SIZES[0], 3 * SIZES[0])()
    return (place.folder / "profile.txt").read_text("utf-8")


async def submit(places: Places, key: SigningKey) -> str:
    """Profile the server of submits."""
    place = await fill_applications(places, "submit", SUBMITS + 1)
    async with serving("applications", place, key, profile=True) as server:
        await submitting(server, key, SUBMITS)()
    return (place.folder / "profile.txt").read_text("utf-8")


def _inside(measure: Callable[[Places, SigningKey], Awaitable[list[Figure]]]) -> "Profiled":
    async def profiled(places: Places, key: SigningKey) -> str:
        profiler = cProfile.Profile()
        profiler.enable()
        await measure(places, key)
        profiler.disable()
        return as_text(profiler)

    return profiled


def as_text(profiler: cProfile.Profile) -> str:
    """Return a profile as text, by own time and by time with everything below."""
    out = io.StringIO()
    for order in ("tottime", "cumulative"):
        pstats.Stats(profiler, stream=out).sort_stats(order).print_stats(LINES)
    return out.getvalue()


Profiled = Callable[[Places, SigningKey], Awaitable[str]]
PROFILES: Final[Mapping[str, Profiled]] = {
    "read": read,
    "submit": submit,
    "relay": _inside(streams.relaying),
    "consume": _inside(streams.consuming),
    "inbox": _inside(streams.entering),
}


async def profiled(names: list[str], standing: Servers | None) -> None:
    """Print the profiles one after another."""
    with tempfile.TemporaryDirectory(prefix="mingpai-profile-") as folder:
        places = Places(Path(folder), standing)
        key = SigningKey.kept_in(Path(folder) / "issuer.json")
        for name in names:
            sys.stdout.write(f"== {name}\n{await PROFILES[name](places, key)}\n")


def main() -> None:
    """Profile one shape; `BENCH_ONLY` names some of the measures."""
    names = os.environ.get("BENCH_ONLY", "").split() or list(PROFILES)
    shape = os.environ.get("BENCH_SHAPE", "embedded")
    with servers(shape) as standing:
        loop.run(profiled(names, standing))


if __name__ == "__main__":
    main()
