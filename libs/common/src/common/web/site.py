"""The one class of our web applications: HEAD is answered wherever GET is, every error is a problem document.

No address redirects to another spelling of itself: such a redirect would lead to the host that the caller named.
"""

from typing import Any, Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from common.web.answers import problems

_VARIES: Final = "/v1/"


class Site(FastAPI):
    """An application without FastAPI's own pages, redirects and telemetry."""

    def __init__(self, title: str, **options: Any) -> None:  # noqa: ANN401 -- FastAPI's own options
        super().__init__(
            title=title,
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
            telemetry={"tracing": False, "metrics": False, "logs": False},  # ours: see common/observability/tracing.py
            **options,
        )
        problems.install(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a HEAD as a GET; the server, which knows the request as it came, sends no body."""
        asked = {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope
        await super().__call__(asked, receive, _guarding(scope, send) if scope["type"] == "http" else send)


def _guarding(scope: Scope, send: Send) -> Send:
    """Return a `send` that says who may keep the answer, unless the answer says so itself, and guards its type.

    An answer to a token is that caller's alone and is kept nowhere; any other is asked for again each time, so that
    conditional requests work.
    """
    personal = any(name == b"authorization" for name, _ in scope["headers"])

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "private, no-store" if personal else "no-cache")
            headers.setdefault("X-Content-Type-Options", "nosniff")
            if scope["path"].startswith(_VARIES):
                headers.add_vary_header("Authorization")
                headers.add_vary_header("Accept-Language")
        await send(message)

    return send_guarded
