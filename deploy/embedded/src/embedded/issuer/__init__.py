"""The development issuer: tokens for the demo's clients and personas, as any OIDC issuer would give them.

It asks for no password and is refused in the production profile.
"""

from embedded.issuer.app import Issuer, issuer_app

__all__ = ["Issuer", "issuer_app"]
