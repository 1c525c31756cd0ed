"""The pages that explain the interface: `/docs`, `/events-docs`, and one for every problem code.

Rendered on the server, escaped, Chinese first. Scripts and styles come from `static/`; the content security policy
forbids every other host.
"""

from pathlib import Path
from string import Formatter
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from common.codes.vocabulary.words import ADVICE, Term
from common.kernel.errors import MingpaiError
from common.web.answers.problems import problem_codes, status_of, title_of
from common.web.documents.frame import Pages
from common.web.refusals import PathNotFound, WebRefusal

STATIC: Final = Path(__file__).parents[1] / "static"

_PAGES: Final = Pages("common.web.documents")
_CACHE: Final = "no-cache"


def install(app: FastAPI) -> None:
    """Add the pages and their static files to the app."""
    app.include_router(_routes())
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def advice_for(kind: type[MingpaiError]) -> Term:
    """Return what a reader can do about a refusal: the advice of its code, else of its status."""
    by_status = ADVICE.section("status")
    return ADVICE.find(kind.code, "codes") or by_status.get(str(status_of(kind))) or by_status["400"]


def _routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        return _PAGES.page(
            "viewer.html",
            script="'self'",
            cache=_CACHE,
            zh="接口文档",
            en="API",
            style="swagger-ui/swagger-ui.css",
            scripts=["swagger-ui/swagger-ui-bundle.js", "docs.js"],
        )

    @router.get("/events-docs")
    async def events_docs() -> HTMLResponse:
        return _PAGES.page(
            "viewer.html",
            script="'self' 'unsafe-eval'",  # the AsyncAPI viewer compiles JSON Schemas to functions in the browser
            cache=_CACHE,
            zh="事件文档",
            en="Events",
            style="asyncapi/default.min.css",
            scripts=["asyncapi/index.js", "events-docs.js"],
        )

    @router.get("/problems")
    async def problems() -> HTMLResponse:
        return _PAGES.page("problems.html", cache=_CACHE, problems=map(_explained, problem_codes().values()))

    @router.get("/problems/{code}")
    async def problem(code: str) -> HTMLResponse:
        kind = problem_codes().get(code)
        if kind is None:
            raise PathNotFound
        return _PAGES.page("problem.html", cache=_CACHE, problem=_explained(kind))

    return router


def _explained(kind: type[MingpaiError]) -> dict[str, Any]:
    """Return the members of a refusal that the pages show; its texts as pairs of literal and parameter."""
    status = status_of(kind)
    return {
        "code": kind.code,
        "status": status,
        "zh": _parts(kind.zh),
        "en": _parts(kind.en),
        "title_zh": title_of(status, "zh"),
        "title_en": title_of(status, "en"),
        "advice": advice_for(kind),
        "retryable": issubclass(kind, WebRefusal) and kind.retryable,
    }


def _parts(text: str) -> list[tuple[str, str | None]]:
    return [(literal, name) for literal, name, _, _ in Formatter().parse(text)]
