"""Authorization requests and the one-use codes that answer them (OAuth 2.1 §4.1, RFC 7636 with S256 only)."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from common.kernel.clock import Clock
from embedded.demo.people import Client, Demo
from embedded.issuer.refusals import OAuthError, UnsafeRedirect

CODE_LIFE: Final = timedelta(seconds=60)
PARAMETERS: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "login_hint",
)
SCOPES: Final = ("openid", "profile")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_MAX_PARAMETER: Final = 2048
_MAX_CODES: Final = 10_000


@dataclass(frozen=True)
class AuthorizationRequest:
    """A checked request for a code; every field comes from the query and is bounded."""

    client_id: str
    redirect_uri: str
    state: str | None
    scope: tuple[str, ...]
    nonce: str | None
    challenge: str

    @property
    def redirect_origin(self) -> str:
        """The origin of the redirect address, for the page's form policy."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    def back(self, **answer: str) -> str:
        """Return the redirect address with the answer and the state added to its query."""
        kept = {"state": self.state} if self.state is not None else {}
        return _with_query(self.redirect_uri, answer | kept)


def is_loopback_uri(uri: str) -> bool:
    """Return whether an address is http(s) on this machine, without fragment, user or odd characters."""
    if not uri.isascii() or not uri.isprintable() or any(char in uri for char in ' "<>\\^`{|}#'):
        return False
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in _LOOPBACK and "@" not in parts.netloc and port != 0


def read_request(demo: Demo, given: Mapping[str, list[str]]) -> AuthorizationRequest:
    """Check an authorization request.

    Raises UnsafeRedirect when the client or its redirect address cannot be trusted. Raises Declined for any other
    error, with the redirect address to which the error is sent.
    """
    doubled = [name for name in ("client_id", "redirect_uri") if len(given.get(name, [])) > 1]
    one = {name: given[name][0] for name in PARAMETERS if given.get(name)}
    if doubled or one.get("client_id") not in {front_end.id for front_end in demo.front_ends}:
        raise UnsafeRedirect("该客户端未登记（client_id）。", "This client_id is not registered.")
    uri = one.get("redirect_uri", "")
    if len(uri) > _MAX_PARAMETER or not is_loopback_uri(uri):
        raise UnsafeRedirect(
            "回调地址（redirect_uri）必须是本机的 http 或 https 地址。",
            "The redirect_uri must be an http or https address on this machine.",
        )
    request = AuthorizationRequest(
        client_id=one["client_id"],
        redirect_uri=uri,
        state=one.get("state"),
        scope=tuple(one.get("scope", "").split()),
        nonce=one.get("nonce"),
        challenge=one.get("code_challenge", ""),
    )
    try:
        _check(request, one, given)
    except OAuthError as error:
        raise Declined(request, error) from error
    return request


@dataclass(eq=False)
class Declined(Exception):  # noqa: N818 -- a refusal says what is wrong, not that it is an error
    """A refusal that is sent to the client's own redirect address."""

    request: AuthorizationRequest
    error: OAuthError


def _check(request: AuthorizationRequest, one: Mapping[str, str], given: Mapping[str, list[str]]) -> None:
    for name in PARAMETERS:
        if len(given.get(name, [])) > 1:
            raise OAuthError("invalid_request", f"{name} is given twice")
        if len(one.get(name, "")) > _MAX_PARAMETER:
            raise OAuthError("invalid_request", f"{name} is too long")
    if one.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type must be code")
    if one.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(request.challenge):
        raise OAuthError("invalid_request", "PKCE is required: code_challenge with code_challenge_method=S256")
    if not set(request.scope) <= set(SCOPES):
        raise OAuthError("invalid_scope", f"known scopes: {' '.join(SCOPES)}")
    if "none" in one.get("prompt", "").split():
        raise OAuthError("login_required", "a persona has to be chosen on the page")


@dataclass(frozen=True)
class Grant:
    """The rights of a code, stored until the code is redeemed."""

    request: AuthorizationRequest
    persona: Client
    at: datetime


class Codes:
    """The issued codes, in memory, valid for 60 seconds and one use. After a restart the person signs in again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def issue(self, request: AuthorizationRequest, persona: Client) -> str:
        """Return a fresh code for the persona."""
        now = self._clock.now()
        self._grants = {code: grant for code, grant in self._grants.items() if now - grant.at <= CODE_LIFE}
        while len(self._grants) >= _MAX_CODES:
            del self._grants[next(iter(self._grants))]
        code = secrets.token_urlsafe(32)
        self._grants[code] = Grant(request, persona, now)
        return code

    def redeem(self, code: str, *, client_id: str, verifier: str, redirect_uri: str | None) -> Grant:
        """Remove a code and return its grant; a refused request removes the code too. Raises OAuthError."""
        grant = self._grants.pop(code, None)
        if grant is None or self._clock.now() - grant.at > CODE_LIFE:
            raise OAuthError("invalid_grant", "the code is unknown, used or older than 60 seconds")
        if grant.request.client_id != client_id:
            raise OAuthError("invalid_grant", "the code was given to another client")
        # The request always has one here, so that the client must repeat it (RFC 6749 §4.1.3).
        if redirect_uri != grant.request.redirect_uri:
            raise OAuthError("invalid_grant", "redirect_uri is not the one of the authorization request")
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(_s256(verifier), grant.request.challenge):
            raise OAuthError("invalid_grant", "code_verifier does not match the code_challenge")
        return grant


def _s256(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def _with_query(uri: str, answer: Mapping[str, str]) -> str:
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(answer)}"
