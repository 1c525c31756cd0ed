"""The four services as parts of one process: one bus, one clock and one verifier among them, a database each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from applications_service.service import SERVICE as APPLICATIONS
from common.actor import Verifier
from common.application import create_app
from common.clock import Clock
from common.messaging.bus import Bus
from common.running import Ports, file_store, running
from common.service import Service
from common.settings import Settings
from common.tracing import Making
from notifications_service.service import SERVICE as NOTIFICATIONS
from registry_service.service import SERVICE as REGISTRY
from review_service.service import SERVICE as REVIEW

SERVICES: tuple[Service, ...] = (APPLICATIONS, REVIEW, REGISTRY, NOTIFICATIONS)


@dataclass(frozen=True, slots=True)
class ServicePart:
    """A service as the gateway wants it."""

    name: str
    app: FastAPI
    nouns: tuple[str, ...]


def service_parts(
    settings: dict[str, Settings], *, bus: Bus, verifier: Verifier, legal: Clock, system: Clock, tracing_of: Making
) -> Sequence[ServicePart]:
    """Return the four services, each migrating and working by itself once the gateway starts it."""
    parts = []
    for service in SERVICES:
        own = settings[service.name]
        tracing = tracing_of(service.name)
        ports = Ports(
            bus=bus,
            verifier=verifier,
            files=file_store(service, own),
            legal=legal,
            system=system,
            tracing=tracing,
        )
        opening = partial(running, service, own, ports, working=True, migrating=True)
        parts.append(ServicePart(service.name, create_app(service, own, opening, tracing=tracing), service.nouns))
    return parts
