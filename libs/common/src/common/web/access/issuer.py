"""Finding an issuer's keys: its discovery document (OpenID Connect Discovery 1.0) names the address of its JWK set."""

import json
from typing import Final
from urllib.parse import urlsplit

import httpx

from common.web.access.auth import Fetch

MAX_DOCUMENT: Final = 256 * 1024


def discovered(issuer: str, client: httpx.AsyncClient, *, at: str | None = None) -> Fetch:
    """Return a fetch of the issuer's JWK set; `at` is the issuer's address, when its name is not the address.

    No redirect is followed, documents over 256 KiB and another issuer's document are refused, and an https issuer may
    not point to an http address. The fetch raises OSError when the issuer does not answer, ValueError when its answer
    is not such a document.
    """
    name, reached = issuer.rstrip("/"), (at or issuer).rstrip("/")

    async def fetch() -> dict[str, object]:
        found = await _document(client, f"{reached}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise ValueError("the discovery document names another issuer")
        address = found.get("jwks_uri")
        allowed = {"https", urlsplit(issuer).scheme}
        if not isinstance(address, str) or urlsplit(address).scheme not in allowed:
            raise ValueError("the discovery document names no usable jwks_uri")
        if address.startswith(f"{name}/"):
            address = reached + address.removeprefix(name)
        return await _document(client, address)

    return fetch


async def _document(client: httpx.AsyncClient, address: str) -> dict[str, object]:
    try:
        async with client.stream("GET", address, follow_redirects=False, timeout=5) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ValueError(f"{address} answered {answer.status_code}")
            content = b""
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > MAX_DOCUMENT:
                    raise ValueError(f"{address} answered more than {MAX_DOCUMENT} bytes")
    except httpx.HTTPError as error:
        raise ConnectionError(f"{address} does not answer") from error
    document = json.loads(content)
    if not isinstance(document, dict):
        raise ValueError(f"{address} answered no JSON object")  # noqa: TRY004 -- the document's value is wrong
    return document
