"""Identifies the client of a token request, by HTTP Basic or form, and compares in constant time (RFC 6749 §2.3.1)."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from embedded.demo.people import Client, Demo
from embedded.issuer.refusals import OAuthError

_NOBODY = "-" * 24


@dataclass(frozen=True)
class Credentials:
    """The credentials that the caller sent; a public client has no secret."""

    client_id: str
    secret: str | None


def read_credentials(authorization: str | None, form: Mapping[str, str]) -> Credentials:
    """Return the credentials in the header or the form. Raises OAuthError for none, for both, or for two clients."""
    if authorization is None:
        if "client_id" not in form:
            raise OAuthError("invalid_client", "client credentials are missing", 401)
        return Credentials(form["client_id"], form.get("client_secret"))
    if "client_secret" in form:
        raise OAuthError("invalid_request", "give the secret in the header or in the form, not in both")
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = client_id = secret = ""
    if scheme.lower() != "basic" or not colon:
        raise OAuthError("invalid_client", "the Authorization header is not HTTP Basic", 401)
    if form.get("client_id", unquote_plus(client_id)) != unquote_plus(client_id):
        raise OAuthError("invalid_request", "the header and the form name different clients")
    return Credentials(unquote_plus(client_id), unquote_plus(secret))


def confidential(demo: Demo, credentials: Credentials) -> Client:
    """Return the client whose secret this is. Raises the same OAuthError for an unknown client and a wrong secret."""
    client = demo.client(credentials.client_id)
    expected = client.secret.get_secret_value() if client is not None else _NOBODY
    given = credentials.secret or ""
    if not hmac.compare_digest(expected.encode(), given.encode()) or client is None:
        raise OAuthError("invalid_client", "unknown client or wrong secret", 401)
    return client


def public(demo: Demo, credentials: Credentials) -> str:
    """Return the id of a public client. Raises OAuthError for any other and for one that sends a secret."""
    if credentials.client_id in {front_end.id for front_end in demo.front_ends} and credentials.secret is None:
        return credentials.client_id
    confidential(demo, credentials)
    raise OAuthError("unauthorized_client", "only the public front-end client signs people in")
