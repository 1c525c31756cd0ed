"""The content of a token: the person, organisation, roles and area of the caller (RFC 9068, header typ at+jwt)."""

import secrets
from datetime import timedelta
from typing import Final

from common.kernel.clock import Clock
from embedded.demo.people import Client
from embedded.issuer.authorization import Grant
from embedded.issuer.keys import SigningKey

AUDIENCE: Final = "mingpai"
LIFE: Final = timedelta(hours=1)


class Tokens:
    """Signs tokens with the system's clock: moving the legal clock never expires a token."""

    def __init__(self, *, issuer: str, key: SigningKey, clock: Clock) -> None:
        self._issuer = issuer
        self._key = key
        self._clock = clock

    def access(self, person: Client, *, client_id: str) -> dict[str, object]:
        """Return the token answer of RFC 6749 §5.1 for this person or system; `expires_in` is in seconds."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, object] = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": person.sub,
            "org": person.org,
            "roles": list(person.roles),
            "division": person.division,
            "client_id": client_id,
            "iat": now,
            "exp": now + int(LIFE.total_seconds()),
            "jti": secrets.token_urlsafe(16),
        }
        return {
            "access_token": self._key.sign(claims, typ="at+jwt"),
            "token_type": "Bearer",
            "expires_in": int(LIFE.total_seconds()),
        }

    def identity(self, grant: Grant) -> str:
        """Return an OpenID Connect ID token; by its audience and type it is not accepted as an access token."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, object] = {
            "iss": self._issuer,
            "aud": grant.request.client_id,
            "sub": grant.persona.sub,
            "name": grant.persona.name.zh,
            "auth_time": int(grant.at.timestamp()),
            "iat": now,
            "exp": now + int(LIFE.total_seconds()),
        }
        if grant.request.nonce is not None:
            claims["nonce"] = grant.request.nonce
        return self._key.sign(claims, typ="JWT")
