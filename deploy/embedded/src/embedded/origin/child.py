"""One service inside the gateway: its lifespan in a task of its own, its state, and the response while it is down.

A lifespan is entered and left in the same task, as the task groups inside it require. A service that fails, or whose
worker has ended, is restarted with growing pauses, unless only an operator can remove the reason; until it runs again,
only its own requests are answered with 503.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import httpx
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from common.messaging.backoff import Backoff
from common.runtime import Runtime
from common.settings import UnusableSettingsError
from common.storage.database.engine import Unavailable
from common.storage.database.sqlite import DatabaseOwned, NetworkFileSystem
from common.storage.migrations.rights import UnprotectedError
from common.storage.migrations.runner import DatabaseNotReadyError
from common.web.access.origins import readable
from common.web.answers.problems import answer
from common.web.refusals import ServiceUnavailable
from embedded.origin.health import State, not_ready, state_of

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(seconds=30)
LASTING: Final = (DatabaseNotReadyError, NetworkFileSystem, UnprotectedError, UnusableSettingsError)
"""Failures that no restart can pass: their texts say what an operator must do."""
_READY_WITHIN: Final = 5.0
_log: Final = logging.getLogger(__name__)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = ServiceUnavailable(retry_after=int(LONGEST_PAUSE.total_seconds()))
    await answer(Request(scope), refusal)(scope, receive, send)


_IS_DOWN: Final = readable(_refuse)


class Child:
    """A FastAPI application that runs as long as the gateway."""

    def __init__(self, name: str, app: FastAPI, *, first_pause: timedelta = FIRST_PAUSE) -> None:
        self.name = name
        self.app = app
        self.failure: Exception | None = None
        self._backoff = Backoff(first=first_pause.total_seconds(), factor=2, longest=LONGEST_PAUSE.total_seconds())
        self._state: dict[str, object] | None = None
        self._settled = asyncio.Event()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the application; return when it runs or has failed for the first time."""
        self._stop.clear()
        self._settled.clear()
        self._task = asyncio.create_task(self._live(), name=f"lifespan of {self.name}")
        await self._settled.wait()

    async def stop(self) -> None:
        """Stop the application and wait until its lifespan has ended."""
        self._stop.set()
        if self._task is not None:
            await self._task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with 503 while the application is down."""
        if self._state is None:
            await _IS_DOWN(scope, receive, send)
            return
        scope["state"] = dict(self._state)
        await self.app(scope, receive, send)

    @property
    def has_failed_for_good(self) -> bool:
        """Whether the application is not restarted."""
        return isinstance(self.failure, LASTING)

    async def state(self) -> State:
        """Ask the application's own `/readyz`."""
        if self._state is None:
            return not_ready(_reason(self.failure) if self.failure else "starting")
        transport = httpx.ASGITransport(app=self, raise_app_exceptions=False)
        try:
            async with (
                asyncio.timeout(_READY_WITHIN),
                httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
            ):
                return state_of(await client.get("/readyz"))
        except TimeoutError:
            return not_ready(f"/readyz does not answer within {_READY_WITHIN:.0f} s")

    async def _live(self) -> None:
        ends = 0
        while not self._stop.is_set():
            try:
                async with self.app.router.lifespan_context(self.app) as state:
                    self._state = dict(state or {})
                    self.failure = None
                    self._settled.set()
                    await self._stopped_or_worker_ended()
            except LASTING as error:
                self.failure = error
                _log.error("%s cannot start and is not restarted: %s", self.name, error)
                return
            except Exception as error:  # noqa: BLE001 -- a failure of one service must not end the others
                self.failure = error
                _log.exception("%s could not start, go on or stop", self.name)
            finally:
                self._state = None
                self._settled.set()
            ends += 1
            await self._stopped_within(self._backoff.delay(ends))

    async def _stopped_or_worker_ended(self) -> None:
        """Wait until the application must stop. Raises RuntimeError when its worker ends before that."""
        runtime: Runtime | None = getattr(self.app.state, "runtime", None)
        stopping = asyncio.create_task(self._stop.wait())
        until = [stopping] if runtime is None or runtime.worker is None else [stopping, runtime.worker]
        try:
            await asyncio.wait(until, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if not self._stop.is_set():
            raise RuntimeError("its worker has ended")

    async def _stopped_within(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return


def _reason(failure: Exception) -> str:
    """Return what an operator needs to know; the text of an unforeseen error stays in the log."""
    if isinstance(failure, (*LASTING, DatabaseOwned)):
        return str(failure)
    return f"database unavailable: {failure.reason}" if isinstance(failure, Unavailable) else type(failure).__name__
