"""Puts one origin together: pages and documents over the services, in the demo the issuer, the mailbox and the clock.

Production gets none of the demo's sites: it has an issuer, a mail server and a clock of its own. Whether the services
live in this process or elsewhere is the gateway's business.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

import httpx
from fastapi import FastAPI
from starlette.requests import Request

from common.actor import Actor, Verifier
from common.clock import Clock, LegalClock
from common.settings import Profile, Settings
from common.web import pages as documentation, problems
from common.web.auth import JwksVerifier, authenticate
from common.web.issuer import discovered
from common.web.origins import admit
from embedded.demo import load_demo
from embedded.demo_clock import demo_clock_app
from embedded.gateway import Gateway, Part
from embedded.issuer import Issuer, issuer_app
from embedded.mailbox import MailStore, mailbox_app
from embedded.pages import pages_app
from embedded.status import ServiceStatus, Status

AUDIENCE: Final = "mingpai"
_ROOT_MARK: Final = "requirements.lock"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one process stands, since when, and by which clocks it lives."""

    url: str
    data: Path
    profile: Profile
    started_at: datetime
    system: Clock
    legal: LegalClock
    verifier: Verifier
    issuer: Issuer | None
    origins: Sequence[str] = ()
    """Front ends on other hosts that may read what stands here."""

    @property
    def is_demo(self) -> bool:
        """Whether the demo's sites stand here."""
        return self.profile is Profile.DEMO


class Named(Protocol):
    """A service as the status page tells of it."""

    @property
    def name(self) -> str:
        """The service's name."""

    @property
    def nouns(self) -> Collection[str]:
        """The first path segments under `/v1`."""


class Standing(Protocol):
    """What stands before the services: it knows them, and how each does."""

    @property
    def parts(self) -> Sequence[Named]:
        """The services."""

    async def readiness(self) -> Mapping[str, str | None]:
        """Return for each service None when it is ready, else why not."""


S = TypeVar("S", bound=Standing)
Make: TypeAlias = Callable[[FastAPI, Mapping[str, FastAPI]], S]
"""Makes what stands before the services from the pages and the demo's sites by first segment."""


@dataclass(frozen=True, kw_only=True)
class Assembly(Generic[S]):
    """The application of one origin with what its process has to start beside it."""

    place: Place
    gateway: S
    mails: MailStore | None


def assemble(place: Place, parts: Sequence[Part], mails: MailStore | None) -> Assembly[Gateway]:
    """Return the gateway over the parts. Raises ValueError when two of them own the same noun."""
    return assemble_before(place, mails, lambda front, sites: Gateway(parts, front=front, sites=sites))


def assemble_before(place: Place, mails: MailStore | None, make: Make[S]) -> Assembly[S]:
    """Return what `make` makes of the pages and the demo's sites; the issuer stands alone where no mailbox is ours."""
    sites = {} if place.issuer is None else _demo_sites(place, place.issuer, mails)
    reporter = _Reporter(place, mails)
    front = pages_app(reporter, url=place.url, demo=place.is_demo, mailbox=mails is not None, readme=_readme())
    problems.install(front)
    documentation.install(front)
    admit(front, place.origins)
    reporter.gateway = gateway = make(front, sites)
    return Assembly(place=place, gateway=gateway, mails=mails)


def own_verifier(issuer: Issuer, system: Clock) -> Verifier:
    """Return the verifier of our own issuer's tokens.

    Its keys are at hand: asking for them over HTTP would need the port that is not served yet.
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

    issuing, clock = issuer_app(issuer), demo_clock_app(place.legal, who)
    admit(clock, place.origins)
    sites = {"oauth": issuing, ".well-known": issuing, "v1/demo": clock}
    if mails is not None:
        sites |= dict.fromkeys(("mailbox", "mailbox.json"), mailbox_app(mails))
    return sites


class _Reporter:
    """Tells the status page how the process does."""

    def __init__(self, place: Place, mails: MailStore | None) -> None:
        self._place = place
        self._mails = mails
        self.gateway: Standing | None = None

    async def status(self) -> Status:
        parts = self.gateway.parts if self.gateway else ()
        reasons = await self.gateway.readiness() if self.gateway else {}
        return Status(
            url=self._place.url,
            data=str(self._place.data.resolve()),
            profile=self._place.profile,
            started_at=self._place.started_at,
            legal_at=self._place.legal.now(),
            system_at=self._place.system.now(),
            services=[
                ServiceStatus(
                    name=part.name, ready=not reasons[part.name], reason=reasons[part.name], nouns=sorted(part.nouns)
                )
                for part in parts
            ],
            mails=self._mails.listing(limit=1).total if self._mails else None,
        )
