"""The issuer's refusals, with the error codes of RFC 6749 §5.2 and §4.1.2.1 (OAuth 2.1 §3.2.4)."""

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
    "temporarily_unavailable",
]


@dataclass(eq=False)
class OAuthError(Exception):
    """A refusal; the client gets it in the response, or in the redirect when `/oauth/authorize` refuses."""

    code: ErrorCode
    description: str
    status: int = 400

    def body(self) -> dict[str, str]:
        """Return the error document."""
        return {"error": self.code, "error_description": self.description}


@dataclass(eq=False)
class UnsafeRedirect(Exception):  # noqa: N818 -- a refusal says what is wrong, not that it is an error
    """The redirect address or the client cannot be trusted: a page shows the error (RFC 6749 §4.1.2.1)."""

    zh: str
    en: str
