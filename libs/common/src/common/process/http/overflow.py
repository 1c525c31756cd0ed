"""What is answered on a connection over the cap: health checks as ever, to everything else 503; then it is closed."""

from starlette.types import ASGIApp, Receive, Scope, Send

from common.process.http.head import closing, refusing
from common.web.access.limits import UNCOUNTED
from common.web.refusals import ServiceUnavailable

RETRY_AFTER = 5


class Overflow:
    """Stands before the application of a process for one connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and have the connection closed afterwards."""
        if scope["path"] in UNCOUNTED:
            await self._app(scope, receive, closing(send))
        else:
            await refusing(ServiceUnavailable(retry_after=RETRY_AFTER))(scope, receive, send)
