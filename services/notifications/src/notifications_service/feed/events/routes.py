"""`/v1/events`: the feed of all events since the first one; each reader sees the events meant for him."""

import base64
import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response
from pydantic import BaseModel, Field

from common.contracts.catalogue import EVENTS
from common.kernel.actor import PUBLIC
from common.kernel.event import Audience
from common.kernel.text import ShortText
from common.web.refusals import CursorGone, CursorInvalid, FilterValueUnknown
from common.web.router import Router, Work
from notifications_service.feed.events.storage import head, read_feed

router = Router("events")
DIGITS = 20
FORWARDED = frozenset(name for name, event in EVENTS.items() if event.audience is not Audience.INTERNAL)
"""The types that the feed can ever show."""


class CloudEvent(BaseModel):
    """An event as CloudEvents 1.0 in JSON; `data` is as its `dataschema` says."""

    specversion: str
    id: str
    type: str
    source: str
    subject: str
    time: str
    dataschema: str = Field(json_schema_extra={"format": "uri"})
    sequence: str
    correlationid: str
    traceparent: str | None = None
    data: dict[str, Any]


class FeedPage(BaseModel):
    """The next events; continue with `next_cursor`, which is present also when there is no new event."""

    items: list[CloudEvent]
    next_cursor: str = Field(description="Opaque; give it back as `after`.")


def to_cursor(position: int) -> str:
    """Write a position as the opaque cursor."""
    return base64.urlsafe_b64encode(f"f1:{position:0{DIGITS}d}".encode()).decode().rstrip("=")


def to_position(cursor: str) -> int:
    """Read a cursor; raises CursorInvalid for one that this feed did not issue."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError as broken:  # not ASCII, not base64, not UTF-8
        raise CursorInvalid from broken
    mark, _, digits = text.partition(":")
    written = mark == "f1" and len(digits) == DIGITS and digits.isascii() and digits.isdecimal()
    if not written or int(digits) >= 2**63:
        raise CursorInvalid
    return int(digits)


@router.query(allow=PUBLIC, answers=FeedPage)
async def read_events(
    work: Work,
    after: Annotated[ShortText | None, Query(description="The cursor to go on from; none: the first event.")] = None,
    types: Annotated[list[ShortText] | None, Query(description="CloudEvents types; none: all.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """Read the events that are meant for you, in order, from the first one or after a cursor."""
    if not FORWARDED.issuperset(types or ()):
        raise FilterValueUnknown(parameter="types")
    position = to_position(after) if after else 0
    newest = await head(work)
    if position > newest:
        first = _address(types=types, limit=limit)
        raise CursorGone(headers={"Link": f'<{first}>; rel="first"'}, members={"restart": first})
    rows = await read_feed(work, after=position, types=types or [], limit=limit)
    # A page that is not full covers all events up to the head, including those that were filtered out.
    last = rows[-1].position if len(rows) == limit else newest
    items = b",".join(_structured(row.headers, row.payload) for row in rows)
    cursor = to_cursor(last)
    body = b'{"items":[' + items + b'],"next_cursor":"' + cursor.encode() + b'"}'
    return Response(body, media_type="application/json", headers={"Link": _next(cursor, types=types, limit=limit)})


def _next(cursor: str, *, types: list[str] | None, limit: int) -> str:
    """Return the Link field (RFC 8288) to the next page."""
    return f'<{_address(types=types, limit=limit)}&after={cursor}>; rel="next"'


def _address(*, types: list[str] | None, limit: int) -> str:
    """Return where the feed begins, with the caller's filter."""
    return f"/v1/events?{urlencode([*(('types', one) for one in types or []), ('limit', limit)])}"


def _structured(headers: dict[str, str], payload: bytes) -> bytes:
    """Join context and content without encoding the content again."""
    context = {name.removeprefix("ce_"): value for name, value in headers.items() if name.startswith("ce_")}
    return json.dumps(context, ensure_ascii=False).encode()[:-1] + b',"data":' + payload + b"}"
