"""The documents for programs: OpenAPI per service and combined, AsyncAPI, event schemas, metrics."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, Response
from starlette.responses import JSONResponse

from common.contracts.asyncapi import document as asyncapi
from common.contracts.schema import schema_documents
from common.web.documents.openapi import as_3_2
from common.web.metrics import exposition
from common.web.refusals import PathNotFound
from embedded.origin.documents import combined


class Documented(Protocol):
    """A service that describes itself."""

    @property
    def name(self) -> str:
        """The service's name, as in `/openapi/<name>.json`."""

    @property
    def app(self) -> FastAPI:
        """The application whose document it is."""


def contract_routes(parts: Collection[Documented], *, url: str) -> APIRouter:
    """Return the routes of the documents of the origin `url`; each is built once, at its first request."""
    router = APIRouter(include_in_schema=False)

    @cache
    def whole() -> dict[str, Any]:
        return combined({part.name: part.app.openapi() for part in parts})

    def answering(content: Callable[[], object]) -> Callable[[], JSONResponse]:
        return lambda: JSONResponse(content())

    router.get("/openapi.json")(answering(whole))
    router.get("/openapi-3.2.json")(answering(cache(lambda: as_3_2(whole()))))
    router.get("/asyncapi.json")(answering(cache(lambda: asyncapi(url))))

    @router.get("/openapi/{service}.json")
    async def of_one(service: str) -> JSONResponse:
        part = next((part for part in parts if part.name == service), None)
        if part is None:
            raise PathNotFound
        return JSONResponse(part.app.openapi())

    @router.get("/schemas/{name}")
    async def schema(name: str) -> JSONResponse:
        found = schema_documents(url).get(name)
        if found is None:
            raise PathNotFound
        return JSONResponse(found)

    @router.get("/metrics")
    async def metrics() -> Response:
        return exposition()

    return router
