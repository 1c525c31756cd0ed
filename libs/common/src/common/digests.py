"""Digests: `sha256:<hex>` over the canonical form (RFC 8785) of a value, so that anyone can recompute them.

The canonical form has no decimals and no integer beyond 2^53: amounts and scores enter as strings.
"""

import hashlib
import re
from typing import Any, Final

import rfc8785

DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
"""What a digest looks like."""


def canonical(value: Any) -> bytes:  # noqa: ANN401 -- any JSON value
    """Return the one serialisation of a JSON value (RFC 8785).

    Raises ValueError for what JSON cannot say the same way everywhere: NaN, infinities, integers beyond 2^53, lone
    surrogates, keys that are no strings, and Python values that are no JSON.
    """
    return rfc8785.dumps(value)


def digest(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    """Return the digest of a JSON value's canonical form; raises ValueError as `canonical` does."""
    return digest_bytes(canonical(value))


def digest_bytes(content: bytes) -> str:
    """Return the digest of bytes as they are."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
