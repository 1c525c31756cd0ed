"""`/livez` and `/readyz` of a process that stands before the services, whether these live inside it or elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from fastapi import APIRouter
from starlette.responses import JSONResponse

Readiness: TypeAlias = Callable[[], Awaitable[Mapping[str, str | None]]]
"""Tells for each service None when it is ready, else why not."""


def health_routes(readiness: Readiness) -> APIRouter:
    """Return the two routes; the whole is ready when every service is."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        reasons = await readiness()
        ready = not any(reasons.values())
        body = {
            "status": "ready" if ready else "not ready",
            "services": {k: v or "ready" for k, v in reasons.items()},
        }
        return JSONResponse(body, status_code=200 if ready else 503, headers={"Cache-Control": "no-store"})

    return router
