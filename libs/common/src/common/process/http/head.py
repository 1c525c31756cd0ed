"""What a request's head must be before anything reads it: the rules of RFC 9110 and 9112, and the limits of its size.

A head that breaks one is answered with a problem document, and its connection is closed afterwards.
"""

import re
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.web.access.origins import readable
from common.web.answers.problems import answer
from common.web.correlation import CorrelationMiddleware
from common.web.refusals import HeadInvalid, HeadTooLarge, HttpVersionUnknown, WebRefusal

MAX_HEAD: Final = 32 * 1024
"""The largest head and the largest trailer section, in bytes: request line, names and values."""
MAX_FIELDS: Final = 100
_CHARACTERS: Final = rb"(?:[!$&-;=?-~]|%[0-9A-Fa-f]{2})*"
_TARGET: Final = re.compile(rb"(?:https?://[^/?#@]+)?/" + _CHARACTERS, re.IGNORECASE)
"""The origin form and the absolute form (RFC 9112 §3.2): no fragment, no raw blank or quotation mark, no broken `%`."""
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")

Field = tuple[bytes, bytes]


def size_of(fields: Sequence[Field]) -> int:
    """Return the bytes of field lines, each with its colon, blank and line end."""
    return sum(len(name) + len(value) + 4 for name, value in fields)


def refusal_of(method: bytes, target: bytes, version: str, fields: Sequence[Field]) -> WebRefusal | None:
    """Return why a complete head is refused, None for an acceptable one."""
    if version not in {"1.0", "1.1"}:
        return HttpVersionUnknown()
    if len(target) + size_of(fields) > MAX_HEAD:
        return HeadTooLarge(limit=MAX_HEAD, fields=MAX_FIELDS)
    hosts = [value for name, value in fields if name == b"host"]
    if len(hosts) > 1 or (version == "1.1" and not hosts) or not all(map(_HOST.fullmatch, hosts)):
        return HeadInvalid()
    if not (_TARGET.fullmatch(target) or (target == b"*" and method == b"OPTIONS")):
        return HeadInvalid()
    return None


def refusing(refusal: WebRefusal) -> ASGIApp:
    """Return an application that answers with this refusal, readable from any origin, and closes the connection."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(Request(scope), refusal)(scope, receive, closing(send))

    return CorrelationMiddleware(readable(refuse))


def closing(send: Send) -> Send:
    """Return a `send` whose answer is the connection's last."""

    async def send_and_close(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await send(message)

    return send_and_close
