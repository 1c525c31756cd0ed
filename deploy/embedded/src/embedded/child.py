"""One application inside the gateway: its lifespan in a task of its own, its state, and an answer while it is down.

A lifespan is entered and left in the same task, as task groups inside it demand. One that fails, or whose worker has
ended by itself, is begun again with growing pauses; meanwhile its own requests get a 503 and nobody else notices.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import httpx
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from common.runtime import Runtime
from common.web.origins import readable
from common.web.problems import answer
from common.web.refusals import ServiceUnavailable

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(seconds=30)
_READY_WITHIN: Final = 5.0
_log: Final = logging.getLogger(__name__)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = ServiceUnavailable(retry_after=int(LONGEST_PAUSE.total_seconds()))
    await answer(Request(scope), refusal)(scope, receive, send)


_IS_DOWN: Final = readable(_refuse)


class Child:
    """A FastAPI application that lives as long as the gateway does."""

    def __init__(self, name: str, app: FastAPI, *, first_pause: timedelta = FIRST_PAUSE) -> None:
        self.name = name
        self.app = app
        self.failure: Exception | None = None
        self._first_pause = first_pause
        self._state: dict[str, object] | None = None
        self._settled = asyncio.Event()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin its life; return when it is up or has failed for the first time."""
        self._stop.clear()
        self._settled.clear()
        self._task = asyncio.create_task(self._live(), name=f"lifespan of {self.name}")
        await self._settled.wait()

    async def stop(self) -> None:
        """End its life and wait until its lifespan has cleaned up."""
        self._stop.set()
        if self._task is not None:
            await self._task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say 503 while the application is down."""
        if self._state is None:
            await _IS_DOWN(scope, receive, send)
            return
        scope["state"] = dict(self._state)
        await self.app(scope, receive, send)

    async def why_not_ready(self) -> str | None:
        """Ask the application's own `/readyz`; return None when it is ready, else a short reason."""
        if self._state is None:
            return type(self.failure).__name__ if self.failure else "starting"
        transport = httpx.ASGITransport(app=self, raise_app_exceptions=False)
        try:
            async with (
                asyncio.timeout(_READY_WITHIN),
                httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
            ):
                status = (await client.get("/readyz")).status_code
        except TimeoutError:
            return f"/readyz does not answer within {_READY_WITHIN:.0f} s"
        return None if status == httpx.codes.OK else f"/readyz answers {status}"

    async def _live(self) -> None:
        pause = self._first_pause
        while not self._stop.is_set():
            try:
                async with self.app.router.lifespan_context(self.app) as state:
                    self._state = dict(state or {})
                    self.failure = None
                    self._settled.set()
                    await self._stop_or_useless()
            except Exception as error:  # noqa: BLE001 -- whatever it is, the other parts go on
                self.failure = error
                _log.exception("%s could not start, go on or stop", self.name)
            finally:
                self._state = None
                self._settled.set()
            await self._stopped_within(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _stop_or_useless(self) -> None:
        """Wait until it is to stop. Raises RuntimeError when its worker ends before: it could only answer any more."""
        runtime: Runtime | None = getattr(self.app.state, "runtime", None)
        stopping = asyncio.create_task(self._stop.wait())
        until = [stopping] if runtime is None or runtime.worker is None else [stopping, runtime.worker]
        try:
            await asyncio.wait(until, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if not self._stop.is_set():
            raise RuntimeError("its worker has ended")

    async def _stopped_within(self, pause: timedelta) -> None:
        try:
            async with asyncio.timeout(pause.total_seconds()):
                await self._stop.wait()
        except TimeoutError:
            return
