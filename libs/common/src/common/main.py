"""`python -m <service>_service api|worker|migrate`: one service as a process of its own.

On SQLite one process owns the file: `api` hosts the worker, `worker` alone refuses, `migrate` refuses a file in use.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import uvicorn

from common.application import create_app
from common.clock import SystemClock
from common.logging import configure_logging
from common.messaging.embedded import open_bus
from common.running import Ports, legal_clock, local_files, running
from common.runtime import Runtime
from common.service import Service
from common.settings import Settings, Shape, UnusableSettingsError
from common.storage.engine import open_database
from common.storage.migrations import DatabaseNotReadyError, migrate
from common.web.auth import JwksVerifier
from common.web.issuer import discovered

TASKS = ("api", "worker", "migrate")


class TaskRefusedError(Exception):
    """The task does not fit the settings."""


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run the task that the command line names; ends the process with status 2 and a sentence when it cannot."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1 or given[0] not in TASKS:
        raise SystemExit(f"usage: python -m {service.package} {'|'.join(TASKS)}")
    try:
        settings = Settings.for_service(service.name)
        configure_logging(level=settings.log_level, fmt=settings.log_format)
        asyncio.run(_run(service, settings, given[0]))
    except (UnusableSettingsError, DatabaseNotReadyError, TaskRefusedError) as error:
        sys.stderr.write(f"{service.name}: {error}\n")
        raise SystemExit(2) from error


async def _run(service: Service, settings: Settings, task: str) -> None:
    if task == "migrate":
        database = open_database(settings.database_url)
        try:
            await migrate(database, service.package)
        finally:
            await database.close()
        return
    if settings.shape is Shape.DISTRIBUTED:
        raise TaskRefusedError("the distributed shape needs the Kafka adapter, which this release does not have yet")
    if task == "worker":
        raise TaskRefusedError("the embedded log belongs to one process: start `api`, which hosts its worker")
    app = create_app(service, settings, lambda: _alone(service, settings))
    config = uvicorn.Config(app, host=settings.host, port=settings.port, access_log=False, log_config=None)
    await uvicorn.Server(config).serve()


@asynccontextmanager
async def _alone(service: Service, settings: Settings) -> AsyncIterator[Runtime]:
    system = SystemClock()
    async with AsyncExitStack() as stack:
        bus = await open_bus(settings.bus)
        stack.push_async_callback(bus.close)
        client = await stack.enter_async_context(httpx.AsyncClient())
        verifier = JwksVerifier(
            issuer=settings.issuer, audience=settings.audience, fetch=discovered(settings.issuer, client), clock=system
        )
        ports = Ports(
            bus=bus,
            verifier=verifier,
            files=local_files(service, settings),
            legal=legal_clock(settings, system),
            system=system,
        )
        yield await stack.enter_async_context(running(service, settings, ports, working=True, migrating=False))
