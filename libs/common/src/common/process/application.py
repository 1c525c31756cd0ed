"""A service's web application, made from its `Service`; its lifespan opens the service's runtime."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI, Response
from sqlalchemy import text
from starlette.responses import JSONResponse

from common.contracts.asyncapi import document as asyncapi
from common.contracts.schema import schema_documents
from common.kernel.actor import SYSTEM
from common.observability.tracing import OFF, Tracing
from common.runtime import Runtime
from common.service import EVERYWHERE, Service
from common.settings import Settings
from common.storage.database.engine import Unavailable
from common.storage.database.writable import WriteProbe
from common.web.access.limits import Limits, LimitsMiddleware
from common.web.access.origins import admit
from common.web.correlation import CorrelationMiddleware
from common.web.documents import openapi
from common.web.metrics import MetricsMiddleware, exposition
from common.web.refusals import PathNotFound
from common.web.site import Site

Running = Callable[[], AbstractAsyncContextManager[Runtime]]


def create_app(service: Service, settings: Settings, running: Running, *, tracing: Tracing = OFF) -> FastAPI:
    """Return the application of one service; `running` opens its runtime for as long as the application lives."""
    app = _bare(service, running)
    for router in (*service.routers, *EVERYWHERE):
        app.include_router(router.routes)
    app.include_router(_health(app, service))
    app.include_router(_documents(app))
    openapi.install(app)
    app.add_middleware(MetricsMiddleware, service=service.name)
    app.add_middleware(LimitsMiddleware, limits=Limits.of_service(settings))
    admit(app, settings.cors_origins)
    app.add_middleware(CorrelationMiddleware, tracing=tracing)
    return app


def create_worker_app(service: Service, running: Running) -> FastAPI:
    """Return the application of a separate worker: liveness, readiness and metrics."""
    app = _bare(service, running)
    app.include_router(_health(app, service))
    app.add_middleware(CorrelationMiddleware)
    return app


def _bare(service: Service, running: Running) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running() as runtime:
            app.state.runtime = runtime
            yield

    app = Site(f"Mingpai {service.name}", version="1.0.0", lifespan=lifespan)
    app.state.leaving = False
    return app


def _health(app: FastAPI, service: Service) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    probe = WriteProbe()

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        if app.state.leaving:
            return JSONResponse({"status": "not ready", "reason": "the process is leaving"}, 503)
        runtime: Runtime = app.state.runtime
        try:
            async with runtime.reading(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
                await work.connection.execute(text("SELECT 1"))
                warnings = [] if service.warns is None else list(await service.warns(work))
        except Unavailable as error:
            return JSONResponse({"status": "not ready", "reason": error.reason}, 503)
        if runtime.has_lost_its_worker:
            return JSONResponse({"status": "not ready", "reason": "the worker has ended"}, 503)
        if runtime.paused:
            warnings.append(f"consumer paused, because most new events fail: {', '.join(runtime.paused)}")
        if unwritable := await probe.failure(runtime.storage.database):
            warnings.append(f"nothing can be written: {unwritable}")
        warnings.extend(f"{name}: {what}" for name, what in runtime.alarms.items())
        if warnings:  # 200: requests are served as before, so a start, a restart or a gateway must not wait
            return JSONResponse({"status": "degraded", "reason": "; ".join(warnings)})
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
        return JSONResponse(asyncapi(app.state.runtime.settings.url))

    @router.get("/schemas/{name}")
    async def schema(name: str) -> JSONResponse:
        found = schema_documents(app.state.runtime.settings.url).get(name)
        if found is None:
            raise PathNotFound
        return JSONResponse(found)

    return router
