"""Builds the application of one origin: pages and documents; in the demo also the issuer, the mailbox and the clock.

Production does not serve the demo's sites. Only the gateway knows whether the services run in this process or not.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

import httpx
from fastapi import FastAPI
from starlette.requests import Request

from common.kernel.actor import Actor, Verifier
from common.kernel.clock import Clock
from common.process.legal_clock import LegalClock
from common.settings import Profile, Settings
from common.web.access.auth import JwksVerifier, authenticate
from common.web.access.issuer import discovered
from common.web.access.origins import admit
from common.web.documents import pages as documentation
from common.wire import WireSettings
from embedded.demo.clock import demo_clock_app
from embedded.demo.people import load_demo
from embedded.issuer import Issuer, issuer_app
from embedded.mailbox import MailStore, mailbox_app
from embedded.origin.contract import Documented, contract_routes
from embedded.origin.gateway import Gateway, Part
from embedded.origin.health import State
from embedded.pages.root import pages_app
from embedded.pages.status import ServiceStatus, Status

AUDIENCE: Final = "mingpai"
_ROOT_MARK: Final = "requirements.lock"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One process: its address, the origin that users see, its data folder, its start and its clocks."""

    url: str
    origin: str
    data: Path
    profile: Profile
    started_at: datetime
    system: Clock
    legal: LegalClock
    verifier: Verifier
    issuer: Issuer | None
    wire: WireSettings
    origins: Sequence[str] = ()
    """Origins of front ends on other hosts that may read the responses."""

    @property
    def is_demo(self) -> bool:
        """Whether the demo's sites are served."""
        return self.profile is Profile.DEMO


class Named(Documented, Protocol):
    """A service as the documents and the status page show it."""

    @property
    def nouns(self) -> Collection[str]:
        """The first path segments under `/v1`."""


class Standing(Protocol):
    """The application in front of the services: it knows them and whether each is ready."""

    @property
    def parts(self) -> Sequence[Named]:
        """The services."""

    async def readiness(self) -> Mapping[str, State]:
        """Return the state of each service."""


S = TypeVar("S", bound=Standing)
Make: TypeAlias = Callable[[FastAPI, Mapping[str, FastAPI]], S]
"""Takes the pages, and the demo's sites by first path segment; returns the application in front of the services."""


@dataclass(frozen=True, kw_only=True)
class Assembly(Generic[S]):
    """The application of one origin and its place; `mails` is its mailbox's store, None without a mailbox."""

    place: Place
    gateway: S
    mails: MailStore | None


def assemble(place: Place, parts: Sequence[Part], mails: MailStore | None) -> Assembly[Gateway]:
    """Return the gateway over the parts. Raises ValueError when two of them own the same noun."""
    return assemble_before(place, mails, lambda front, sites: Gateway(parts, front=front, sites=sites))


def assemble_before(place: Place, mails: MailStore | None, make: Make[S]) -> Assembly[S]:
    """Return the application in front of the services, as `make` builds it; without `mails` there is no mailbox."""
    sites = {} if place.issuer is None else _demo_sites(place, place.issuer, mails)
    reporter = _Reporter(place, mails)
    front = pages_app(reporter, url=place.origin, demo=place.is_demo, mailbox=mails is not None, readme=_readme())
    documentation.install(front)
    admit(front, place.origins)
    reporter.gateway = gateway = make(front, sites)
    front.include_router(contract_routes(gateway.parts, url=place.origin))
    return Assembly(place=place, gateway=gateway, mails=mails)


def own_verifier(issuer: Issuer, system: Clock) -> Verifier:
    """Return the verifier of our own issuer's tokens.

    Its keys are read from the issuer object, because no request to its port is answered yet.
    """

    async def own_keys() -> dict[str, object]:
        return issuer.key.jwks()

    return JwksVerifier(issuer=issuer.url, audience=AUDIENCE, fetch=own_keys, clock=system)


def foreign_verifier(settings: Settings, system: Clock, client: httpx.AsyncClient) -> Verifier:
    """Return the verifier of the issuer that the settings name; its keys are fetched when they are first needed."""
    fetch = discovered(settings.issuer, client, at=settings.issuer_address)
    return JwksVerifier(issuer=settings.issuer, audience=settings.audience, fetch=fetch, clock=system)


def demo_issuer(url: str, data: Path, system: Clock) -> Issuer:
    """Return the development issuer of this origin."""
    return Issuer.at(url, demo=load_demo(), key_file=data / "issuer.json", clock=system)


def _readme() -> Path | None:
    """Return the README of the checkout that this runs from, None when it is installed without one."""
    root = next((folder for folder in Path(__file__).parents if (folder / _ROOT_MARK).exists()), None)
    readme = root / "README.md" if root else None
    return readme if readme and readme.exists() else None


def _demo_sites(place: Place, issuer: Issuer, mails: MailStore | None) -> dict[str, FastAPI]:
    async def who(request: Request) -> Actor:
        return await authenticate(request, place.verifier)

    issuing, clock = issuer_app(issuer, place.wire), demo_clock_app(place.legal, who)
    admit(clock, place.origins)
    sites = {"oauth": issuing, ".well-known": issuing, "v1/demo": clock}
    if mails is not None:
        sites |= dict.fromkeys(("mailbox", "mailbox.json"), mailbox_app(mails))
    return sites


class _Reporter:
    """Collects the content of the status page."""

    def __init__(self, place: Place, mails: MailStore | None) -> None:
        self._place = place
        self._mails = mails
        self.gateway: Standing | None = None

    async def status(self) -> Status:
        parts = self.gateway.parts if self.gateway else ()
        states = await self.gateway.readiness() if self.gateway else {}
        return Status(
            url=self._place.url,
            profile=self._place.profile,
            started_at=self._place.started_at,
            legal_at=self._place.legal.now(),
            system_at=self._place.system.now(),
            services=[
                ServiceStatus(
                    name=part.name,
                    ready=states[part.name].reason is None,
                    reason=states[part.name].reason,
                    nouns=sorted(part.nouns),
                )
                for part in parts
            ],
            mails=self._mails.listing(limit=1).total if self._mails else None,
        )
