"""`python -m <service>_service api|worker|migrate`: one service as a process of its own.

Embedded, one process owns the files: `api` hosts the worker and `worker` alone refuses. Distributed, `api` answers
without ever speaking to the brokers (its NOTIFY wakes the relay) and `worker` relays, consumes and runs the jobs.
"""

import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx
import uvicorn
from fastapi import FastAPI

from common.application import create_app, create_worker_app
from common.clock import SystemClock
from common.draining import DRAIN_SECONDS, NOTICE_SECONDS, DrainingServer
from common.logging import configure_logging
from common.loop import run
from common.messaging.bus import Bus
from common.messaging.embedded import open_bus
from common.messaging.kafka import KafkaBus
from common.messaging.wire import Access
from common.running import Ports, file_store, legal_clock, running
from common.runtime import Runtime
from common.service import Service
from common.settings import Settings, Shape, UnusableSettingsError
from common.storage.engine import open_database
from common.storage.migrations import DatabaseNotReadyError, migrate
from common.tracing import Tracing, exporting
from common.web.auth import JwksVerifier
from common.web.issuer import discovered

TASKS = ("api", "worker", "migrate")


class TaskRefusedError(Exception):
    """The task does not fit the settings."""


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run the task that the command line names.

    Ends the process with status 2 and a sentence when it cannot, with 1 when its worker failed: who keeps it up begins
    it again.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1 or given[0] not in TASKS:
        raise SystemExit(f"usage: python -m {service.package} {'|'.join(TASKS)}")
    try:
        settings = Settings.for_service(service.name)
        configure_logging(level=settings.log_level, fmt=settings.log_format)
        run(_run(service, settings, given[0]))
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
    with exporting(settings.otlp_endpoint) as tracing_of:
        app = _application(service, settings, task, tracing_of(service.name))
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        behind_gateway = task == "api" and settings.shape is Shape.DISTRIBUTED
        server = DrainingServer(
            config,
            app,
            notice=NOTICE_SECONDS if behind_gateway else 0,
            useless=lambda: app.state.runtime.has_lost_its_worker,
        )
        await server.serve()
    if server.gave_up:
        raise SystemExit(1)


def _application(service: Service, settings: Settings, task: str, tracing: Tracing) -> FastAPI:
    if settings.shape is Shape.DISTRIBUTED:
        return _distributed(service, settings, task, tracing)
    if task == "worker":
        raise TaskRefusedError("the embedded log belongs to one process: start `api`, which hosts its worker")
    opening = partial(_open, service, settings, tracing, working=True)
    return create_app(service, settings, lambda: opening(open_bus(settings.bus)), tracing=tracing)


def _distributed(service: Service, settings: Settings, task: str, tracing: Tracing) -> FastAPI:
    if settings.port == 0:
        raise TaskRefusedError("a process of the distributed shape is found by its port: give one")
    access = Access.of(settings)

    async def brokers() -> Bus:
        return KafkaBus(access)  # connects when it is first used, which an `api` never does

    if task == "worker":
        return create_worker_app(service, lambda: _open(service, settings, tracing, brokers(), working=True))
    opening = partial(_open, service, settings, tracing, working=False)
    return create_app(service, settings, lambda: opening(brokers()), tracing=tracing)


@asynccontextmanager
async def _open(
    service: Service, settings: Settings, tracing: Tracing, opening: Awaitable[Bus], *, working: bool
) -> AsyncIterator[Runtime]:
    system = SystemClock()
    async with AsyncExitStack() as stack:
        bus = await opening
        stack.push_async_callback(bus.close)
        client = await stack.enter_async_context(httpx.AsyncClient())
        fetch = discovered(settings.issuer, client, at=settings.issuer_address)
        verifier = JwksVerifier(issuer=settings.issuer, audience=settings.audience, fetch=fetch, clock=system)
        ports = Ports(
            bus=bus,
            verifier=verifier,
            files=file_store(service, settings),
            legal=legal_clock(settings, system),
            system=system,
            tracing=tracing,
        )
        yield await stack.enter_async_context(running(service, settings, ports, working=working, migrating=False))
