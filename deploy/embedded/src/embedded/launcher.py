"""Starts the embedded shape: takes the data directory and the port first, so that a second start breaks nothing."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import uvicorn

from common.clock import DEMO_START, LegalClock, SystemClock
from common.settings import Profile
from embedded.assembly import Place, assemble
from embedded.gateway import Part
from embedded.mailbox import SmtpSink
from embedded.ports import take
from embedded.running import announced, claimed

HOST: Final = "127.0.0.1"
_LAST_REQUESTS: Final = 5


async def run(*, port: int, data: Path, profile: Profile, parts: Sequence[Part] = ()) -> None:
    """Serve the parts until a signal. Raises DataInUseError or PortBusyError before anything is started."""
    system = SystemClock()
    with claimed(data), take(HOST, port) as listening:
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        place = Place(
            url=url, data=data, profile=profile, started_at=system.now(), system=system, legal=_legal(data, profile)
        )
        assembly = assemble(place, parts)
        async with AsyncExitStack() as stack:
            if assembly.mails is not None:
                await stack.enter_async_context(await SmtpSink.start(assembly.mails))
            stack.enter_context(announced(data, url=url, profile=profile, started_at=place.started_at))
            config = uvicorn.Config(
                assembly.gateway,
                lifespan="on",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=_LAST_REQUESTS,
                server_header=False,
            )
            await uvicorn.Server(config).serve(sockets=[listening])


def _legal(data: Path, profile: Profile) -> LegalClock:
    if profile is Profile.PRODUCTION:
        return LegalClock(None, SystemClock())
    return LegalClock(data / "demo-clock.json", SystemClock(), start=DEMO_START)
