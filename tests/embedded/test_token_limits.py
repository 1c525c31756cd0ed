"""`/oauth/token` is limited per client and address: guessing ends, and nobody spends another's quota."""

from collections.abc import Callable

import httpx
import pytest
from httpx import ASGITransport

from common.wire import WireSettings
from embedded.demo.people import load_demo
from embedded.issuer import Issuer, issuer_app
from support.service.launcher import ISSUER

At = Callable[[str], httpx.AsyncClient]
FORM = {"grant_type": "client_credentials"}
ID, OTHER = load_demo().clients[:2]


@pytest.fixture
def at(issuer: Issuer) -> At:
    """Provide callers of one issuer, by their address."""
    app = issuer_app(issuer, WireSettings(rate_limit_tokens="3/hour"))
    return lambda address: httpx.AsyncClient(transport=ASGITransport(app, client=(address, 1)), base_url=ISSUER)


async def asked(web: httpx.AsyncClient, client: str, secret: str = "wrong") -> tuple[int, str, str]:  # noqa: S107 -- wrong on purpose
    answer = await web.post("/oauth/token", data=FORM, auth=(client, secret))
    assert answer.headers["ratelimit-policy"] == '"tokens";q=3;w=3600'
    return answer.status_code, answer.json().get("error", ""), answer.headers["ratelimit"].split(";")[1]


async def test_guesses_at_one_client_end_and_nobody_else_pays(at: At) -> None:
    guesser, office = at("203.0.113.7"), at("198.51.100.9")
    found = [await asked(guesser, ID.id) for _ in range(5)]
    assert [status for status, _, _ in found] == [401, 401, 401, 429, 429]
    assert [left for _, _, left in found] == ["r=2", "r=1", "r=0", "r=0", "r=0"]
    assert found[-1][1] == "temporarily_unavailable"
    assert (await asked(office, ID.id, ID.secret.get_secret_value()))[0] == 200
    assert (await asked(guesser, OTHER.id, OTHER.secret.get_secret_value()))[0] == 200


async def test_a_spent_limit_says_when_to_come_back_and_any_page_on_loopback_can_read_it(at: At) -> None:
    web = at("203.0.113.7")
    form = FORM | {"client_id": ID.id, "client_secret": "wrong"}
    answers = [await web.post("/oauth/token", data=form, headers={"Origin": "http://localhost"}) for _ in range(4)]
    assert (answers[-1].status_code, answers[-1].headers["cache-control"]) == (429, "no-store")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
    assert answers[-1].headers["access-control-allow-origin"] == "http://localhost"
    assert "RateLimit" in answers[-1].headers["access-control-expose-headers"]


async def test_a_request_that_names_no_client_is_counted_for_its_address(at: At) -> None:
    web = at("203.0.113.7")
    answers = [await web.post("/oauth/token", data=FORM) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
    assert (await asked(web, ID.id))[0] == 401
    assert (await web.get("/oauth/jwks.json")).headers["ratelimit-policy"] == '"default";q=6000;w=60'
