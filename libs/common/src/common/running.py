"""Opening what a service runs on: its database (migrated or checked), files, clocks, identity; and its worker.

The bus and the verifier are given by whoever knows the shape: the embedded launcher shares one bus among four services.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from common import failpoints
from common.actor import Verifier
from common.clock import DEMO_START, Clock, LegalClock, SystemClock
from common.files import FileStore, LocalFiles
from common.ids import Ids, new_id
from common.messaging.bus import Bus
from common.runtime import Runtime
from common.service import Service
from common.settings import Settings
from common.storage.engine import open_database
from common.storage.migrations import check, migrate
from common.tracing import OFF, Tracing
from common.worker import run_worker

STOP_SECONDS = 10.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What ships in two kinds, or is replaced in a test."""

    bus: Bus
    verifier: Verifier
    files: FileStore
    legal: Clock
    system: Clock = field(default_factory=SystemClock)
    ids: Ids = new_id
    tracing: Tracing = OFF


def file_store(service: Service, settings: Settings) -> FileStore:
    """Return the store of attachments that the settings name, or the folder; only applications writes to it."""
    read_only = service.name != "applications"
    if settings.files_endpoint is None:
        return LocalFiles(settings.files, read_only=read_only)
    from common.files_s3 import Bucket, S3Files  # noqa: PLC0415 -- a start without such a store need not wait for it

    return S3Files(Bucket.of(settings), read_only=read_only)


def legal_clock(settings: Settings, system: Clock) -> LegalClock:
    """Return the clock of the law: the demo's begins in 2015 and can be moved, production's is the system's."""
    return LegalClock(settings.clock_file, system, start=None if settings.is_production else DEMO_START)


@asynccontextmanager
async def running(
    service: Service, settings: Settings, ports: Ports, *, working: bool, migrating: bool
) -> AsyncIterator[Runtime]:
    """Open a service's runtime until the block ends; with `working` its worker runs beside it.

    Raises DatabaseNotReadyError when it neither migrates nor fits, and Unavailable when the database cannot be had.
    """
    failpoints.arm(service.name, settings.failpoint)
    database = open_database(settings.database_url)
    try:
        if migrating:
            await migrate(database, service.package)
        await check(database, service.package)
        runtime = Runtime(
            service=service.name,
            settings=settings,
            database=database,
            records=service.records,
            bus=ports.bus,
            files=ports.files,
            verifier=ports.verifier,
            system=ports.system,
            legal=ports.legal,
            ids=ports.ids,
            tracing=ports.tracing,
            named_errors=service.named_errors,
        )
        if working:
            runtime.worker = asyncio.create_task(run_worker(service, runtime), name=f"{service.name} worker")
            runtime.worker.add_done_callback(_tell_why)
        try:
            yield runtime
        finally:
            if runtime.worker is not None:
                await _stopped(runtime.worker)
    finally:
        await database.close()


async def _stopped(worker: asyncio.Task[None]) -> None:
    """Cancel the worker and wait; one that does not end in time is told with its stack and cancelled again."""
    while not worker.done():
        worker.cancel()
        _, late = await asyncio.wait([worker], timeout=STOP_SECONDS)
        if late:
            log.error(
                "worker-did-not-stop", worker=worker.get_name(), stack=[str(frame) for frame in worker.get_stack()]
            )


def _tell_why(worker: asyncio.Task[None]) -> None:
    """Log a worker that ended by itself; `/readyz` says so too."""
    if not worker.cancelled() and (error := worker.exception()) is not None:
        log.critical("worker-ended", worker=worker.get_name(), exc_info=error)
