"""Starts the embedded shape: locks the data folder and binds the port first, so that a second start changes nothing.

The demo then plays the core path over HTTP, unless it has been played on this data; a step that fails ends the process.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from common.files.privacy import warn_of_readable
from common.kernel.actor import Verifier
from common.kernel.clock import SystemClock
from common.kernel.ids import new_id
from common.messaging.embedded.log import open_bus
from common.observability.logging import configure_logging
from common.observability.tracing import Exporter, exporting
from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server
from common.process.running import legal_clock
from common.settings import Profile, Settings, UnusableSettingsError
from embedded.console import RunConsole
from embedded.journey.once import play_once
from embedded.journey.player import StepFailed
from embedded.machine.data_folder import locked, recording
from embedded.machine.ports import take
from embedded.mailbox import MailStore, SmtpSink, warn_of_mail_server, without_mail_server
from embedded.origin.assembly import Assembly, Place, assemble, demo_issuer, foreign_verifier, own_verifier
from embedded.origin.gateway import Gateway
from embedded.origin.parts import SERVICES, service_parts

HOST: Final = "127.0.0.1"
NAMES: Final = tuple(service.name for service in SERVICES)
_LAST_REQUESTS: Final = 5
_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.02


class StartFailedError(Exception):
    """The platform did not become ready; the text says which service, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The options of the command line; `environ` is the process's environment.

    `spans` receives the traces instead of the collector that the settings name.
    """

    port: int
    data: Path
    profile: Profile
    environ: Mapping[str, str]
    journey: bool = True
    spans: Exporter | None = None


async def run(start: Start, console: RunConsole) -> int:
    """Serve until a signal; returns the exit status, 1 when the journey failed.

    Raises DataInUseError, PortBusyError, UnusableSettingsError, OSError or Unavailable before anything is started, and
    StartFailedError when a service does not become ready.
    """
    async with assembled(start) as (assembly, listening):
        server = Server(ServingConfig(assembly.gateway, assembly.place.wire, drain_seconds=_LAST_REQUESTS))
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="server")
        try:
            played = await _unless_ended(_present(assembly, start, console, server), serving)
        except (StepFailed, httpx.HTTPError) as failed:
            console.failed(str(failed) or f"no answer: {type(failed).__name__}")
            played = False
        except StartFailedError:
            server.should_exit = True
            await serving
            raise
        if played is False:
            server.should_exit = True
        await serving
        return 1 if played is False else 0


async def _present(assembly: Assembly[Gateway], start: Start, console: RunConsole, server: Server) -> bool:
    """Wait until the platform is ready, play the core path unless it was played, and print the addresses."""
    place = assembly.place
    async with httpx.AsyncClient(base_url=place.url, timeout=_ANSWER_SECONDS) as client:
        await _until_ready(assembly.gateway, server, client)
        console.serving(place)
        if place.is_demo:
            await play_once(place.data, client, console, wanted=start.journey)
    console.where_to_look(place)
    return True


async def _until_ready(gateway: Gateway, server: Server, client: httpx.AsyncClient) -> None:
    """Return when every service is ready. Raises StartFailedError when one cannot be, or is not in time."""
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not (server.started and await _is_ready(client)):
                if any(child.has_failed_for_good for child in gateway.children.values()):
                    raise StartFailedError(await _what_is_missing(gateway))
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        waited = f"not ready within {_START_SECONDS:.0f} s: {await _what_is_missing(gateway)}"
        raise StartFailedError(waited) from None


async def _what_is_missing(gateway: Gateway) -> str:
    states = await gateway.readiness()
    return "; ".join(f"{name}: {state}" for name, state in states.items() if not state.serves)


async def _is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/readyz")).status_code == httpx.codes.OK


async def _unless_ended(presenting: Coroutine[Any, Any, bool], serving: asyncio.Task[None]) -> bool | None:
    """Return the result of the coroutine, None when a signal ended the server first."""
    task = asyncio.create_task(presenting, name="presentation")
    await asyncio.wait([task, serving], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.wait([task])
    return None


@asynccontextmanager
async def assembled(start: Start) -> AsyncIterator[tuple[Assembly[Gateway], socket.socket]]:
    """Lock the data folder, bind the port and build the application; nothing is served yet."""
    system = SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(locked(start.data))
        listening = stack.enter_context(take(_host(start), start.port))
        port = listening.getsockname()[1]
        url = f"http://{HOST}:{port}"
        demo = start.profile is Profile.DEMO
        mails = MailStore(start.data / "mail", ids=new_id, clock=system) if demo else None
        sink = None if mails is None else await stack.enter_async_context(await SmtpSink.start(mails))
        environ = _environment(start, port, sink)
        settings = Settings.for_platform(NAMES, environ)
        shared = settings[NAMES[0]]
        configure_logging(level=shared.log_level, fmt=shared.log_format)
        Settings.warn_of_unknown(NAMES, environ)
        if demo:
            warn_of_mail_server(start.environ, NAMES)
        warn_of_readable(start.data)
        tracing_of = stack.enter_context(exporting(shared.otlp_endpoint, start.spans))
        issuer = demo_issuer(url, start.data, system) if demo else None
        verifier = own_verifier(issuer, system) if issuer else await _foreign(shared, system, stack)
        legal = legal_clock(shared, system)
        place = Place(
            url=url,
            origin=shared.url,
            data=start.data,
            profile=start.profile,
            started_at=system.now(),
            system=system,
            legal=legal,
            verifier=verifier,
            issuer=issuer,
            wire=shared,
            origins=shared.cors_origins,
        )
        bus = await open_bus(shared.bus)
        stack.push_async_callback(bus.close)
        parts = service_parts(settings, bus=bus, verifier=verifier, legal=legal, system=system, tracing_of=tracing_of)
        stack.enter_context(recording(start.data, url=url, profile=start.profile, started_at=place.started_at))
        yield assemble(place, parts, mails), listening


def _host(start: Start) -> str:
    """Return the address to listen on; in a container it is not loopback, but the pages still name loopback."""
    return Settings.for_platform(NAMES, _environment(start, start.port, None))[NAMES[0]].host


async def _foreign(settings: Settings, system: SystemClock, stack: AsyncExitStack) -> Verifier:
    """Return the verifier of the issuer that the settings name."""
    return foreign_verifier(settings, system, await stack.enter_async_context(httpx.AsyncClient()))


def _environment(start: Start, port: int, sink: SmtpSink | None) -> dict[str, str]:
    """Return the environment that the services read: the caller's, with the launcher's variables.

    Raises UnusableSettingsError when it names another profile than the command line, so that no demo starts for a
    production, and for a variable that the demo would not follow.
    """
    named = start.environ.get("MINGPAI_PROFILE") or start.profile.value
    if named != start.profile.value:
        raise UnusableSettingsError([f"MINGPAI_PROFILE: is {named!r}, but the command line says {start.profile}"])
    environ = {**start.environ, "MINGPAI_DATA": str(start.data), "MINGPAI_PORT": str(port), "MINGPAI_PROFILE": named}
    if start.profile is Profile.DEMO:
        if environ.get("MINGPAI_ISSUER"):
            raise UnusableSettingsError(["MINGPAI_ISSUER: the demo has an issuer of its own; name yours in production"])
        url = f"http://{HOST}:{port}"
        environ = without_mail_server(environ, NAMES)
        environ.setdefault("MINGPAI_URL", url)
        environ["MINGPAI_ISSUER"] = url
        environ.setdefault("MINGPAI_CORS_ORIGINS", "*")
        environ.setdefault("MINGPAI_LOG_LEVEL", "WARNING")
    if sink is not None:
        environ |= {"MINGPAI_SMTP_HOST": HOST, "MINGPAI_SMTP_PORT": str(sink.port)}
    return environ
