"""Puts the one application together: the services' parts, and in the demo the issuer, the mailbox and the clock.

Production gets none of the demo's sites: it has an issuer, a mail server and a clock of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request

from common.actor import Actor, Verifier
from common.clock import Clock, LegalClock
from common.settings import Profile
from common.web import pages as documentation, problems
from common.web.auth import JwksVerifier, authenticate
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

    @property
    def is_demo(self) -> bool:
        """Whether the demo's sites stand here."""
        return self.profile is Profile.DEMO


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """The gateway of one process with what the launcher has to start beside it."""

    place: Place
    gateway: Gateway
    mails: MailStore | None


def assemble(place: Place, parts: Sequence[Part], mails: MailStore | None) -> Assembly:
    """Return the gateway over the parts. Raises ValueError when two of them own the same noun."""
    sites = _demo_sites(place, place.issuer, mails) if place.issuer is not None and mails is not None else {}
    reporter = _Reporter(place, mails)
    front = pages_app(reporter, url=place.url, demo=place.is_demo, readme=_readme())
    problems.install(front)
    documentation.install(front)
    reporter.gateway = gateway = Gateway(parts, front=front, sites=sites)
    return Assembly(place=place, gateway=gateway, mails=mails)


def own_verifier(issuer: Issuer, system: Clock) -> Verifier:
    """Return the verifier of our own issuer's tokens.

    Its keys are at hand: asking for them over HTTP would need the port that is not served yet.
    """

    async def own_keys() -> dict[str, object]:
        return issuer.key.jwks()

    return JwksVerifier(issuer=issuer.url, audience=AUDIENCE, fetch=own_keys, clock=system)


def demo_issuer(url: str, data: Path, system: Clock) -> Issuer:
    """Return the development issuer of this origin."""
    return Issuer.at(url, demo=load_demo(), key_file=data / "issuer.json", clock=system)


def _readme() -> Path | None:
    """Return the README of the checkout that this runs from, None when it is installed without one."""
    root = next((folder for folder in Path(__file__).parents if (folder / _ROOT_MARK).exists()), None)
    readme = root / "README.md" if root else None
    return readme if readme and readme.exists() else None


def _demo_sites(place: Place, issuer: Issuer, mails: MailStore) -> dict[str, FastAPI]:
    async def who(request: Request) -> Actor:
        return await authenticate(request, place.verifier)

    issuing, mailbox = issuer_app(issuer), mailbox_app(mails)
    return {
        "oauth": issuing,
        ".well-known": issuing,
        "mailbox": mailbox,
        "mailbox.json": mailbox,
        "v1/demo": demo_clock_app(place.legal, who),
    }


class _Reporter:
    """Tells the status page how the process does."""

    def __init__(self, place: Place, mails: MailStore | None) -> None:
        self._place = place
        self._mails = mails
        self.gateway: Gateway | None = None

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
