"""The issuer's signing key: made once and stored in DATA/issuer.json, which only its owner may read.

The key survives a restart, so that tokens issued before the restart stay valid. It signs with RS256, because OpenID
Connect Discovery requires RS256 and a service verifies it faster than ES256.
"""

import json
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.jwk import RSAKey

from common.files.atomic import write_durably

ALGORITHM: Final = "RS256"
_BITS: Final = 2048


class SigningKey:
    """One RSA key with a key id; signs claims and returns its public half."""

    def __init__(self, key: RSAKey) -> None:
        self._key = key
        self.kid = key.thumbprint()

    @classmethod
    def kept_in(cls, path: Path) -> "SigningKey":
        """Read the key, or make it and write it."""
        if not path.exists():
            made = RSAKey.generate_key(_BITS)
            write_durably(path, json.dumps(made.as_dict(private=True)).encode())
        return cls(RSAKey.import_key(json.loads(path.read_text("utf-8"))))

    def sign(self, claims: dict[str, object], *, typ: str) -> str:
        """Return a compact JWS over the claims; `typ` distinguishes an access token (at+jwt) from an ID token (JWT)."""
        return jwt.encode({"alg": ALGORITHM, "typ": typ, "kid": self.kid}, claims, self._key)

    def jwks(self) -> dict[str, object]:
        """Return the JWK set with the public half, as `/oauth/jwks.json` serves it."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "use": "sig", "alg": ALGORITHM, "kid": self.kid}]}
