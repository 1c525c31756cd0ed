"""Serving until a signal, and leaving without failing a request: not ready first, then no connection kept, then closed.

While it gives notice it answers whatever still arrives, and closes each connection behind the answer: a gateway's idle
connections end by themselves in that time, so none is closed here under a request that was just sent on it.
"""

import asyncio
import socket

import uvicorn
from fastapi import FastAPI

NOTICE_SECONDS = 3.0
"""Longer than any gateway keeps an idle connection (deploy/stack/src/stack/gateway.py: 2 s)."""
DRAIN_SECONDS = 15
"""How long requests that were begun may still take after that; then they are cancelled."""


class DrainingServer(uvicorn.Server):
    """Serves an application whose `/readyz` looks at `state.leaving`; seconds of `notice` come before the drain."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, *, notice: float = NOTICE_SECONDS) -> None:
        super().__init__(config)
        self._app = app
        self._notice = notice

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give notice, then end as uvicorn does."""
        self._app.state.leaving = True
        self.server_state.default_headers.append((b"connection", b"close"))
        await asyncio.sleep(self._notice)
        await super().shutdown(sockets)
