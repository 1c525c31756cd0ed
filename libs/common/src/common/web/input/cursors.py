"""Opaque page cursors: the position where a page ended, signed and bound to the list, its filters and its order.

A cursor never expires and is valid on every process that shares the secret. A changed cursor, or one used with another
filter or order, is refused as `cursor-invalid`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from common.web.refusals import CursorInvalid

MAX_CURSOR: Final = 8192
_MAC: Final = 16

# Plain JSON values are written as they are, the others as [tag, text]; datetime first, since it is a date too.
_TAGS: Final[Mapping[str, type[Any]]] = MappingProxyType({"t": datetime, "d": date, "n": Decimal})


def write_cursor(values: Sequence[object], *, binding: bytes, secret: bytes) -> str:
    """Return the cursor for a position: the values of the sort columns in the last row.

    `binding` is the list with its filters and order; the cursor is valid only with the same. Raises TypeError for a
    value that is no text, number, date or instant.
    """
    payload = json.dumps([_write(value) for value in values], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(payload, binding, secret) + payload).rstrip(b"=").decode()


def read_cursor(cursor: str, *, binding: bytes, secret: bytes, length: int) -> list[object]:
    """Return the position in a cursor of ours, which has `length` values. Raises CursorInvalid for any other text."""
    if len(cursor) > MAX_CURSOR:
        raise CursorInvalid
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise CursorInvalid from error
    mac, payload = content[:_MAC], content[_MAC:]
    # Trailing bits and padding could spell the same bytes differently.
    canonical = base64.urlsafe_b64encode(content).rstrip(b"=").decode() == cursor
    if not canonical or not hmac.compare_digest(mac, _sign(payload, binding, secret)):
        raise CursorInvalid
    values = [_read(value) for value in json.loads(payload)]
    if len(values) != length:
        raise CursorInvalid
    return values


def _sign(payload: bytes, binding: bytes, secret: bytes) -> bytes:
    message = b"cursor.v1\0" + hashlib.sha256(binding).digest() + payload
    return hmac.digest(secret, message, "sha256")[:_MAC]


def _write(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    for tag, kind in _TAGS.items():
        if isinstance(value, kind):
            return [tag, str(value) if kind is Decimal else value.isoformat()]
    raise TypeError(f"a list cannot be sorted by a {type(value).__name__}")


def _read(value: object) -> object:
    if not isinstance(value, list):
        return value
    tag, text = value
    kind = _TAGS[tag]
    return Decimal(text) if kind is Decimal else kind.fromisoformat(text)
