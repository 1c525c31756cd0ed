"""Serving until a signal or until the process is useless, then shutting down without failing a request.

First `/readyz` fails; during the notice every request is still answered, and its connection is closed after the answer;
then the server closes. A gateway drops its idle connections within the notice, so that the server never closes one on
which a request was just sent.
"""

import asyncio
import socket
from collections.abc import Callable

from fastapi import FastAPI

from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server

NOTICE_SECONDS = 3.0
"""Longer than the gateway keeps an idle connection (`common.wire.GATEWAY_IDLE_SECONDS`)."""
DRAIN_SECONDS = 15
"""How long, after the notice, running requests may still take; then they are cancelled."""


def _never() -> bool:
    return False


class DrainingServer(Server):
    """Serves an application whose `/readyz` reads `state.leaving`; the drain begins after `notice` seconds.

    `useless` is polled a few times a second; once it returns true, the server shuts down as at a signal.
    """

    def __init__(
        self,
        config: ServingConfig,
        app: FastAPI,
        *,
        notice: float = NOTICE_SECONDS,
        useless: Callable[[], bool] = _never,
    ) -> None:
        super().__init__(config)
        self._app = app
        self._notice = notice
        self._useless = useless
        self.gave_up = False

    async def on_tick(self, counter: int) -> bool:
        """Do what every server does at each tick; return true when the server has to shut down."""
        self.gave_up = self.gave_up or self._useless()
        return await super().on_tick(counter) or self.gave_up

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give notice, then end as uvicorn does."""
        self._app.state.leaving = True
        self.server_state.default_headers.append((b"connection", b"close"))
        await asyncio.sleep(self._notice)
        await super().shutdown(sockets)
