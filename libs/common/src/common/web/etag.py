"""Strong ETags made of a row's version: nobody overwrites what they have not seen, nobody reloads what they have."""

import re
from typing import Annotated, Final

from fastapi import Header, Request

from common.web.refusals import IfMatchUnreadable, PreconditionRequired

STRONG_ETAG: Final = r'^"(0|[1-9][0-9]{0,15})"$'
"""What an ETag of ours looks like."""
_STRONG: Final = re.compile(STRONG_ETAG.strip("^$"))
_NEEDS_IT: Final = frozenset({"PUT", "PATCH", "DELETE"})


def etag(version: int) -> str:
    """Return the strong ETag (RFC 9110 §8.8.3) of a version."""
    return f'"{version}"'


def matches(request: Request, version: int) -> bool:
    """Tell whether `If-None-Match` names this version, so that 304 is the answer; `W/` is ignored, as RFC 9110 asks."""
    tags = [tag.strip().removeprefix("W/") for tag in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return "*" in tags or etag(version) in tags


async def required_version(  # async: FastAPI hands a plain one to a thread
    request: Request,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="读取时所得的 ETag。The ETag last read.", examples=['"3"']),
    ] = None,
) -> int | None:
    """Return the version that the caller has seen; None only for a POST that does not say.

    Raises PreconditionRequired for a PUT, PATCH or DELETE without `If-Match`, and IfMatchUnreadable for anything but
    one strong ETag: a weak tag never matches a change, and `*` would overwrite the unseen.
    """
    if if_match is None:
        if request.method in _NEEDS_IT:
            raise PreconditionRequired
        return None
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        raise IfMatchUnreadable
    return int(found[1])
