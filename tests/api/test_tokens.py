"""Foreign tokens at the front door: each is refused in the same words, whatever is wrong with it.

The forger of these tests is the strongest there is: he holds the issuer's own key and lacks one thing at a time.
"""

import base64
import json
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from joserfc import jws
from joserfc.jwk import Key, RSAKey

from support.service.platform import Platform

STRANGER: Final = RSAKey.generate_key(2048)


class Forger:
    """Signs what a test asks for, by default what the issuer would have signed."""

    def __init__(self, platform: Platform) -> None:
        kept = (platform.data / "issuer.json").read_text("utf-8")
        self.ours = RSAKey.import_key(json.loads(kept))
        self._issuer = platform.url

    def token(
        self,
        *,
        key: Key | None = None,
        alg: str = "RS256",
        header: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
    ) -> str:
        """Return a signed token; None as a claim's or a header's value leaves it out."""
        now = int(time.time())
        head = {"alg": alg, "typ": "at+jwt", "kid": self.ours.thumbprint(), **(header or {})}
        content = {
            "iss": self._issuer,
            "aud": "mingpai",
            "sub": "person-office-1",
            "org": "AG-OFFICE",
            "roles": ["office"],
            "division": "370000",
            "client_id": "office-1",
            "iat": now,
            "exp": now + 300,
            **(claims or {}),
        }
        signed = f"{part(head)}.{part(content)}"
        algorithm = jws.JWSRegistry(algorithms=[alg]).get_alg(alg)
        return f"{signed}.{encoded(algorithm.sign(signed.encode(), key or self.ours))}"

    def unsigned(self) -> str:
        """Return a token that says it needs no signature."""
        whole = self.token().split(".")
        return f"{part({'alg': 'none', 'typ': 'at+jwt', 'kid': self.ours.thumbprint()})}.{whole[1]}."

    def public(self, key: RSAKey) -> dict[str, object]:
        """Return the public half of a key under the issuer's key id."""
        return {**key.as_dict(private=False), "kid": self.ours.thumbprint()}


def part(content: dict[str, Any]) -> str:
    present = {name: value for name, value in content.items() if value is not None}
    return encoded(json.dumps(present).encode())


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def ago(**claims: int) -> dict[str, int]:
    """Return claims that are so many seconds from now."""
    return {name: int(time.time()) + seconds for name, seconds in claims.items()}


def with_other_roles(forger: Forger) -> str:
    """Return a token whose content was changed after it was signed."""
    mine, other = forger.token().split("."), forger.token(claims={"roles": ["administrator"]}).split(".")
    return f"{mine[0]}.{other[1]}.{mine[2]}"


FOREIGN: Final[dict[str, Callable[[Forger], str]]] = {
    "no algorithm": Forger.unsigned,
    "no signature": lambda forger: forger.token().rpartition(".")[0] + ".",
    "another algorithm of the key": lambda forger: forger.token(alg="RS512"),
    "another key": lambda forger: forger.token(key=STRANGER),
    "a key in the header": lambda forger: forger.token(key=STRANGER, header={"jwk": forger.public(STRANGER)}),
    "a key at an address": lambda forger: forger.token(key=STRANGER, header={"jku": "https://evil.example/jwks"}),
    "a certificate at an address": lambda forger: forger.token(key=STRANGER, header={"x5u": "https://evil.example/c"}),
    "an unknown key id": lambda forger: forger.token(header={"kid": "somebody"}),
    "no key id": lambda forger: forger.token(header={"kid": None}),
    "an ID token": lambda forger: forger.token(header={"typ": "JWT"}),
    "no type": lambda forger: forger.token(header={"typ": None}),
    "an unknown critical header": lambda forger: forger.token(header={"crit": ["b64"], "b64": True}),
    "changed roles": with_other_roles,
    "expired": lambda forger: forger.token(claims=ago(iat=-400, exp=-31)),
    "without end": lambda forger: forger.token(claims={"exp": None}),
    "not yet valid": lambda forger: forger.token(claims=ago(nbf=60)),
    "issued tomorrow": lambda forger: forger.token(claims=ago(iat=86400, exp=90000)),
    "another audience": lambda forger: forger.token(claims={"aud": "somebody-else"}),
    "no audience": lambda forger: forger.token(claims={"aud": None}),
    "another issuer": lambda forger: forger.token(claims={"iss": "https://evil.example"}),
    "no organisation": lambda forger: forger.token(claims={"org": None}),
    "the system's name": lambda forger: forger.token(claims={"sub": "system"}),
    "over 8 KiB": lambda forger: forger.token(claims={"pad": "x" * 8192}),
    "padded": lambda forger: forger.token() + "=",
    "a space before": lambda forger: " " + forger.token(),
    "a space within": lambda forger: forger.token().replace(".", ". ", 1),
    "a tab behind": lambda forger: forger.token() + "\t",
    "nothing": lambda _: "",
}


@pytest.fixture
def forger(platform: Platform) -> Forger:
    return Forger(platform)


async def test_the_forger_with_nothing_wrong_is_believed(platform: Platform, forger: Forger) -> None:
    answer = await platform.client.get("/v1/me", headers={"Authorization": f"Bearer {forger.token()}"})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "sub": "person-office-1",
            "org": "AG-OFFICE",
            "roles": ["office"],
            "division": "370000",
            "client": "office-1",
        },
    )


async def test_every_foreign_token_is_refused_in_the_same_words(platform: Platform, forger: Forger) -> None:
    answered = {}
    for name, forge in FOREIGN.items():
        answer = await platform.client.get("/v1/me", headers={"Authorization": f"Bearer {forge(forger)}"})
        problem, challenge = answer.json(), answer.headers.get("www-authenticate")
        answered[name] = (answer.status_code, problem.get("code"), problem.get("detail"), challenge)
    refused = answered["another key"]
    assert refused[:2] == (401, "invalid-token")
    assert answered == dict.fromkeys(FOREIGN, refused)


async def test_a_foreign_token_is_not_taken_for_the_public(platform: Platform, forger: Forger) -> None:
    answer = await platform.client.get("/v1/brands", headers={"Authorization": f"Bearer {forger.token(key=STRANGER)}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-token")
