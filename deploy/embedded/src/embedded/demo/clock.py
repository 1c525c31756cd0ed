"""The demo's legal clock over HTTP: `GET` and `POST /v1/demo/clock`, forward only; production has no such route."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Self

from fastapi import FastAPI
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from common.kernel.actor import ANONYMOUS, Actor, Role
from common.kernel.clock import SHANGHAI
from common.kernel.errors import Transient
from common.kernel.values.times import Instant
from common.process.legal_clock import LegalClock
from common.web.input.strict import Schema, StrictRoute
from common.web.refusals import RoleMissing, Unauthenticated
from common.web.site import Site
from embedded.demo.refusals import ClockTooFar

ALLOW: Final = frozenset({Role.ADMINISTRATOR, Role.OFFICE})
LATEST: Final = datetime(2100, 1, 1, tzinfo=SHANGHAI)

Authenticate = Callable[[Request], Awaitable[Actor]]


class ClockMove(Schema):
    """A move of the clock: either to an instant, or forward by a number of calendar days."""

    now: Annotated[Instant | None, Field(examples=["2015-11-02T09:00:00+08:00"])] = None
    advance_days: Annotated[int | None, Field(ge=1, le=3660, examples=[7])] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.now is None) == (self.advance_days is None):
            raise PydanticCustomError("clock_move", "Give either now or advance_days")
        return self


class ClockState(BaseModel):
    """The time of the legal clock, as an instant and as the legal date in Asia/Shanghai."""

    now: datetime
    today: str


def demo_clock_app(clock: LegalClock, authenticate: Authenticate) -> FastAPI:
    """Return the application of `/v1/demo/clock`; `authenticate` returns the caller."""
    app = Site("Mingpai demo")
    app.router.route_class = StrictRoute

    @app.get("/v1/demo/clock")
    async def read_clock() -> ClockState:
        return _state(clock)

    @app.post("/v1/demo/clock")
    async def move_clock(request: Request, move: ClockMove) -> ClockState:
        actor = await authenticate(request)
        if actor is ANONYMOUS:
            raise Unauthenticated
        if not actor.has(*ALLOW):
            raise RoleMissing(roles=", ".join(sorted(ALLOW)))
        target = move.now or clock.now() + timedelta(days=move.advance_days or 0)
        if target > LATEST:
            raise ClockTooFar(pointer="/now" if move.now else "/advance_days", latest_on=LATEST.date().isoformat())
        try:
            clock.advance_to(target)
        except OSError as error:
            raise Transient("clock-not-written") from error
        return _state(clock)

    return app


def _state(clock: LegalClock) -> ClockState:
    now = clock.now()
    return ClockState(now=now.astimezone(UTC), today=now.astimezone(SHANGHAI).date().isoformat())
