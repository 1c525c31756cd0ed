import asyncio
import base64
import hashlib
import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from embedded.demo.people import load_demo
from embedded.issuer.authorization import Codes, is_loopback_uri, read_request
from embedded.issuer.refusals import OAuthError
from support.service.launcher import ISSUER, HandClock, token_part

VERIFIER = "a" * 20 + "-._~" + "B" * 30
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://127.0.0.1:5173/callback"
ASKED = {
    "response_type": "code",
    "client_id": "mingpai-front-end",
    "redirect_uri": REDIRECT,
    "state": "st &=<>\"'ate",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
REDEEM = {
    "grant_type": "authorization_code",
    "client_id": "mingpai-front-end",
    "redirect_uri": REDIRECT,
    "code_verifier": VERIFIER,
}


async def chosen(browser: httpx.AsyncClient, persona: str = "office-1", **changes: str) -> dict[str, str]:
    answer = await browser.post("/oauth/authorize", data=ASKED | changes | {"persona": persona})
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def test_the_page_offers_every_persona_in_both_languages_and_keeps_the_request(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/oauth/authorize", params=ASKED)
    assert answer.status_code == 200
    buttons = re.findall(r'<button[^>]*name="persona" value="([^"]+)"', answer.text)
    assert sorted(buttons) == sorted(client.id for client in load_demo().clients)
    assert len(re.findall(r"<h2>", answer.text)) == 9
    for client in load_demo().clients:
        assert html.escape(client.name.zh) in answer.text
        assert html.escape(client.name.en) in answer.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    assert {name: html.unescape(value) for name, value in hidden} == ASKED


async def test_the_page_may_be_framed_by_nobody_and_posts_only_here_and_back(browser: httpx.AsyncClient) -> None:
    policy = (await browser.get("/oauth/authorize", params=ASKED)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert policy.endswith("form-action 'self' http://127.0.0.1:5173")


async def test_a_chosen_persona_comes_back_with_code_state_and_issuer(browser: httpx.AsyncClient) -> None:
    back = await chosen(browser)
    assert (back["state"], back["iss"]) == (ASKED["state"], ISSUER)
    answer = await browser.post("/oauth/token", data=REDEEM | {"code": back["code"]})
    assert answer.status_code == 200
    assert "id_token" not in answer.json()
    claims = token_part(answer.json()["access_token"], 1)
    assert (claims["sub"], claims["roles"], claims["client_id"]) == ("person-office-1", ["office"], "mingpai-front-end")


async def test_openid_gives_an_id_token_that_is_no_access_token(browser: httpx.AsyncClient) -> None:
    back = await chosen(browser, scope="openid profile", nonce="n-1")
    token = (await browser.post("/oauth/token", data=REDEEM | {"code": back["code"]})).json()["id_token"]
    assert token_part(token, 0)["typ"] == "JWT"
    claims = token_part(token, 1)
    assert (claims["aud"], claims["sub"], claims["nonce"]) == ("mingpai-front-end", "person-office-1", "n-1")


async def test_a_code_works_once_even_when_it_is_redeemed_twice_at_once(browser: httpx.AsyncClient) -> None:
    form = REDEEM | {"code": (await chosen(browser))["code"]}
    answers = await asyncio.gather(*(browser.post("/oauth/token", data=form) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400]


async def test_a_code_works_for_sixty_seconds(browser: httpx.AsyncClient, clock: HandClock) -> None:
    young, old = (await chosen(browser))["code"], (await chosen(browser))["code"]
    clock.move(timedelta(seconds=60))
    assert (await browser.post("/oauth/token", data=REDEEM | {"code": young})).status_code == 200
    clock.move(timedelta(seconds=1))
    answer = await browser.post("/oauth/token", data=REDEEM | {"code": old})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code_verifier": "c" * 43}, "invalid_grant"),
        ({"code_verifier": CHALLENGE}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"code_verifier": "é" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:5173/other"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"code": "guess"}, "invalid_grant"),
        ({"code": ""}, "invalid_request"),
    ],
)
async def test_a_code_with_the_wrong_proof_gives_nothing(
    browser: httpx.AsyncClient, change: dict[str, str | None], code: str
) -> None:
    form = REDEEM | {"code": (await chosen(browser))["code"]} | change
    answer = await browser.post("/oauth/token", data={name: value for name, value in form.items() if value is not None})
    assert answer.json()["error"] == code


async def test_a_code_is_of_no_use_to_another_public_client(clock: HandClock) -> None:
    codes = Codes(clock)
    request = read_request(load_demo(), {name: [value] for name, value in ASKED.items()})
    code = codes.issue(request, load_demo().clients[0])
    with pytest.raises(OAuthError, match="another client"):
        codes.redeem(code, client_id="another-front-end", verifier=VERIFIER, redirect_uri=REDIRECT)


async def test_a_wrong_proof_spends_the_code(browser: httpx.AsyncClient) -> None:
    code = (await chosen(browser))["code"]
    await browser.post("/oauth/token", data=REDEEM | {"code": code, "code_verifier": "c" * 43})
    answer = await browser.post("/oauth/token", data=REDEEM | {"code": code})
    assert answer.json()["error"] == "invalid_grant"


async def test_a_public_client_with_a_secret_is_refused(browser: httpx.AsyncClient) -> None:
    form = REDEEM | {"code": (await chosen(browser))["code"], "client_secret": "anything"}
    assert (await browser.post("/oauth/token", data=form)).json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"nonce": "n" * 3000}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_bad_request_is_reported_to_the_front_end_at_its_own_address(
    browser: httpx.AsyncClient, method: str, change: dict[str, str], code: str
) -> None:
    if method == "GET":
        answer = await browser.get("/oauth/authorize", params=ASKED | change)
    else:
        answer = await browser.post("/oauth/authorize", data=ASKED | change | {"persona": "office-1"})
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == REDIRECT
    said = parse_qs(target.query)
    assert (said["error"], said["state"], said["iss"]) == ([code], [ASKED["state"]], [ISSUER])
    assert "code" not in said


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": ""},
        {"client_id": "somebody"},
        {"client_id": "office-1"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_unknown_client_or_address_is_shown_and_never_redirected(
    browser: httpx.AsyncClient, method: str, change: dict[str, str]
) -> None:
    if method == "GET":
        answer = await browser.get("/oauth/authorize", params=ASKED | change)
    else:
        answer = await browser.post("/oauth/authorize", data=ASKED | change | {"persona": "office-1"})
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "无法登录" in answer.text


async def test_a_redirect_address_given_twice_is_not_redirected(browser: httpx.AsyncClient) -> None:
    pairs = urlencode([*ASKED.items(), ("redirect_uri", "http://localhost:1/x")])
    assert (await browser.get(f"/oauth/authorize?{pairs}")).status_code == 400


async def test_an_unknown_persona_gets_the_page_again(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/oauth/authorize", data=ASKED | {"persona": "the-governor"})
    assert answer.status_code == 200
    assert "选择身份" in answer.text


async def test_what_the_caller_sends_is_escaped_on_the_page(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/oauth/authorize", params=ASKED | {"state": '"><script>alert(1)</script>'})
    assert "<script" not in answer.text


async def test_the_redirect_keeps_the_query_of_the_front_ends_address(browser: httpx.AsyncClient) -> None:
    back = await chosen(browser, redirect_uri=f"{REDIRECT}?page=1")
    assert back["page"] == "1"
    assert back["code"]


@pytest.mark.parametrize(
    "uri",
    ["http://127.0.0.1:5173/cb", "http://localhost/cb", "https://localhost:8443/cb?x=1", "http://[::1]:3000/"],
)
def test_addresses_on_this_machine_are_taken(uri: str) -> None:
    assert is_loopback_uri(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
        "http://evil.example@localhost/",
        "http://evil.example\\@localhost/",
        "http://127.0.0.1:5173/cb#part",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "//localhost/",
        "javascript://localhost/%0aalert(1)",
        "http://localhost/\r\nX:y",
        "http://localhost /",
        "http://[::1/",
        "http://ｌocalhost/",
        "",
    ],
)
def test_other_addresses_are_not(uri: str) -> None:
    assert not is_loopback_uri(uri)
