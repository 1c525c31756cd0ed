import base64
import stat
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from common.kernel.actor import Role
from common.web.access.auth import JwksVerifier
from common.web.refusals import InvalidToken
from common.wire import WireSettings
from embedded.demo.people import load_demo
from embedded.issuer import Issuer, issuer_app
from embedded.issuer.keys import SigningKey
from support.service.launcher import ISSUER, HandClock, client_of, token_part

ID = "county-lixia"
SECRET = "demo-county-lixia-52aa"
FORM = {"grant_type": "client_credentials"}


async def test_a_client_gets_a_token_by_http_basic_and_the_claims_are_its_own(
    browser: httpx.AsyncClient, clock: HandClock, issuer: Issuer
) -> None:
    answer = await browser.post("/oauth/token", data=FORM, auth=(ID, SECRET))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    claims = token_part(body["access_token"], 1)
    assert token_part(body["access_token"], 0) == {"alg": "RS256", "typ": "at+jwt", "kid": issuer.key.kid}
    assert claims.pop("jti")
    now = int(clock.now().timestamp())
    assert claims == {
        "iss": ISSUER,
        "aud": "mingpai",
        "sub": "person-county-lixia",
        "org": "AG-370102",
        "roles": ["recommender"],
        "division": "370102",
        "client_id": ID,
        "iat": now,
        "exp": now + 3600,
    }


async def test_a_client_gets_a_token_by_form(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/oauth/token", data=FORM | {"client_id": ID, "client_secret": SECRET})
    assert answer.status_code == 200


async def test_basic_credentials_are_read_as_the_standard_encodes_them(browser: httpx.AsyncClient) -> None:
    encoded = base64.b64encode(f"county%2Dlixia:{SECRET.replace('-', '%2D')}".encode()).decode()
    answer = await browser.post("/oauth/token", data=FORM, headers={"authorization": f"basic {encoded}"})
    assert answer.status_code == 200


async def test_the_services_verifier_takes_the_token_until_an_hour_has_passed(
    browser: httpx.AsyncClient, clock: HandClock
) -> None:
    token = (await browser.post("/oauth/token", data=FORM, auth=(ID, SECRET))).json()["access_token"]

    async def fetch() -> dict[str, object]:
        found: dict[str, object] = (await browser.get("/oauth/jwks.json")).json()
        return found

    verifier = JwksVerifier(issuer=ISSUER, audience="mingpai", fetch=fetch, clock=clock)
    actor = await verifier.verify(token)
    assert (actor.sub, actor.org, actor.roles) == ("person-county-lixia", "AG-370102", frozenset({Role.RECOMMENDER}))
    clock.move(timedelta(hours=1, minutes=1))
    with pytest.raises(InvalidToken):
        await verifier.verify(token)


async def test_the_key_set_shows_the_public_half_only(browser: httpx.AsyncClient) -> None:
    (key,) = (await browser.get("/oauth/jwks.json")).json()["keys"]
    assert set(key) == {"kty", "n", "e", "use", "alg", "kid"}


def test_the_key_survives_a_restart_and_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "issuer.json"
    first = SigningKey.kept_in(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.kept_in(path).jwks() == first.jwks()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
async def test_discovery_names_this_issuer_and_its_addresses(browser: httpx.AsyncClient, path: str) -> None:
    found = (await browser.get(path)).json()
    assert found["issuer"] == ISSUER
    assert found["token_endpoint"] == f"{ISSUER}/oauth/token"
    assert found["jwks_uri"] == f"{ISSUER}/oauth/jwks.json"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["grant_types_supported"] == ["authorization_code", "client_credentials"]


@pytest.mark.parametrize(
    ("form", "auth", "status", "code"),
    [
        ({}, (ID, SECRET), 400, "invalid_request"),
        ({"grant_type": "password"}, (ID, SECRET), 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, (ID, SECRET), 400, "unsupported_grant_type"),
        (FORM, None, 401, "invalid_client"),
        (FORM, (ID, "wrong"), 401, "invalid_client"),
        (FORM, ("nobody", SECRET), 401, "invalid_client"),
        (FORM, ("nobody", "-" * 24), 401, "invalid_client"),
        (FORM | {"client_id": ID}, None, 401, "invalid_client"),
        (FORM | {"client_id": ID, "client_secret": ""}, None, 401, "invalid_client"),
        (FORM | {"client_secret": SECRET}, (ID, SECRET), 400, "invalid_request"),
        (FORM | {"client_id": "applicant-1"}, (ID, SECRET), 400, "invalid_request"),
        (FORM | {"scope": "administrator"}, (ID, SECRET), 400, "invalid_scope"),
        (FORM | {"client_id": "mingpai-front-end"}, None, 401, "invalid_client"),
        (
            {"grant_type": "authorization_code", "code": "x", "code_verifier": "y"},
            (ID, SECRET),
            400,
            "unauthorized_client",
        ),
    ],
)
async def test_a_bad_token_request_is_refused_in_the_words_of_the_standard(
    browser: httpx.AsyncClient, form: dict[str, str], auth: tuple[str, str] | None, status: int, code: str
) -> None:
    answer = await browser.post("/oauth/token", data=form, auth=auth or httpx.USE_CLIENT_DEFAULT, headers=FORM_TYPE)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"grant_type": "client_credentials"}', {"content-type": "application/json"}, 400),
        (b"grant_type=client_credentials&grant_type=client_credentials", FORM_TYPE, 400),
        (b"grant_type=%ff", FORM_TYPE, 400),
        (b"grant_type=\xff", FORM_TYPE, 400),
        (b"&".join(b"a%d=1" % i for i in range(40)), FORM_TYPE, 400),
        (b"a=" + b"x" * 40_000, FORM_TYPE, 413),
        (b"grant_type=client_credentials", FORM_TYPE | {"authorization": "Basic !!!"}, 401),
        (b"grant_type=client_credentials", FORM_TYPE | {"authorization": "Bearer abc"}, 401),
        (b"grant_type=client_credentials", FORM_TYPE | {"authorization": "Basic /w=="}, 401),
    ],
)
async def test_an_unreadable_token_request_is_refused_and_never_a_fault_of_ours(
    browser: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await browser.post("/oauth/token", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"] in {"invalid_request", "invalid_client"}


@pytest.mark.parametrize(
    "origin", ["http://localhost:5173", "https://127.0.0.1:8443", "http://[::1]:3000", "http://localhost"]
)
async def test_a_page_on_a_loopback_origin_may_ask_for_a_token(browser: httpx.AsyncClient, origin: str) -> None:
    headers = {"origin": origin, "access-control-request-method": "POST"}
    assert (await browser.options("/oauth/token", headers=headers)).headers["access-control-allow-origin"] == origin
    answer = await browser.post("/oauth/token", data=FORM, auth=(ID, SECRET), headers={"origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80", "null"]
)
async def test_a_page_elsewhere_may_not(browser: httpx.AsyncClient, origin: str) -> None:
    answer = await browser.post("/oauth/token", data=FORM, auth=(ID, SECRET), headers={"origin": origin})
    assert "access-control-allow-origin" not in answer.headers


async def test_the_persona_page_can_be_read_from_no_other_origin(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/oauth/authorize", headers={"origin": "http://localhost:5173"})
    assert "access-control-allow-origin" not in answer.headers


async def test_two_issuers_with_their_own_keys_do_not_take_each_others_tokens(
    browser: httpx.AsyncClient, tmp_path: Path, clock: HandClock
) -> None:
    token = (await browser.post("/oauth/token", data=FORM, auth=(ID, SECRET))).json()["access_token"]
    other = Issuer.at(ISSUER, demo=load_demo(), key_file=tmp_path / "other.json", clock=clock)
    async with client_of(issuer_app(other, WireSettings())) as elsewhere:

        async def fetch() -> dict[str, object]:
            found: dict[str, object] = (await elsewhere.get("/oauth/jwks.json")).json()
            return found

        with pytest.raises(InvalidToken):
            await JwksVerifier(issuer=ISSUER, audience="mingpai", fetch=fetch, clock=clock).verify(token)
