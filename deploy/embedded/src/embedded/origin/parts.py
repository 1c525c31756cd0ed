"""The four services as parts of one process: they share bus, clocks and verifier; each has a database of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from applications_service.service import SERVICE as APPLICATIONS
from common.kernel.actor import Verifier
from common.kernel.clock import Clock
from common.messaging.bus import Bus
from common.observability.instruments import Instruments
from common.observability.tracing import Making
from common.process.application import create_app
from common.process.running import file_store, running
from common.runtime import Ports
from common.service import Service
from common.settings import Settings
from notifications_service.service import SERVICE as NOTIFICATIONS
from registry_service.service import SERVICE as REGISTRY
from review_service.service import SERVICE as REVIEW

SERVICES: tuple[Service, ...] = (APPLICATIONS, REVIEW, REGISTRY, NOTIFICATIONS)


@dataclass(frozen=True, slots=True)
class ServicePart:
    """A service, with the properties that the gateway needs."""

    name: str
    app: FastAPI
    nouns: tuple[str, ...]
    prefixes: tuple[str, ...]


def service_parts(
    settings: dict[str, Settings], *, bus: Bus, verifier: Verifier, legal: Clock, system: Clock, tracing_of: Making
) -> Sequence[ServicePart]:
    """Return the four services; each migrates its database and runs its worker when the gateway starts it."""
    parts = []
    for service in SERVICES:
        own = settings[service.name]
        tracing = tracing_of(service.name)
        ports = Ports(
            bus=bus,
            verifier=verifier,
            files=file_store(service, own),
            instruments=Instruments(legal=legal, system=system, tracing=tracing),
        )
        opening = partial(running, service, own, ports, working=True, migrating=True)
        app = create_app(service, own, opening, tracing=tracing)
        parts.append(ServicePart(service.name, app, service.nouns, service.prefixes))
    return parts
