"""The development issuer: tokens for the demo's clients and personas, as any OIDC issuer would issue them.

It does not ask for a password, and the production profile refuses it.
"""

from embedded.issuer.app import Issuer, issuer_app

__all__ = ["Issuer", "issuer_app"]
