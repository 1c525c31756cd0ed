"""A service's web application, made from its data; its lifespan opens what the service works with."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI, Response
from sqlalchemy import text
from starlette.responses import JSONResponse

from common.contracts.asyncapi import document as asyncapi
from common.contracts.schema import schema_documents
from common.runtime import Runtime
from common.service import Service
from common.settings import Settings
from common.storage.engine import Unavailable
from common.tracing import OFF, Tracing
from common.web import openapi, problems
from common.web.correlation import CorrelationMiddleware
from common.web.limits import LimitsMiddleware, RateLimiter
from common.web.metrics import MetricsMiddleware, exposition
from common.web.origins import admit
from common.web.refusals import PathNotFound

Running = Callable[[], AbstractAsyncContextManager[Runtime]]


def create_app(service: Service, settings: Settings, running: Running, *, tracing: Tracing = OFF) -> FastAPI:
    """Return the application of one service; `running` opens its runtime for as long as the application lives."""
    app = _bare(service, running)
    problems.install(app)
    for router in service.routers:
        app.include_router(router.routes)
    app.include_router(_health(app))
    app.include_router(_documents(app))
    openapi.install(app)
    app.add_middleware(MetricsMiddleware, service=service.name)
    app.add_middleware(LimitsMiddleware, limiter=RateLimiter(settings.rate_limit))
    admit(app, settings.cors_origins)
    app.add_middleware(CorrelationMiddleware, tracing=tracing)
    return app


def create_worker_app(service: Service, running: Running) -> FastAPI:
    """Return what a worker alone answers: whether it lives, whether it is ready, and its metrics."""
    app = _bare(service, running)
    problems.install(app)
    app.include_router(_health(app))
    app.add_middleware(CorrelationMiddleware)
    return app


def _bare(service: Service, running: Running) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running() as runtime:
            app.state.runtime = runtime
            yield

    app = FastAPI(
        title=f"Mingpai 名牌: {service.name}",
        version="1.0.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # ours: see common/tracing.py
    )
    app.state.leaving = False
    return app


def _health(app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        if app.state.leaving:
            return JSONResponse({"status": "not ready", "reason": "the process is leaving"}, 503)
        runtime: Runtime = app.state.runtime
        try:
            async with runtime.database.read() as connection:
                await connection.execute(text("SELECT 1"))
        except Unavailable as error:
            return JSONResponse({"status": "not ready", "reason": error.reason}, 503)
        if runtime.has_lost_its_worker:
            return JSONResponse({"status": "not ready", "reason": "the worker has ended"}, 503)
        return JSONResponse({"status": "ready"})

    @router.get("/metrics")
    async def metrics() -> Response:
        return exposition()

    return router


def _documents(app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    async def document() -> JSONResponse:
        return JSONResponse(app.openapi())

    @router.get("/asyncapi.json")
    async def events() -> JSONResponse:
        return JSONResponse(asyncapi())

    @router.get("/schemas/{name}")
    async def schema(name: str) -> JSONResponse:
        found = schema_documents().get(name)
        if found is None:
            raise PathNotFound
        return JSONResponse(found)

    return router
