import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from common.kernel.ids import new_id
from common.process.legal_clock import DEMO_START, LegalClock
from common.settings import Profile
from common.wire import WireSettings
from embedded.mailbox import MailStore
from embedded.origin.assembly import Assembly, Place, assemble, demo_issuer, own_verifier
from embedded.origin.gateway import Gateway
from support.service.launcher import ISSUER, HandClock

OTHER_ORIGIN = "https://front.example.test"
DEMO_PAGES = ("/", "/status", "/mailbox")


def assembled(data: Path, clock: HandClock, profile: Profile) -> Assembly[Gateway]:
    is_demo = profile is Profile.DEMO
    issuer = demo_issuer(ISSUER, data, clock)
    place = Place(
        url=ISSUER,
        origin=ISSUER,
        data=data,
        profile=profile,
        started_at=clock.now(),
        system=clock,
        legal=LegalClock(data / "demo-clock.json", clock, start=DEMO_START),
        verifier=own_verifier(issuer, clock),
        issuer=issuer if is_demo else None,
        wire=WireSettings(),
        origins=[OTHER_ORIGIN],
    )
    return assemble(place, [], MailStore(data / "mail", ids=new_id, clock=clock) if is_demo else None)


async def calling(assembly: Assembly[Gateway]) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=assembly.gateway)
    async with assembly.gateway.running(), httpx.AsyncClient(transport=transport, base_url=ISSUER) as client:
        yield client


@pytest.fixture
async def demo(tmp_path: Path, clock: HandClock) -> AsyncIterator[httpx.AsyncClient]:
    async for client in calling(assembled(tmp_path, clock, Profile.DEMO)):
        yield client


@pytest.fixture
async def production(tmp_path: Path, clock: HandClock) -> AsyncIterator[httpx.AsyncClient]:
    async for client in calling(assembled(tmp_path, clock, Profile.PRODUCTION)):
        yield client


async def token(client: httpx.AsyncClient, name: str, secret: str) -> dict[str, str]:
    answer = await client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(name, secret))
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.mark.parametrize("path", DEMO_PAGES)
async def test_no_page_calls_another_host_or_runs_a_script(demo: httpx.AsyncClient, path: str) -> None:
    answer = await demo.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', answer.text)
    assert addresses
    assert all(address.startswith(("/", "data:,")) and not address.startswith("//") for address in addresses)
    assert "<script" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("path", DEMO_PAGES)
async def test_every_page_speaks_chinese_first_and_english_beside_it(demo: httpx.AsyncClient, path: str) -> None:
    text = (await demo.get(path)).text
    assert '<html lang="zh-CN">' in text
    assert re.search(r'<h1>[\u4e00-\u9fff]+ <small lang="en">', text)


async def test_the_root_leads_to_documents_events_problems_mailbox_and_status(demo: httpx.AsyncClient) -> None:
    text = (await demo.get("/")).text
    for address in ("/docs", "/events-docs", "/problems", "/mailbox", "/status", "/openapi.json", "/asyncapi.json"):
        assert f'<h3><a href="{address}">' in text


async def test_the_status_is_the_same_for_people_and_for_programs(demo: httpx.AsyncClient, clock: HandClock) -> None:
    found = (await demo.get("/status.json")).json()
    assert found["url"] == ISSUER
    assert found["legal_at"] == "2015-10-08T01:00:00Z"
    assert datetime.fromisoformat(found["system_at"]) == clock.now().astimezone(UTC)
    assert found["mails"] == 0
    page = (await demo.get("/status")).text
    assert "2015-10-08 09:00:00" in page
    assert "2026-11-23 12:00:00" in page


async def test_a_token_of_the_issuer_moves_the_clock_when_its_role_may(demo: httpx.AsyncClient) -> None:
    office = await token(demo, "office-1", "demo-office-1-a25c")
    expert = await token(demo, "expert-1", "demo-expert-1-2b07")
    move = {"advance_days": 7}
    assert (await demo.post("/v1/demo/clock", json=move)).status_code == 401
    assert (await demo.post("/v1/demo/clock", json=move, headers=expert)).status_code == 403
    answer = await demo.post("/v1/demo/clock", json=move, headers=office)
    assert (answer.status_code, answer.json()["today"]) == (200, "2015-10-15")
    assert (await demo.get("/status.json")).json()["legal_at"] == "2015-10-15T01:00:00Z"


@pytest.mark.parametrize(
    ("path", "status"), [("/openapi.json", 200), ("/v1/demo/clock", 200), ("/v1/nothing", 404), ("/nothing", 404)]
)
async def test_a_named_origin_reads_documents_the_clock_and_refusals(
    demo: httpx.AsyncClient, path: str, status: int
) -> None:
    asking = {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    before = await demo.options(path, headers={"origin": OTHER_ORIGIN, **asking})
    answer = await demo.get(path, headers={"origin": OTHER_ORIGIN})
    stranger = await demo.get(path, headers={"origin": "https://other.example.test"})
    assert (before.status_code, answer.status_code) == (200, status)
    assert [one.headers.get("access-control-allow-origin") for one in (before, answer, stranger)] == [
        OTHER_ORIGIN,
        OTHER_ORIGIN,
        None,
    ]


async def test_no_other_origin_reads_the_mailbox(demo: httpx.AsyncClient) -> None:
    answer = await demo.get("/mailbox.json", headers={"origin": OTHER_ORIGIN})
    assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (200, None)


@pytest.mark.parametrize(
    "path",
    [
        "/oauth/jwks.json",
        "/oauth/authorize",
        "/.well-known/openid-configuration",
        "/mailbox",
        "/mailbox.json",
        "/v1/demo/clock",
    ],
)
async def test_production_has_no_issuer_no_mailbox_and_no_movable_clock(
    production: httpx.AsyncClient, path: str
) -> None:
    assert (await production.get(path)).status_code == 404
    assert (await production.post("/oauth/token", data={"grant_type": "client_credentials"})).status_code == 404


async def test_production_does_not_link_what_it_has_not(production: httpx.AsyncClient) -> None:
    for path in ("/", "/status"):
        text = (await production.get(path)).text
        assert "/mailbox" not in text
        assert "演示" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/events-docs",
        "/openapi.json",
        "/openapi-3.2.json",
        "/asyncapi.json",
        "/metrics",
        "/problems",
        "/problems/clock-too-far",
        "/static/mingpai.css",
    ],
)
async def test_every_address_that_a_page_or_an_error_names_is_there(production: httpx.AsyncClient, path: str) -> None:
    assert (await production.get(path)).status_code == 200


async def test_every_link_of_the_pages_leads_somewhere(demo: httpx.AsyncClient) -> None:
    seen, waiting = set[str](), ["/"]
    while waiting:
        path = waiting.pop()
        answer = await demo.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        found = re.findall(r'(?:href|src)="(/[^"#]*)"', answer.text) if "html" in answer.headers["content-type"] else []
        waiting += [address for address in dict.fromkeys(found) if address not in seen and address not in waiting]
    assert {"/status", "/mailbox", "/docs", "/events-docs", "/static/mingpai.css"} <= seen
