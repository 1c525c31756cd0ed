"""Authentication: a bearer token of our issuer, verified before any of its claims is used.

The key decides the algorithm, never the token; the keys that a token names itself (`jku`, `x5u`, `jwk`, `x5c`) are
ignored. Every refused token gets the same answer; which check failed is logged.
"""

import asyncio
import base64
import re
import warnings
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey
from starlette.requests import Request

from common.kernel.actor import ANONYMOUS, SYSTEM, Actor, Role, Verifier
from common.kernel.clock import Clock
from common.web.access.limits import charge
from common.web.input.strict import parse_json
from common.web.refusals import InvalidToken, ServiceUnavailable, WebRefusal

MAX_TOKEN: Final = 8192
LEEWAY: Final = timedelta(seconds=30)
REFRESH_AT_MOST_EVERY: Final = timedelta(seconds=30)
REFRESH_AT_LEAST_EVERY: Final = timedelta(minutes=10)
RETRY_WITHOUT_KEYS_AFTER: Final = timedelta(seconds=2)
REMEMBERED: Final = 1_000
"""The number of tokens whose verified signatures are cached; the oldest is removed first."""

_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_DIVISION: Final = re.compile(r"[0-9]{6}")
_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
_OF_CURVE: Final = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}

Fetch = Callable[[], Awaitable[Mapping[str, object]]]
"""Returns the issuer's JWK set; raises OSError or ValueError when the set cannot be fetched."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """A public key and the one algorithm that it verifies."""

    key: Key
    algorithm: str


class _Signed(NamedTuple):
    """The claims of a token, and the key that verified its signature."""

    kid: str
    pinned: PinnedKey
    claims: Mapping[str, object]


class JwksVerifier:
    """Verifies access tokens (RFC 9068) of one issuer by its published keys.

    Keys are fetched again for an unknown key id, at most every 30 seconds however many such tokens come, and every ten
    minutes, so that a withdrawn key is removed; while the issuer does not answer, the known keys stay in use.
    A verified signature is cached until its key is fetched again.
    """

    def __init__(self, *, issuer: str, audience: str, fetch: Fetch, clock: Clock) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, PinnedKey] = {}
        self._signed: dict[str, _Signed] = {}
        self._asked_at: datetime | None = None
        self._asking = asyncio.Lock()

    async def verify(self, token: str) -> Actor:
        """Return the actor that the token names. Raises InvalidToken or ServiceUnavailable."""
        signed = self._signed.get(token)
        if signed is None or signed.pinned is not await self._key(signed.kid):
            signed = await self._signature(token)
            if len(self._signed) >= REMEMBERED:
                del self._signed[next(iter(self._signed))]
            self._signed[token] = signed
        self._check(signed.claims)
        return _actor(signed.claims)

    async def _signature(self, token: str) -> "_Signed":
        if len(token) > MAX_TOKEN:
            raise InvalidToken(reason="too long")
        if not _COMPACT.fullmatch(token):
            raise InvalidToken(reason="not a compact JWS")
        header = _object(token.partition(".")[0])
        if "crit" in header:
            raise InvalidToken(reason="crit")
        if str(header.get("typ", "")).lower() not in _TYPES:
            raise InvalidToken(reason="typ")
        kid = header.get("kid")
        if not isinstance(kid, str):
            raise InvalidToken(reason="kid")
        pinned = await self._key(kid)
        if header.get("alg") != pinned.algorithm:
            raise InvalidToken(reason="alg")
        registry = jws.JWSRegistry(algorithms=[pinned.algorithm], strict_check_header=False)
        try:
            with warnings.catch_warnings():
                # RFC 9864 deprecates the name EdDSA because it does not name the curve; here the key does.
                warnings.simplefilter("ignore", SecurityWarning)
                jws.deserialize_compact(token, pinned.key, registry=registry)
        except (JoseError, ValueError) as error:
            raise InvalidToken(reason="signature") from error
        return _Signed(kid, pinned, _object(token.split(".")[1]))

    def _check(self, claims: Mapping[str, object]) -> None:
        if claims.get("iss") != self._issuer:
            raise InvalidToken(reason="iss")
        audience = claims.get("aud")
        if audience != self._audience and not (isinstance(audience, list) and self._audience in audience):
            raise InvalidToken(reason="aud")
        now = self._clock.now().timestamp()
        leeway = LEEWAY.total_seconds()
        if now >= _instant(claims, "exp") + leeway:
            raise InvalidToken(reason="exp")
        if _instant(claims, "iat") > now + leeway:
            raise InvalidToken(reason="iat")
        if "nbf" in claims and _instant(claims, "nbf") > now + leeway:
            raise InvalidToken(reason="nbf")

    async def _key(self, kid: str) -> PinnedKey:
        if kid not in self._keys or self._is_due(REFRESH_AT_LEAST_EVERY):
            async with self._asking:
                if self._is_due(self._interval(kid)):
                    await self._refresh()
        if not self._keys:
            raise ServiceUnavailable(retry_after=int(RETRY_WITHOUT_KEYS_AFTER.total_seconds()))
        if kid not in self._keys:
            raise InvalidToken(reason="unknown kid")
        return self._keys[kid]

    def _interval(self, kid: str) -> timedelta:
        if not self._keys:
            return RETRY_WITHOUT_KEYS_AFTER
        return REFRESH_AT_LEAST_EVERY if kid in self._keys else REFRESH_AT_MOST_EVERY

    def _is_due(self, interval: timedelta) -> bool:
        return self._asked_at is None or self._clock.now() - self._asked_at >= interval

    async def _refresh(self) -> None:
        self._asked_at = self._clock.now()
        try:
            self._keys = pinned_keys(await self._fetch())
        except (OSError, ValueError) as error:
            _log.warning("the issuer's keys cannot be had", issuer=self._issuer, exc_info=error)


def pinned_keys(jwks: Mapping[str, object]) -> dict[str, PinnedKey]:
    """Return the signature keys of a JWK set by key id, each with its one algorithm.

    Left out: keys without id, shared secrets, keys for encryption, RSA under 2048 bits, unknown kinds. Raises
    ValueError when the document is no JWK set.
    """
    entries = jwks.get("keys")
    if not isinstance(entries, list):
        raise ValueError("no JWK set: it has no list of keys")  # noqa: TRY004 -- the document's value is wrong
    pinned: dict[str, PinnedKey] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or entry.get("use", "sig") != "sig":
            continue
        try:
            with warnings.catch_warnings():
                # joserfc accepts RSA keys under 2048 bits with a warning; here they are refused.
                warnings.simplefilter("error", SecurityWarning)
                key = JWKRegistry.import_key(entry)
        except (JoseError, ValueError, SecurityWarning):
            continue
        fitting = _fitting_algorithms(key)
        named = entry.get("alg")
        algorithm = named if named in fitting else None if named else next(iter(fitting), None)
        if isinstance(algorithm, str):
            pinned.setdefault(entry["kid"], PinnedKey(key, algorithm))
    return pinned


def _fitting_algorithms(key: Key) -> tuple[str, ...]:
    """Return the algorithms that a key can verify; the first is used when the key names none."""
    if isinstance(key, RSAKey):
        return ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
    if isinstance(key, ECKey):
        return (_OF_CURVE[key.curve_name],) if key.curve_name in _OF_CURVE else ()
    if isinstance(key, OKPKey):
        return ("EdDSA", "Ed25519") if key.curve_name == "Ed25519" else ()
    return ()


async def authenticate(request: Request, verifier: Verifier) -> Actor:
    """Return the actor of the request, ANONYMOUS without a token, and charge the request to the actor's quota.

    Raises InvalidToken for a header that is no acceptable bearer token, TooManyRequests when the quota is spent.
    """
    given = request.headers.getlist("authorization")
    if not given:
        charge(request, None)
        return ANONYMOUS
    scheme, _, token = given[0].partition(" ")
    try:
        if len(given) > 1 or scheme.lower() != "bearer":
            raise InvalidToken(reason="not one bearer token")
        actor = await verifier.verify(token)
    except WebRefusal:
        charge(request, None)
        raise
    charge(request, f"{actor.client}:{actor.sub}")
    return actor


def _object(part: str) -> dict[str, object]:
    try:
        value = parse_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, WebRefusal) as error:
        raise InvalidToken(reason="not a JSON object") from error
    if not isinstance(value, dict):
        raise InvalidToken(reason="not a JSON object")
    return value


def _instant(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidToken(reason=name)
    return value


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255 or not value.isprintable():  # noqa: PLR2004 -- as OpenID Connect limits `sub`
        raise InvalidToken(reason=name)
    return value


def _actor(claims: Mapping[str, object]) -> Actor:
    """Read the actor from verified claims; unknown roles belong to other systems and are left out."""
    roles = claims.get("roles", [])
    if not isinstance(roles, list):
        raise InvalidToken(reason="roles")
    division = claims.get("division")
    if division is not None and not (isinstance(division, str) and _DIVISION.fullmatch(division)):
        raise InvalidToken(reason="division")
    sub = _text(claims, "sub")
    if sub in {SYSTEM.sub, ANONYMOUS.sub}:
        raise InvalidToken(reason="reserved sub")
    client = next((_text(claims, name) for name in ("client_id", "azp") if name in claims), sub)
    known = frozenset(role for role in Role if role in roles)
    return Actor(sub=sub, org=_text(claims, "org"), roles=known, division=division, client=client)
