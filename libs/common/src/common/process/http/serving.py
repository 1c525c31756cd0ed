"""The one server of every process: its options are those of `ServingConfig`, and it ends late connections."""

import asyncio
from typing import Final

import structlog
import uvicorn

from common.process.http.protocol import ServingConfig, ServingProtocol

TICKS: Final = 10
"""uvicorn ticks ten times a second; late connections are looked for once a second."""
log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """Serves until a signal, or until `should_exit` is set."""

    config: ServingConfig

    def __init__(self, config: ServingConfig) -> None:
        super().__init__(config)

    async def on_tick(self, counter: int) -> bool:
        """End the connections that are late, then do what uvicorn does; true when the server has to shut down."""
        if counter % TICKS == 0:
            self._end_late_connections()
        return await super().on_tick(counter)

    def _end_late_connections(self) -> None:
        now = asyncio.get_running_loop().time()
        connections = list(self.server_state.connections)
        late = [one for one in connections if isinstance(one, ServingProtocol) and one.is_late(now)]
        for connection in late:
            connection.end()
        if late:
            log.info("late connections ended", connections=len(late))
        if len(connections) > self.config.wire.connections:
            log.warning("too many connections", connections=len(connections), cap=self.config.wire.connections)
