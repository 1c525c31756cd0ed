"""What the issuer refuses, in the words of RFC 6749 §5.2 and §4.1.2.1 (OAuth 2.1 §3.2.4)."""

from dataclasses import dataclass
from typing import Literal

ErrorCode = Literal[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "invalid_scope",
    "login_required",
]


@dataclass(eq=False)
class OAuthError(Exception):
    """A refusal that the client is told in its own answer, or by redirect when `/oauth/authorize` finds it."""

    code: ErrorCode
    description: str
    status: int = 400

    def body(self) -> dict[str, str]:
        """Return the error document."""
        return {"error": self.code, "error_description": self.description}


@dataclass(eq=False)
class UnsafeRedirect(Exception):  # noqa: N818 -- a refusal says what is wrong, not that it is an error
    """The redirect address or the client cannot be trusted: shown on a page, never redirected (RFC 6749 §4.1.2.1)."""

    zh: str
    en: str
