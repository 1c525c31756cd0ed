"""One server: `python -m bench.serve KIND PORT URL FOLDER`, either a service as it ships or a bare part beside it."""

import cProfile
import json
import os
import pstats
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from applications_service.service import SERVICE as APPLICATIONS
from bench import bare
from bench.serving import ISSUER
from common.kernel.clock import SystemClock
from common.messaging.embedded.log import open_bus
from common.observability.instruments import Instruments
from common.observability.logging import configure_logging
from common.process import loop
from common.process.application import create_app
from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server
from common.process.running import file_store, legal_clock, running
from common.runtime import Ports, Runtime
from common.service import Service
from common.settings import Settings
from common.web.access.auth import JwksVerifier
from common.wire import WireSettings
from registry_service.service import SERVICE as REGISTRY


def product(service: Service, url: str, folder: Path) -> ASGIApp:
    """Return a service's application as it ships, without its worker; the issuer's keys come from a file."""
    environ = {
        "MINGPAI_DATA": str(folder),
        "MINGPAI_DATABASE_URL": url,
        "MINGPAI_ISSUER": ISSUER,
        "MINGPAI_RATE_LIMIT": "100000000/minute",
    }
    settings = Settings.for_service(service.name, environ)
    configure_logging(level="WARNING", fmt="json")

    async def keys() -> Mapping[str, object]:
        found: Mapping[str, object] = json.loads((folder / "jwks.json").read_text())
        return found

    @asynccontextmanager
    async def opened() -> AsyncIterator[Runtime]:
        system = SystemClock()
        bus = await open_bus(folder / "bus.db")
        verifier = JwksVerifier(issuer=ISSUER, audience=settings.audience, fetch=keys, clock=system)
        ports = Ports(
            bus=bus,
            verifier=verifier,
            files=file_store(service, settings),
            instruments=Instruments(legal=legal_clock(settings, system), system=system),
        )
        async with running(service, settings, ports, working=False, migrating=False) as runtime:
            yield runtime
        await bus.close()

    return create_app(service, settings, opened)


def main(kind: str, port: int, url: str, folder: Path) -> None:
    """Serve until interrupted."""
    apps: dict[str, Any] = {
        "registry": lambda: product(REGISTRY, url, folder),
        "applications": lambda: product(APPLICATIONS, url, folder),
        "asgi": lambda: bare.answer,
        "read": lambda: bare.reading(url),
        "submit": lambda: bare.submitting(url, folder),
    }
    config = ServingConfig(
        apps[kind](), WireSettings(port=port), drain_seconds=1, lifespan="on" if kind != "asgi" else "off"
    )
    if not os.environ.get("BENCH_PROFILE"):
        loop.run(Server(config).serve())
        return
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        loop.run(Server(config).serve())
    finally:
        profiler.disable()
        with (folder / "profile.txt").open("w") as out:
            for order in ("tottime", "cumulative"):
                pstats.Stats(profiler, stream=out).sort_stats(order).print_stats(45)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
