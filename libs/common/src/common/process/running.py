"""Opening the runtime of a service: database (migrated or checked), files, clocks, identity; and starting its worker.

The bus and the verifier are passed in, since they depend on the shape: the embedded launcher shares one bus among
four services.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from common.files.local import LocalFiles
from common.files.store import FileStore
from common.kernel import failpoints
from common.kernel.clock import Clock
from common.process.legal_clock import DEMO_START, LegalClock
from common.process.migrating import bring_forward
from common.process.worker import run_worker
from common.runtime import Ports, Runtime
from common.service import Service
from common.settings import Settings
from common.storage.database.engine import open_database
from common.storage.migrations.rights import check_rights
from common.storage.migrations.runner import check
from common.storage.service import ServiceStorage

STOP_SECONDS = 10.0
log = structlog.get_logger(__name__)


AREAS: Final = {"applications": "", "review": "review"}
"""The services that take files, each with its own area of the store: what one of them removes is never another's."""


def file_store(service: Service, settings: Settings) -> FileStore:
    """Return the service's area of the store of files, in a bucket or a folder as the settings say.

    A service that takes no files gets a store that refuses to write.
    """
    read_only, area = service.name not in AREAS, AREAS.get(service.name, "")
    if settings.files_endpoint is None:
        return LocalFiles(settings.files / area, read_only=read_only)
    from common.files.s3 import Bucket, S3Files  # noqa: PLC0415 -- the import slows the start

    return S3Files(Bucket.of(settings, area=area), read_only=read_only)


def legal_clock(settings: Settings, system: Clock) -> LegalClock:
    """Return the legal clock: in the demo it begins in 2015 and can be moved, in production it is the system's."""
    return LegalClock(settings.clock_file, system, start=None if settings.is_production else DEMO_START)


@asynccontextmanager
async def running(
    service: Service, settings: Settings, ports: Ports, *, working: bool, migrating: bool
) -> AsyncIterator[Runtime]:
    """Open a service's runtime until the block ends; with `working` its worker runs too.

    Raises DatabaseNotReadyError when the database does not fit the code and this process does not migrate it,
    UnprotectedError when rows that are kept can be changed, and Unavailable when the database cannot be reached.
    """
    failpoints.arm(service.name, settings.failpoint)
    if migrating:
        await bring_forward(service, settings)
    database = open_database(settings.database_url)
    try:
        await check(database, service.package)
        await check_rights(database, service.metadata, strict=settings.is_production)
        storage = ServiceStorage(
            service=service.name,
            url=settings.url,
            database=database,
            records=service.records,
            instruments=ports.instruments,
            named_errors=service.named_errors,
        )
        runtime = Runtime(settings=settings, ports=ports, storage=storage)
        if working:
            runtime.worker = asyncio.create_task(run_worker(service, runtime), name=f"{service.name} worker")
            runtime.worker.add_done_callback(_log_failure)
        try:
            yield runtime
        finally:
            if runtime.worker is not None:
                await _stopped(runtime.worker)
    finally:
        await database.close()


async def _stopped(worker: asyncio.Task[None]) -> None:
    """Cancel the worker and wait; one that does not end in time is logged with its stack and cancelled again."""
    while not worker.done():
        worker.cancel()
        _, late = await asyncio.wait([worker], timeout=STOP_SECONDS)
        if late:
            log.error(
                "worker-did-not-stop", worker=worker.get_name(), frames=[str(frame) for frame in worker.get_stack()]
            )


def _log_failure(worker: asyncio.Task[None]) -> None:
    """Log that the worker has ended by itself; `/readyz` then reports it too."""
    if not worker.cancelled() and (error := worker.exception()) is not None:
        log.critical("worker-ended", worker=worker.get_name(), exc_info=error)
