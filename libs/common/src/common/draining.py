"""Serving until a signal, or until it is of no use, and leaving without failing a request.

It is not ready first, then keeps no connection, then is closed. While it gives notice it answers whatever still
arrives, and closes each connection behind the answer: a gateway's idle connections end by themselves in that time, so
none is closed here under a request that was just sent on it.
"""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

NOTICE_SECONDS = 3.0
"""Longer than any gateway keeps an idle connection (deploy/stack/src/stack/gateway.py: 2 s)."""
DRAIN_SECONDS = 15
"""How long requests that were begun may still take after that; then they are cancelled."""


def _never() -> bool:
    return False


class DrainingServer(uvicorn.Server):
    """Serves an application whose `/readyz` looks at `state.leaving`; seconds of `notice` come before the drain.

    `useless` is asked a few times a second: once it says so, the server leaves as at a signal.
    """

    def __init__(
        self,
        config: uvicorn.Config,
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
        """Do what uvicorn does; true when it is time to leave."""
        self.gave_up = self.gave_up or self._useless()
        return await super().on_tick(counter) or self.gave_up

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give notice, then end as uvicorn does."""
        self._app.state.leaving = True
        self.server_state.default_headers.append((b"connection", b"close"))
        await asyncio.sleep(self._notice)
        await super().shutdown(sockets)
