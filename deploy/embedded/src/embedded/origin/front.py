"""The front as a process of the distributed shape: `python -m embedded front`.

It runs the demo's issuer, legal clock and mailbox; in production it serves only pages and documents. It stores its
state in files only: the mails, the issuer's key and the clock.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from common.files.privacy import warn_of_readable
from common.kernel.clock import SystemClock
from common.kernel.ids import new_id
from common.observability.logging import configure_logging
from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server
from common.process.running import legal_clock
from common.settings import Settings
from embedded.mailbox import MailStore, SmtpSink
from embedded.origin.assembly import Assembly, Place, assemble_before, demo_issuer, foreign_verifier, own_verifier
from embedded.origin.remote import Front, remote_parts

NAME: Final = "front"
LAST_REQUESTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontStart:
    """The options of the command line: the processes of each service by its name."""

    apis: Mapping[str, Sequence[str]]
    workers: Mapping[str, Sequence[str]]
    mailbox: bool
    environ: Mapping[str, str]


async def serve_front(start: FrontStart) -> None:
    """Serve until a signal. Raises UnusableSettingsError or UnusableAddressesError before anything is started."""
    settings = Settings.for_service(NAME, start.environ)
    configure_logging(level=settings.log_level, fmt=settings.log_format)
    Settings.warn_of_unknown([NAME], start.environ)
    warn_of_readable(settings.data)
    async with front_of(start, settings) as assembly:
        config = ServingConfig(assembly.gateway, settings, drain_seconds=LAST_REQUESTS, lifespan="off")
        await Server(config).serve()


@asynccontextmanager
async def front_of(start: FrontStart, settings: Settings) -> AsyncIterator[Assembly[Front]]:
    """Build the front and its mail sink, if it has one; nothing is served yet."""
    system, demo = SystemClock(), not settings.is_production
    parts = remote_parts(settings, apis=start.apis, workers=start.workers)
    mails = MailStore(settings.data / "mail", ids=new_id, clock=system) if demo and start.mailbox else None
    async with AsyncExitStack() as stack:
        if mails is not None:
            await stack.enter_async_context(await SmtpSink.start(mails, port=settings.smtp_port))
        client = await stack.enter_async_context(httpx.AsyncClient())
        issuer = demo_issuer(settings.url, settings.data, system) if demo else None
        place = Place(
            url=settings.url,
            origin=settings.url,
            data=settings.data,
            profile=settings.profile,
            started_at=system.now(),
            system=system,
            legal=legal_clock(settings, system),
            verifier=own_verifier(issuer, system) if issuer else foreign_verifier(settings, system, client),
            issuer=issuer,
            wire=settings,
            origins=settings.cors_origins,
        )
        yield assemble_before(place, mails, lambda app, sites: Front(parts, client=client, front=app, sites=sites))
