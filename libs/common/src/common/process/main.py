"""`python -m <service>_service api|worker|migrate`: one service as a process of its own; `blocked` is the operator's.

In the embedded shape one process owns the files: `api` runs the worker too, and `worker` refuses to start. In the
distributed shape `api` never connects to the brokers (its NOTIFY wakes the relay); `worker` relays, consumes, runs
jobs.
"""

import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx
from fastapi import FastAPI

from common.files.privacy import warn_of_readable
from common.kernel.clock import SystemClock
from common.messaging.bus import Bus
from common.messaging.embedded.log import open_bus
from common.messaging.kafka.client import KafkaBus
from common.messaging.kafka.wire import KafkaAccess
from common.observability.instruments import Instruments
from common.observability.logging import configure_logging
from common.observability.tracing import Tracing, exporting
from common.process import blocked
from common.process.application import create_app, create_worker_app
from common.process.http.draining import DRAIN_SECONDS, NOTICE_SECONDS, DrainingServer
from common.process.http.protocol import ServingConfig
from common.process.loop import run
from common.process.migrating import bring_forward
from common.process.running import file_store, legal_clock, running
from common.runtime import Ports, Runtime
from common.service import Service
from common.settings import Settings, Shape, UnusableSettingsError
from common.storage.database.engine import Unavailable
from common.storage.migrations.rights import UnprotectedError
from common.storage.migrations.runner import DatabaseNotReadyError
from common.web.access.auth import JwksVerifier
from common.web.access.issuer import discovered

TASKS = ("api", "worker", "migrate")


class TaskRefusedError(Exception):
    """The task does not fit the settings."""


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run the task that the command line names.

    Ends the process with status 2 and a message when the task cannot run, with 1 when the worker failed; after that
    the supervisor restarts the process.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [blocked.TASK]:
        raise SystemExit(blocked.main(service, given[1:]))
    if len(given) != 1 or given[0] not in TASKS:
        raise SystemExit(f"usage: python -m {service.package} {'|'.join((*TASKS, f'{blocked.TASK} …'))}")
    try:
        settings = Settings.for_service(service.name)
        configure_logging(level=settings.log_level, fmt=settings.log_format)
        Settings.warn_of_unknown([service.name])
        warn_of_readable(settings.data)
        run(_run(service, settings, given[0]))
    except (UnusableSettingsError, DatabaseNotReadyError, UnprotectedError, TaskRefusedError) as error:
        sys.stderr.write(f"{service.name}: {error}\n")
        raise SystemExit(2) from error
    except Unavailable as error:
        sys.stderr.write(f"{service.name}: the database cannot be used: {error.reason}\n")
        raise SystemExit(1) from error


async def _run(service: Service, settings: Settings, task: str) -> None:
    if task == "migrate":
        await bring_forward(service, settings)
        return
    with exporting(settings.otlp_endpoint) as tracing_of:
        app = _application(service, settings, task, tracing_of(service.name))
        behind_gateway = task == "api" and settings.shape is Shape.DISTRIBUTED
        server = DrainingServer(
            ServingConfig(app, settings, drain_seconds=DRAIN_SECONDS),
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
    access = KafkaAccess.of(settings)

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
            instruments=Instruments(legal=legal_clock(settings, system), system=system, tracing=tracing),
        )
        yield await stack.enter_async_context(running(service, settings, ports, working=working, migrating=False))
