"""The histogram of requests: by template, never by what was sent."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY

from common.kernel.text import Id
from common.web.metrics import MetricsMiddleware, exposition


def app(service: str) -> FastAPI:
    web = FastAPI()
    routes = APIRouter(prefix="/v1/lamps")

    @routes.get("/{lamp_id}")
    async def read(lamp_id: Id) -> None:
        if lamp_id == "broken":
            raise ZeroDivisionError

    web.include_router(routes)
    web.add_middleware(MetricsMiddleware, service=service)
    return web


def count(service: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value("mingpai_http_request_seconds_count", {"service": service, **labels})


def client(service: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app(service)), base_url="http://test")


async def test_requests_are_counted_by_template_and_status() -> None:
    web = client("lamps")
    for path in ("/v1/lamps/a", "/v1/lamps/b"):
        await web.get(path)
    with pytest.raises(ZeroDivisionError):
        await web.get("/v1/lamps/broken")
    assert count("lamps", method="GET", route="/v1/lamps/{lamp_id}", status="200") == 2
    assert count("lamps", method="GET", route="/v1/lamps/{lamp_id}", status="500") == 1


async def test_what_has_no_route_is_one_series() -> None:
    web = client("scanned")
    for number in range(5):
        await web.request(f"X{number}", f"/wp-login-{number}.php")
    assert count("scanned", method="other", route="(none)", status="404") == 5


async def test_the_exposition_names_the_series() -> None:
    await client("shown").get("/v1/lamps/a")
    answer = exposition()
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert b'mingpai_http_request_seconds_count{method="GET",route="/v1/lamps/{lamp_id}",service="shown"' in answer.body
