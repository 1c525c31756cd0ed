"""Tokens: ours are believed, every foreign kind is refused in the same words."""

import base64
import hmac
import json
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from starlette.requests import Request

from common.kernel.actor import ANONYMOUS, Actor, Role
from common.web.access.auth import MAX_TOKEN, JwksVerifier, authenticate, pinned_keys
from common.web.refusals import InvalidToken, ServiceUnavailable

ISSUER = "https://id.example.cn/realms/mingpai"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OURS = ECKey.generate_key("P-256", {"kid": "ours"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "ed"})
BERNSTEIN = OKPKey.generate_key("Ed25519", {"kid": "ed2", "alg": "Ed25519"})
FOREIGN = ECKey.generate_key("P-256", {"kid": "ours"})

CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "mingpai",
    "sub": "officer-1",
    "org": "SDJL",
    "roles": ["recognition_officer"],
    "division": "370000",
    "client_id": "front-end",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
}
NONE = b'{"alg":"none","typ":"at+jwt","kid":"ours"}'
HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "ours"}


class FixedClock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Issuer:
    """Publishes keys and counts how often it is asked."""

    def __init__(self, *keys: Key) -> None:
        self.keys = keys
        self.asked = 0
        self.silent = False

    async def __call__(self) -> Mapping[str, object]:
        self.asked += 1
        if self.silent:
            raise ConnectionError
        return {"keys": [key.as_dict(private=False) for key in self.keys]}


def token(
    claims: Mapping[str, object] | None = None,
    *,
    key: Key = OURS,
    alg: str = "ES256",
    header: Mapping[str, object] | None = None,
) -> str:
    """Return a signed token; `None` as a claim's or header's value leaves it out."""
    whole = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **(header or {})}
    content = {name: value for name, value in {**CLAIMS, **(claims or {})}.items() if value is not None}
    return raw_token({name: value for name, value in whole.items() if value is not None}, content, key=key)


def raw_token(header: Mapping[str, object], content: object, *, key: Key) -> str:
    payload = content if isinstance(content, bytes) else json.dumps(content).encode()
    registry = jws.JWSRegistry(algorithms=[str(header["alg"])], strict_check_header=False)
    # Signed by hand, since joserfc does not write the headers that an attacker would.
    signed = f"{b64(json.dumps(header).encode())}.{b64(payload)}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return f"{signed}.{b64(registry.get_alg(str(header['alg'])).sign(signed.encode(), key))}"


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(OURS, RSA, EDWARDS, BERNSTEIN)


@pytest.fixture
def verifier(issuer: Issuer, clock: FixedClock) -> JwksVerifier:
    return JwksVerifier(issuer=ISSUER, audience="mingpai", fetch=issuer, clock=clock)


async def test_a_token_of_ours_names_the_actor(verifier: JwksVerifier) -> None:
    expected = Actor("officer-1", "SDJL", frozenset({Role.RECOGNITION_OFFICER}), "370000", "front-end")
    assert await verifier.verify(token()) == expected


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS256"), (EDWARDS, "EdDSA"), (BERNSTEIN, "Ed25519")])
async def test_other_kinds_of_keys_serve_too(verifier: JwksVerifier, key: Key, alg: str) -> None:
    assert (await verifier.verify(token(key=key, alg=alg))).sub == "officer-1"


async def test_unknown_roles_are_left_out(verifier: JwksVerifier) -> None:
    actor = await verifier.verify(token({"roles": ["offline_access", "office", 7, ["expert"]], "division": None}))
    assert (actor.roles, actor.division) == (frozenset({Role.OFFICE}), None)


async def test_several_audiences_are_fine_when_ours_is_one(verifier: JwksVerifier) -> None:
    assert (await verifier.verify(token({"aud": ["account", "mingpai"]}))).sub == "officer-1"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": ISSUER + "/"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": ["mingpai2"]}, "aud"),
        ({"aud": {"mingpai": 1}}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": int(NOW.timestamp()) - 30}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "9999999999"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": int(NOW.timestamp()) + 31}, "iat"),
        ({"iat": None}, "iat"),
        ({"nbf": int(NOW.timestamp()) + 31}, "nbf"),
        ({"nbf": "soon"}, "nbf"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "a\nb"}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": "system"}, "reserved sub"),
        ({"sub": "anonymous"}, "reserved sub"),
        ({"org": None}, "org"),
        ({"roles": "office"}, "roles"),
        ({"division": "37"}, "division"),
        ({"division": 370000}, "division"),
        ({"client_id": 1}, "client_id"),
    ],
)
async def test_a_claim_that_does_not_fit_is_refused(
    verifier: JwksVerifier, claims: dict[str, object], reason: str
) -> None:
    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(token(claims))
    assert refused.value.params == {"reason": reason}


@pytest.mark.parametrize(
    ("claims"),
    [
        {"exp": int(NOW.timestamp()) - 29},
        {"iat": int(NOW.timestamp()) + 30},
        {"nbf": int(NOW.timestamp()) + 30},
    ],
)
async def test_clocks_may_differ_by_half_a_minute(verifier: JwksVerifier, claims: dict[str, object]) -> None:
    assert (await verifier.verify(token(claims))).sub == "officer-1"


def signed_with_the_public_key() -> str:
    """Return a token whose HMAC key is the published key's text, as libraries that trust `alg` would accept."""
    signed = f"{b64(json.dumps({**HEADER, 'alg': 'HS256'}).encode())}.{b64(json.dumps(CLAIMS).encode())}"
    return f"{signed}.{b64(hmac.digest(OURS.as_pem(private=False), signed.encode(), 'sha256'))}"


def unsigned(header: bytes, signature: str = "e30") -> str:
    return f"{b64(header)}.{b64(json.dumps(CLAIMS).encode())}.{signature}"


@pytest.mark.parametrize(
    ("foreign", "reason"),
    [
        (token(key=FOREIGN), "signature"),
        (token(key=FOREIGN, header={"jwk": FOREIGN.as_dict(private=False)}), "signature"),
        (token(key=FOREIGN, header={"jku": "https://evil.example/jwks"}), "signature"),
        (token(key=FOREIGN, header={"x5u": "https://evil.example/cert"}), "signature"),
        (token(key=RSA, alg="PS256"), "alg"),
        (token(key=RSA, alg="RS512"), "alg"),
        (token(header={"kid": "rsa"}), "alg"),
        (signed_with_the_public_key(), "alg"),
        (token(header={"typ": "JWT"}), "typ"),
        (token(header={"typ": None}), "typ"),
        (token(header={"typ": "id+jwt"}), "typ"),
        (token(header={"crit": ["b64"], "b64": True}), "crit"),
        (token(header={"crit": []}), "crit"),
        (token(header={"kid": None}), "kid"),
        (token(header={"kid": 5}), "kid"),
        (token(header={"kid": "nobody"}), "unknown kid"),
        (unsigned(NONE, ""), "not a compact JWS"),
        (unsigned(NONE), "alg"),
        (token() + "=", "not a compact JWS"),
        (" " + token(), "not a compact JWS"),
        (token() + "\n", "not a compact JWS"),
        (token().replace(".", "..", 1), "not a compact JWS"),
        ("", "not a compact JWS"),
        ("a.b", "not a compact JWS"),
        ("a" * (MAX_TOKEN + 1), "too long"),
        (token({"pad": "x" * 8000}), "too long"),
        (unsigned(b"{}"), "typ"),
        (unsigned(b"[1]"), "not a JSON object"),
        (unsigned(b"\xff"), "not a JSON object"),
        (unsigned(b'{"kid":"ours","kid":"rsa"}'), "not a JSON object"),
        (unsigned(b"[" * 3000), "not a JSON object"),
        (raw_token(HEADER, b"[1]", key=OURS), "not a JSON object"),
        (raw_token(HEADER, b'{"exp": NaN}', key=OURS), "not a JSON object"),
        (raw_token(HEADER, b'{"exp": 1, "exp": 2}', key=OURS), "not a JSON object"),
    ],
)
async def test_a_foreign_token_is_refused(verifier: JwksVerifier, foreign: str, reason: str) -> None:
    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(foreign)
    assert refused.value.params == {"reason": reason}
    assert refused.value.text("en") == "The access token is invalid or has expired; get a new one."


async def test_a_changed_claim_breaks_the_signature(verifier: JwksVerifier) -> None:
    head, _, signature = token().split(".")
    forged = b64(json.dumps({**CLAIMS, "roles": ["administrator"]}).encode())
    with pytest.raises(InvalidToken):
        await verifier.verify(f"{head}.{forged}.{signature}")


async def test_keys_are_fetched_once_for_many_tokens(verifier: JwksVerifier, issuer: Issuer) -> None:
    for _ in range(3):
        await verifier.verify(token())
    assert issuer.asked == 1


async def test_a_new_key_is_found_at_a_bounded_rate(verifier: JwksVerifier, issuer: Issuer, clock: FixedClock) -> None:
    new = ECKey.generate_key("P-256", {"kid": "new"})
    await verifier.verify(token())
    issuer.keys = (*issuer.keys, new)
    for _ in range(5):
        with pytest.raises(InvalidToken):
            await verifier.verify(token(key=new))
    assert issuer.asked == 1
    clock.at += timedelta(seconds=30)
    assert (await verifier.verify(token(key=new))).sub == "officer-1"
    assert issuer.asked == 2


async def test_a_withdrawn_key_is_forgotten_after_ten_minutes(
    verifier: JwksVerifier, issuer: Issuer, clock: FixedClock
) -> None:
    long_lived = token({"exp": int(NOW.timestamp()) + 9999})
    await verifier.verify(long_lived)
    issuer.keys = (RSA,)
    clock.at += timedelta(minutes=10)
    with pytest.raises(InvalidToken):
        await verifier.verify(long_lived)


async def test_a_token_seen_before_expires_all_the_same(verifier: JwksVerifier, clock: FixedClock) -> None:
    seen = token()
    await verifier.verify(seen)
    clock.at += timedelta(minutes=6)

    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(seen)

    assert refused.value.params == {"reason": "exp"}


async def test_a_token_seen_before_is_verified_again_by_a_new_key_of_the_same_id(
    verifier: JwksVerifier, issuer: Issuer, clock: FixedClock
) -> None:
    seen = token({"exp": int(NOW.timestamp()) + 3600})
    await verifier.verify(seen)
    issuer.keys = (FOREIGN,)
    clock.at += timedelta(minutes=10)

    with pytest.raises(InvalidToken) as refused:
        await verifier.verify(seen)

    assert refused.value.params == {"reason": "signature"}


async def test_known_keys_go_on_while_the_issuer_is_silent(
    verifier: JwksVerifier, issuer: Issuer, clock: FixedClock
) -> None:
    long_lived = token({"exp": int(NOW.timestamp()) + 9999})
    await verifier.verify(long_lived)
    issuer.silent = True
    clock.at += timedelta(minutes=10)
    assert (await verifier.verify(long_lived)).sub == "officer-1"
    assert issuer.asked == 2


async def test_without_any_key_the_answer_is_to_wait(verifier: JwksVerifier, issuer: Issuer, clock: FixedClock) -> None:
    issuer.silent = True
    for _ in range(3):
        with pytest.raises(ServiceUnavailable):
            await verifier.verify(token())
    assert issuer.asked == 1
    issuer.silent = False
    clock.at += timedelta(seconds=2)
    assert (await verifier.verify(token())).sub == "officer-1"


def test_only_signature_keys_are_pinned_each_to_one_algorithm() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        weak = RSAKey.generate_key(1024, {"kid": "weak"}).as_dict(private=False)
    named = {**RSA.as_dict(private=False), "kid": "named", "alg": "PS256"}
    pinned = pinned_keys(
        {
            "keys": [
                OURS.as_dict(private=False),
                named,
                {**named, "kid": "odd", "alg": "ES256"},
                {**named, "kid": "for-encryption", "use": "enc"},
                {**named, "kid": None},
                weak,
                {"kty": "oct", "kid": "secret", "k": "AAAA"},
                {"kty": "AKP", "kid": "unknown"},
                {"kty": "EC", "kid": "broken", "crv": "P-256", "x": "!"},
                "no key",
                {**FOREIGN.as_dict(private=False), "kid": "ours"},
            ]
        }
    )
    assert {kid: one.algorithm for kid, one in pinned.items()} == {"ours": "ES256", "named": "PS256"}
    assert pinned["ours"].key.as_dict(private=False) == OURS.as_dict(private=False)


def test_a_document_without_keys_is_an_error() -> None:
    with pytest.raises(ValueError, match="no JWK set"):
        pinned_keys({"keys": {}})


def request(*authorization: str) -> Request:
    headers = [(b"authorization", one.encode()) for one in authorization]
    return Request({"type": "http", "method": "GET", "headers": headers})


async def test_no_header_is_the_public(verifier: JwksVerifier) -> None:
    assert await authenticate(request(), verifier) is ANONYMOUS


async def test_the_scheme_is_read_in_any_case(verifier: JwksVerifier) -> None:
    assert (await authenticate(request(f"bearer {token()}"), verifier)).sub == "officer-1"


@pytest.mark.parametrize(
    "headers", [("Basic dTpw",), (token(),), ("Bearer",), (f"Bearer  {token()}",), (f"Bearer {token()}",) * 2]
)
async def test_any_other_header_is_refused_and_not_taken_for_the_public(
    verifier: JwksVerifier, headers: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidToken):
        await authenticate(request(*headers), verifier)
