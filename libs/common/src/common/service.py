"""A service as data: its tables, routes, reactions and jobs; everything that runs is made from it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncConnection

from common.actor import SYSTEM
from common.contracts.envelope import Event
from common.correlation import Correlation
from common.errors import MingpaiError
from common.messaging.bus import Record
from common.messaging.parking import Waiting
from common.runtime import Runtime
from common.storage.records import Records
from common.storage.work import Work
from common.web.router import Router

Reaction: TypeAlias = Callable[[Work, Any], Awaitable[Waiting | None]]
Follower: TypeAlias = Callable[[AsyncConnection, Sequence[Record]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something done again and again by the worker; `run` returns how much it did, and goes on at once if any.

    Two workers may run a job at the same time: the rows it takes are its own business.
    """

    name: str
    every: timedelta
    run: Callable[[Runtime], Awaitable[int]]


def in_one_transaction(action: Callable[[Work], Awaitable[int]]) -> Callable[[Runtime], Awaitable[int]]:
    """Return a job's run that does all of it in one commit, as the system."""

    async def run(runtime: Runtime) -> int:
        async with runtime.transaction(actor=SYSTEM, correlation=Correlation(id=runtime.ids(None))) as work:
            return await action(work)

    return run


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service is made of, on one screen.

    `consumes` maps an event to the reaction that answers it; `follows` takes every outside record as it is;
    `named_errors` gives a violated constraint the noun's own error.
    """

    name: str
    package: str
    metadata: MetaData
    records: Records
    routers: Sequence[Router]
    consumes: Mapping[type[Event], Reaction] = field(default_factory=dict)
    follows: Follower | None = None
    jobs: Sequence[Job] = ()
    named_errors: Mapping[str, type[MingpaiError]] = field(default_factory=dict)

    @property
    def nouns(self) -> tuple[str, ...]:
        """Return the first path segments under `/v1` that it answers."""
        return tuple(dict.fromkeys(router.noun for router in self.routers))

    @property
    def producers(self) -> tuple[str, ...]:
        """Return the services whose internal topics it reads."""
        return tuple(sorted({event.service for event in self.consumes}))
