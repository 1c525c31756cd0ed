"""`/livez` and `/readyz` of a process in front of the services, which run inside it or in other processes.

A process that serves requests answers `/readyz` with 200, also when it is degraded: a gateway that routes by the code
goes on doing so, and a monitor reads `status` in the body.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

import httpx
from fastapi import APIRouter
from starlette.responses import JSONResponse


class State(NamedTuple):
    """Whether a service or process serves requests, and what is wrong with it: None when it is ready."""

    serves: bool
    reason: str | None

    @property
    def word(self) -> str:
        """The state in one word or two."""
        return "ready" if self.reason is None else "degraded" if self.serves else "not ready"

    def __str__(self) -> str:
        return self.word if self.reason is None else self.reason


READY: Final = State(serves=True, reason=None)

Readiness: TypeAlias = Callable[[], Awaitable[Mapping[str, State]]]
"""Returns the state of each service."""


def not_ready(reason: str) -> State:
    """Return the state of a process that does not serve requests."""
    return State(serves=False, reason=reason)


def state_of(answer: httpx.Response) -> State:
    """Return the state that an answer of `/readyz` reports."""
    try:
        said = answer.json()
    except ValueError:  # another program answers at this address
        said = {}
    services = [f"{name}: {state}" for name, state in said.get("services", {}).items() if state != "ready"]
    reason = said.get("reason") or "; ".join(services)
    if answer.status_code != httpx.codes.OK:
        return not_ready(f"/readyz answers {answer.status_code}" + (f": {reason}" if reason else ""))
    return State(serves=True, reason=f"degraded: {reason}") if said.get("status") == "degraded" else READY


def health_routes(readiness: Readiness) -> APIRouter:
    """Return the two routes; the process is ready when every service is ready."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        states = await readiness()
        serves = all(state.serves for state in states.values())
        wrong = "; ".join(str(state) for state in states.values() if state.reason)
        body = {
            "status": State(serves=serves, reason=wrong or None).word,
            "services": {name: str(state) for name, state in states.items()},
        }
        return JSONResponse(body, status_code=200 if serves else 503, headers={"Cache-Control": "no-store"})

    return router
