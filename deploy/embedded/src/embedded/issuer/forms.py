"""Reads form bodies and queries by OAuth's rules: limited size, no field twice, an empty value counts as absent."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from embedded.issuer.refusals import OAuthError

_FORM: Final = "application/x-www-form-urlencoded"
_MAX_BYTES: Final = 32 * 1024
_MAX_FIELDS: Final = 32


async def read_fields(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form body with all their values. Raises OAuthError invalid_request."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise OAuthError("invalid_request", f"the body must be {_FORM}")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise OAuthError("invalid_request", "the body is too large", 413)
    return fields(body)


def fields(encoded: bytes) -> dict[str, list[str]]:
    """Return the fields of a query or form; empty values count as absent (RFC 6749 §3.1). Raises OAuthError."""
    try:
        pairs = parse_qsl(encoded.decode("ascii"), max_num_fields=_MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise OAuthError("invalid_request", "the request is not readable") from error
    read: dict[str, list[str]] = {}
    for name, value in pairs:
        read.setdefault(name, []).append(value)
    return read


def once(read: dict[str, list[str]]) -> dict[str, str]:
    """Return each field's one value. Raises OAuthError when a field occurs twice (RFC 6749 §3.2)."""
    for name, values in read.items():
        if len(values) > 1:
            raise OAuthError("invalid_request", f"{name if name.isidentifier() else 'a field'} is given twice")
    return {name: values[0] for name, values in read.items()}
