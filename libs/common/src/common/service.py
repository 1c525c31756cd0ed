"""A service as data: its tables, routes, reactions and jobs; everything that runs is made from it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import MetaData

from common.kernel.actor import SYSTEM
from common.kernel.errors import MingpaiError
from common.kernel.event import Event
from common.kernel.model import prefixes
from common.messaging.consumer.parking import Waiting
from common.messaging.consumer.transactions import Decode, Follow
from common.runtime import Runtime
from common.storage.records import Records
from common.storage.work import Work
from common.web import audit
from common.web.router import Router

Reaction: TypeAlias = Callable[[Work, Any], Awaitable[Waiting | None]]


EVERYWHERE: Final[Sequence[Router]] = (audit.router,)
"""The routes that every service has; a gateway finds the service by the parameters of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that the worker repeats; `run` returns how many items it processed; unless 0, it runs again at once.

    Two workers may run a job at the same time: the job itself must lock the rows that it processes.
    """

    name: str
    every: timedelta
    run: Callable[[Runtime], Awaitable[int]]


def in_one_transaction(action: Callable[[Work], Awaitable[int]]) -> Callable[[Runtime], Awaitable[int]]:
    """Return a job's `run` that calls the action in one transaction, as the actor SYSTEM."""

    async def run(runtime: Runtime) -> int:
        async with runtime.transaction(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
            return await action(work)

    return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What a service does with every record of the outside topics.

    `read` returns the content of a record and raises Permanent when it can never be followed; `keep` gets many records
    at a time, each with its content.
    """

    read: Decode
    keep: Follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts of a service.

    `consumes` maps an event class to its reaction. `projects` holds further consumer groups, by what their names have
    after the service's: each reads its topics from the first event on, so that what a group learns is whole even when
    the service has read the same topics before. `follows` receives every record of the outside topics. `warns` returns
    the reasons for which `/readyz` is degraded. `named_errors` maps a violated constraint to the noun's own error.
    """

    name: str
    package: str
    metadata: MetaData
    records: Records
    routers: Sequence[Router]
    consumes: Mapping[type[Event], Reaction] = field(default_factory=dict)
    projects: Mapping[str, Mapping[type[Event], Reaction]] = field(default_factory=dict)
    follows: Following | None = None
    jobs: Sequence[Job] = ()
    warns: Callable[[Work], Awaitable[Sequence[str]]] | None = None
    named_errors: Mapping[str, type[MingpaiError]] = field(default_factory=dict)

    @property
    def nouns(self) -> tuple[str, ...]:
        """Return the first path segments under `/v1` of the routes that only this service has."""
        return tuple(dict.fromkeys(router.noun for router in self.routers))

    @property
    def readers(self) -> Mapping[str, Mapping[type[Event], Reaction]]:
        """Return the reactions of each consumer group, by its whole name."""
        further = {f"{self.name}-{name}": reactions for name, reactions in self.projects.items()}
        return {**({self.name: self.consumes} if self.consumes else {}), **further}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Return the prefixes of the ids that it gives, which its aggregates declare."""
        return prefixes(self.metadata)

    @property
    def producers(self) -> tuple[str, ...]:
        """Return the services whose internal topics it reads."""
        return tuple(sorted({event.service for reactions in self.readers.values() for event in reactions}))
