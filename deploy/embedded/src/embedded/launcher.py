"""Starts the embedded shape: takes the data directory and the port first, so that a second start breaks nothing.

The demo then plays the core path over HTTP, unless it has been played on this data; a step that fails ends the process.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn

from common.actor import Verifier
from common.clock import SystemClock
from common.ids import new_id
from common.logging import configure_logging
from common.messaging.embedded import open_bus
from common.running import legal_clock
from common.settings import Profile, Settings
from common.tracing import Exporter, exporting
from embedded.assembly import Assembly, Place, assemble, demo_issuer, foreign_verifier, own_verifier
from embedded.demo import load_demo
from embedded.durable import write_durably
from embedded.gateway import Gateway
from embedded.journey.core_path import play
from embedded.journey.player import Player, StepFailed
from embedded.mailbox import MailStore, SmtpSink
from embedded.parts import SERVICES, service_parts
from embedded.ports import take
from embedded.running import announced, claimed
from embedded.telling import Teller

HOST: Final = "127.0.0.1"
PLAYED: Final = "journey.json"
_LAST_REQUESTS: Final = 5
_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the command line says; `environ` is the process's environment.

    `spans` is where traces go instead of the collector of the settings.
    """

    port: int
    data: Path
    profile: Profile
    environ: Mapping[str, str]
    journey: bool = True
    spans: Exporter | None = None


async def run(start: Start, teller: Teller) -> int:
    """Serve until a signal; returns the exit status, 1 when the journey failed.

    Raises DataInUseError, PortBusyError or UnusableSettingsError before anything is started.
    """
    async with assembled(start) as (assembly, listening):
        config = uvicorn.Config(
            assembly.gateway,
            lifespan="on",
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=_LAST_REQUESTS,
            server_header=False,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="server")
        try:
            played = await _unless_ended(_present(assembly.place, start, teller, server), serving)
        except StepFailed as failed:
            teller.failed(failed)
            played = False
        if played is False:
            server.should_exit = True
        await serving
        return 1 if played is False else 0


async def _present(place: Place, start: Start, teller: Teller, server: uvicorn.Server) -> bool:
    """Wait until the platform is ready, play the core path where that is due, and say where to look."""
    async with httpx.AsyncClient(base_url=place.url, timeout=_ANSWER_SECONDS) as client:
        async with asyncio.timeout(_START_SECONDS):
            while not (server.started and await _is_ready(client)):  # noqa: ASYNC110 -- readiness over HTTP has no event
                await asyncio.sleep(_LOOK_SECONDS)
        teller.serving(place)
        played = place.data / PLAYED
        if place.is_demo and start.journey and not played.exists():
            player = Player(client, load_demo(), story="core-path", tell=teller.step)
            await play(player)
            write_durably(played, json.dumps({"steps": len(player.steps)}).encode())
            teller.passed(len(player.steps))
        elif place.is_demo and played.exists():
            teller.skipped(json.loads(played.read_bytes())["steps"])
    teller.where_to_look(place)
    return True


async def _is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == httpx.codes.OK


async def _unless_ended(presenting: Coroutine[Any, Any, bool], serving: asyncio.Task[None]) -> bool | None:
    """Return what was presented, None when a signal ended the server first."""
    task = asyncio.create_task(presenting, name="presentation")
    await asyncio.wait([task, serving], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.wait([task])
    return None


@asynccontextmanager
async def assembled(start: Start) -> AsyncIterator[tuple[Assembly[Gateway], socket.socket]]:
    """Take data and port and put everything together; nothing is served yet."""
    system = SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(claimed(start.data))
        listening = stack.enter_context(take(_host(start), start.port))
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        demo = start.profile is Profile.DEMO
        mails = MailStore(start.data / "mail", ids=new_id, clock=system) if demo else None
        sink = None if mails is None else await stack.enter_async_context(await SmtpSink.start(mails))
        environ = _environment(start, url, sink)
        settings = {service.name: Settings.for_service(service.name, environ) for service in SERVICES}
        shared = settings[SERVICES[0].name]
        configure_logging(level=shared.log_level, fmt=shared.log_format)
        tracing_of = stack.enter_context(exporting(shared.otlp_endpoint, start.spans))
        issuer = demo_issuer(url, start.data, system) if demo else None
        verifier = own_verifier(issuer, system) if issuer else await _foreign(shared, system, stack)
        legal = legal_clock(shared, system)
        place = Place(
            url=url,
            data=start.data,
            profile=start.profile,
            started_at=system.now(),
            system=system,
            legal=legal,
            verifier=verifier,
            issuer=issuer,
            origins=shared.cors_origins,
        )
        bus = await open_bus(shared.bus)
        stack.push_async_callback(bus.close)
        parts = service_parts(settings, bus=bus, verifier=verifier, legal=legal, system=system, tracing_of=tracing_of)
        stack.enter_context(announced(start.data, url=url, profile=start.profile, started_at=place.started_at))
        yield assemble(place, parts, mails), listening


def _host(start: Start) -> str:
    """Return the address to listen on; beyond loopback (a container) it is still loopback that the pages name."""
    return Settings.for_service(SERVICES[0].name, start.environ).host


async def _foreign(settings: Settings, system: SystemClock, stack: AsyncExitStack) -> Verifier:
    """Return the verifier of the issuer that the settings name."""
    return foreign_verifier(settings, system, await stack.enter_async_context(httpx.AsyncClient()))


def _environment(start: Start, url: str, sink: SmtpSink | None) -> dict[str, str]:
    """Return the environment that the services read: the caller's, and what the launcher decides."""
    environ = {**start.environ, "MINGPAI_DATA": str(start.data), "MINGPAI_PROFILE": start.profile.value}
    if sink is not None:
        environ |= {"MINGPAI_ISSUER": url, "MINGPAI_SMTP_HOST": HOST, "MINGPAI_SMTP_PORT": str(sink.port)}
        environ.setdefault("MINGPAI_CORS_ORIGINS", "*")
        environ.setdefault("MINGPAI_LOG_LEVEL", "WARNING")
    return environ
