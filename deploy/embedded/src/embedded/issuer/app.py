"""The issuer's endpoints under `/oauth` and `/.well-known`; every answer carries the same issuer name.

A page on any loopback origin may request a token; only a page on our own origin may read the persona page.
"""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from common.codes.vocabulary.words import ROLES
from common.kernel.clock import Clock
from common.web.access.limits import Limits, LimitsMiddleware, charge, charge_at_address
from common.web.access.origins import METHODS, SHOWN, TAKEN
from common.web.refusals import TooManyRequests
from common.web.site import Site
from common.wire import WireSettings
from embedded.demo.people import Demo
from embedded.issuer.authorization import PARAMETERS, SCOPES, AuthorizationRequest, Codes, Declined, read_request
from embedded.issuer.clients import Credentials, confidential, public, read_credentials
from embedded.issuer.forms import fields, once, read_fields
from embedded.issuer.keys import ALGORITHM, SigningKey
from embedded.issuer.refusals import OAuthError, UnsafeRedirect
from embedded.issuer.tokens import Tokens
from embedded.pages.rendering import PAGES

LOOPBACK_ORIGIN: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
_NO_STORE: Final = {"Cache-Control": "no-store"}
_TOKEN: Final = "/oauth/token"  # noqa: S105 -- a path
_GRANTS: Final = ("authorization_code", "client_credentials")


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """Everything the issuer needs: its name (our origin), its clients, its key, its codes and its tokens."""

    url: str
    demo: Demo
    key: SigningKey
    codes: Codes
    tokens: Tokens

    @classmethod
    def at(cls, url: str, *, demo: Demo, key_file: Path, clock: Clock) -> "Issuer":
        """Make the issuer of this origin; its key is read from the file, or made and written to it."""
        key = SigningKey.kept_in(key_file)
        return cls(url=url, demo=demo, key=key, codes=Codes(clock), tokens=Tokens(issuer=url, key=key, clock=clock))

    def configuration(self) -> dict[str, object]:
        """Return the metadata of OpenID Connect Discovery 1.0 and RFC 8414."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/oauth/authorize",
            "token_endpoint": f"{self.url}/oauth/token",
            "jwks_uri": f"{self.url}/oauth/jwks.json",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(_GRANTS),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "authorization_response_iss_parameter_supported": True,
            "scopes_supported": list(SCOPES),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "claims_supported": ["iss", "aud", "sub", "org", "roles", "division", "client_id", "iat", "exp", "jti"],
            "ui_locales_supported": ["zh", "en"],
        }

    def answer(self, credentials: Credentials, form: dict[str, str]) -> dict[str, object]:
        """Return the token answer to a grant. Raises OAuthError."""
        grant_type = form.get("grant_type")
        if grant_type is None:
            raise OAuthError("invalid_request", "grant_type is missing")
        if grant_type == "client_credentials":
            client = confidential(self.demo, credentials)
            if form.get("scope"):
                raise OAuthError("invalid_scope", "client credentials take no scope; the roles are the client's")
            return self.tokens.access(client, client_id=client.id)
        if grant_type == "authorization_code":
            return self._redeemed(public(self.demo, credentials), form)
        raise OAuthError("unsupported_grant_type", f"known grants: {', '.join(_GRANTS)}")

    def _redeemed(self, client_id: str, form: dict[str, str]) -> dict[str, object]:
        if not form.get("code") or not form.get("code_verifier"):
            raise OAuthError("invalid_request", "code and code_verifier are needed")
        grant = self.codes.redeem(
            form["code"],
            client_id=client_id,
            verifier=form["code_verifier"],
            redirect_uri=form.get("redirect_uri"),
        )
        answer = self.tokens.access(grant.persona, client_id=client_id)
        if "openid" in grant.request.scope:
            answer |= {"id_token": self.tokens.identity(grant), "scope": " ".join(grant.request.scope)}
        return answer


class LoopbackCors(CORSMiddleware):
    """Allows other origins to call the endpoints for programs, but not to read the persona page."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the CORS fields to every response except the persona page."""
        if scope["type"] == "http" and scope["path"] == "/oauth/authorize":
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def issuer_app(issuer: Issuer, wire: WireSettings) -> FastAPI:
    """Return the issuer's application, mounted under `/oauth` and `/.well-known` of its own origin."""
    app = Site("Mingpai development issuer")
    app.add_middleware(
        LimitsMiddleware,
        limits=Limits.of_issuer(wire),
        counted_inside=(_TOKEN,),
    )
    app.add_middleware(
        LoopbackCors,
        allow_origin_regex=LOOPBACK_ORIGIN,
        allow_methods=METHODS,
        allow_headers=TAKEN,
        expose_headers=SHOWN,
        max_age=600,
    )

    @app.get("/.well-known/openid-configuration")
    @app.get("/.well-known/oauth-authorization-server")
    async def configuration() -> dict[str, object]:
        return issuer.configuration()

    @app.get("/oauth/jwks.json")
    async def jwks() -> dict[str, object]:
        return issuer.key.jwks()

    @app.post(_TOKEN)
    async def token(request: Request) -> Response:
        try:
            form = once(await read_fields(request))
            credentials = read_credentials(request.headers.get("authorization"), form)
        except OAuthError:
            charge(request, None)
            raise
        charge_at_address(request, credentials.client_id)
        return JSONResponse(issuer.answer(credentials, form), headers=_NO_STORE)

    @app.get("/oauth/authorize")
    async def choose(request: Request) -> Response:
        asked = read_request(issuer.demo, fields(request.scope["query_string"]))
        return _persona_page(issuer, asked, fields(request.scope["query_string"]))

    @app.post("/oauth/authorize")
    async def chosen(request: Request) -> Response:
        given = await read_fields(request)
        asked = read_request(issuer.demo, given)
        persona = issuer.demo.client(given.get("persona", [""])[0])
        if persona is None:
            return _persona_page(issuer, asked, given)
        return _see(asked.back(code=issuer.codes.issue(asked, persona), iss=issuer.url))

    _install_refusals(app, issuer.url)
    return app


def _install_refusals(app: FastAPI, url: str) -> None:
    @app.exception_handler(OAuthError)
    async def refused(request: Request, error: OAuthError) -> Response:
        if request.url.path == "/oauth/authorize":
            return PAGES.page(
                "issuer_error.html", status_code=error.status, zh="无法读取该请求。", en=error.description
            )
        headers = _NO_STORE | ({"WWW-Authenticate": 'Basic realm="mingpai"'} if error.status == 401 else {})  # noqa: PLR2004 -- RFC 6749 §5.2
        return JSONResponse(error.body(), status_code=error.status, headers=headers)

    @app.exception_handler(TooManyRequests)
    async def too_many(_: Request, refusal: TooManyRequests) -> Response:
        error = OAuthError("temporarily_unavailable", refusal.text("en"), 429)
        return JSONResponse(error.body(), status_code=error.status, headers=_NO_STORE | refusal.headers)

    @app.exception_handler(Declined)
    async def declined(_: Request, refusal: Declined) -> Response:
        return _see(refusal.request.back(**refusal.error.body(), iss=url))

    @app.exception_handler(UnsafeRedirect)
    async def unsafe(_: Request, refusal: UnsafeRedirect) -> Response:
        return PAGES.page("issuer_error.html", status_code=400, zh=refusal.zh, en=refusal.en)


def _see(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers=_NO_STORE | {"Referrer-Policy": "no-referrer"})


def _persona_page(issuer: Issuer, asked: AuthorizationRequest, given: dict[str, list[str]]) -> Response:
    hint = given.get("login_hint", [""])[0]
    groups = [
        (ROLES.flat()[role], list(members))
        for role, members in groupby(issuer.demo.clients, lambda client: client.roles[0])
    ]
    return PAGES.page(
        "personas.html",
        form_targets=asked.redirect_origin,
        groups=groups,
        hint=hint,
        organisations=issuer.demo.organisation_names,
        divisions=issuer.demo.divisions,
        fields=[(name, given[name][0]) for name in PARAMETERS if name in given],
        front_end=next(entry.name for entry in issuer.demo.front_ends if entry.id == asked.client_id),
        origin=asked.redirect_origin,
    )
