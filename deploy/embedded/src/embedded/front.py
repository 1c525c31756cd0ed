"""The front as a process: `python -m embedded front`, one of the distributed shape.

The demo's issuer, legal clock and mailbox live here; in production there are only pages and documents. It keeps its
port alone: the mails, the issuer's key and the clock lie in files.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx
import uvicorn

from common.clock import SystemClock
from common.ids import new_id
from common.logging import configure_logging
from common.running import legal_clock
from common.settings import Settings
from embedded.assembly import Assembly, Place, assemble_before, demo_issuer, foreign_verifier, own_verifier
from embedded.mailbox import MailStore, SmtpSink
from embedded.remote import Front, remote_parts

NAME: Final = "front"
LAST_REQUESTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontStart:
    """What the command line says: the origin that users see, and the processes of each service by its name."""

    url: str
    apis: Mapping[str, Sequence[str]]
    workers: Mapping[str, Sequence[str]]
    mailbox: bool
    environ: Mapping[str, str]


async def serve_front(start: FrontStart) -> None:
    """Serve until a signal. Raises UnusableSettingsError or UnusableAddressesError before anything is started."""
    settings = Settings.for_service(NAME, start.environ)
    configure_logging(level=settings.log_level, fmt=settings.log_format)
    async with front_of(start, settings) as assembly:
        config = uvicorn.Config(
            assembly.gateway,
            host=settings.host,
            port=settings.port,
            lifespan="off",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=LAST_REQUESTS,
            server_header=False,
        )
        await uvicorn.Server(config).serve()


@asynccontextmanager
async def front_of(start: FrontStart, settings: Settings) -> AsyncIterator[Assembly[Front]]:
    """Put the front together, with its mail sink where it has one; nothing is served yet."""
    system, demo = SystemClock(), not settings.is_production
    parts = remote_parts(settings, apis=start.apis, workers=start.workers)
    mails = MailStore(settings.data / "mail", ids=new_id, clock=system) if demo and start.mailbox else None
    async with AsyncExitStack() as stack:
        if mails is not None:
            await stack.enter_async_context(await SmtpSink.start(mails, port=settings.smtp_port))
        client = await stack.enter_async_context(httpx.AsyncClient())
        issuer = demo_issuer(start.url, settings.data, system) if demo else None
        place = Place(
            url=start.url,
            data=settings.data,
            profile=settings.profile,
            started_at=system.now(),
            system=system,
            legal=legal_clock(settings, system),
            verifier=own_verifier(issuer, system) if issuer else foreign_verifier(settings, system, client),
            issuer=issuer,
            origins=settings.cors_origins,
        )
        yield assemble_before(place, mails, lambda app, sites: Front(parts, client=client, front=app, sites=sites))
