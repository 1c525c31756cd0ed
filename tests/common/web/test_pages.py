"""Pages: escaped, in both languages, and shut against every other host."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from common.kernel.errors import ActionNotAllowed, Refused
from common.web.answers import problems
from common.web.answers.problems import problem_codes
from common.web.documents import pages


class LampFancy(Refused):
    code, zh, en = "lamp-fancy", "灯 <b>{name}</b> 过于华丽。", "The lamp <b>{name}</b> is too fancy."


assert ActionNotAllowed.code == "action-not-allowed"  # imported, so that its page is there


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(docs_url=None)
    pages.install(app)
    problems.install(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as it:
        yield it


async def test_a_problem_is_explained_in_both_languages(client: httpx.AsyncClient) -> None:
    page = await client.get("/problems/too-many-requests")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "请求过于频繁，请在 <code>seconds</code> 秒后重试。" in page.text
    assert "Too many requests; try again in <code>seconds</code> seconds." in page.text
    assert "可以稍后重试" in page.text
    assert "429 请求过于频繁" in page.text


async def test_a_refusal_of_the_domain_is_explained_too(client: httpx.AsyncClient) -> None:
    page = (await client.get("/problems/lamp-fancy")).text
    assert "灯 &lt;b&gt;<code>name</code>&lt;/b&gt; 过于华丽。" in page
    assert "重试无效" in page


async def test_advice_fits_the_code_and_else_the_status(client: httpx.AsyncClient) -> None:
    of_code = (await client.get("/problems/action-not-allowed")).text
    assert "从 allowed_actions 中选择可以执行的操作。" in of_code
    assert "choose one of its allowed_actions" in of_code
    assert (
        "请重新读取该事项，并按 allowed_actions 选择可以执行的操作。" in (await client.get("/problems/lamp-fancy")).text
    )
    assert "请检查编号；" in (await client.get("/problems/path-not-found")).text


async def test_every_code_has_its_page_and_stands_in_the_list(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/problems")).text
    for code in problem_codes():
        assert f'href="/problems/{code}"' in listed
        assert (await client.get(f"/problems/{code}")).status_code == 200


@pytest.mark.parametrize("code", ["no-such-code", "%3Cscript%3E", "..%2f..%2fetc"])
async def test_an_unknown_code_is_not_found(client: httpx.AsyncClient, code: str) -> None:
    answer = await client.get(f"/problems/{code}")
    assert (answer.status_code, answer.json()["code"]) == (404, "path-not-found")
    assert "script" not in answer.text


@pytest.mark.parametrize("path", ["/docs", "/events-docs", "/problems", "/problems/malformed-json"])
async def test_a_page_loads_only_what_is_served_here(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/") or address == "data:,", address
        if address.startswith("/static/"):
            assert (await client.get(address)).status_code == 200, address


@pytest.mark.parametrize(
    ("path", "script"),
    [("/docs", "'self'"), ("/events-docs", "'self' 'unsafe-eval'"), ("/problems", "'none'")],
)
async def test_the_policy_names_no_other_host(client: httpx.AsyncClient, path: str, script: str) -> None:
    headers = (await client.get(path)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert policy["script-src"] == script
    assert "http" not in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("no-referrer", "nosniff")


async def test_a_missing_file_is_a_problem_like_any_other(client: httpx.AsyncClient) -> None:
    assert (await client.get("/static/../pages.py")).status_code == 404
    assert (await client.get("/static/nothing.js")).json()["code"] == "path-not-found"


def test_the_pages_are_not_part_of_the_interface() -> None:
    app = FastAPI()
    pages.install(app)
    assert app.openapi()["paths"] == {}
