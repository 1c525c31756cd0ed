"""Strong ETags made of a row's version and of the answer: no unseen version is overwritten, no seen answer reloaded.

`"3-0a1b…"` is version 3 as one reader sees it: actions and language differ between readers. A change checks the version
alone, so that `"3"` is accepted as well.
"""

import re
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Header, Request

from common.web.refusals import IfMatchUnreadable, PreconditionRequired

STRONG_ETAG: Final = r'^"(0|[1-9][0-9]{0,15})(-[0-9a-f]{16})?"$'
"""The format of our ETags."""
_STRONG: Final = re.compile(STRONG_ETAG.strip("^$"))
_NEEDS_IT: Final = frozenset({"PUT", "PATCH", "DELETE"})


def etag(version: int, body: bytes | None = None) -> str:
    """Return the strong ETag (RFC 9110 §8.8.3) of a version, or of an answer that shows it."""
    return f'"{version}"' if body is None else f'"{version}-{sha256(body).hexdigest()[:16]}"'


def matches(request: Request, tag: str) -> bool:
    """Return whether `If-None-Match` names this tag (the answer is 304); `W/` is ignored, as RFC 9110 asks."""
    tags = [tag.strip().removeprefix("W/") for tag in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return "*" in tags or tag in tags


async def required_version(  # async: FastAPI runs a plain function in a thread
    request: Request,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="读取时所得的 ETag。The ETag last read.", examples=['"3"']),
    ] = None,
) -> int | None:
    """Return the version that the caller has seen; None only for a POST without `If-Match`.

    Raises PreconditionRequired for a PUT, PATCH or DELETE without `If-Match`, and IfMatchUnreadable for anything but
    one strong ETag: a weak tag never matches a change, and `*` would overwrite an unseen version.
    """
    if len(request.headers.getlist("if-match")) > 1:
        raise IfMatchUnreadable
    if if_match is None:
        if request.method in _NEEDS_IT:
            raise PreconditionRequired
        return None
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        raise IfMatchUnreadable
    return int(found[1])
