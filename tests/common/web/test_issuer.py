"""Finding an issuer's keys by its discovery document."""

from collections.abc import Mapping

import httpx
import pytest

from common.web.access.issuer import discovered

ISSUER = "https://id.example.cn/realms/mingpai"
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"


def network(documents: Mapping[str, httpx.Response]) -> httpx.AsyncClient:
    def respond(asked: httpx.Request) -> httpx.Response:
        return documents.get(str(asked.url), httpx.Response(404))

    return httpx.AsyncClient(transport=httpx.MockTransport(respond))


async def test_keys_are_found_by_discovery() -> None:
    address = "https://id.example.cn/certs"
    client = network(
        {
            DISCOVERY: httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": address}),
            address: httpx.Response(200, json={"keys": []}),
        }
    )
    assert await discovered(ISSUER, client)() == {"keys": []}


@pytest.mark.parametrize(
    ("named", "keys"),
    [
        (f"{ISSUER}/certs", "https://inside.example:8443/certs"),
        ("https://keys.example.cn/certs", "https://keys.example.cn/certs"),
    ],
)
async def test_an_issuer_that_its_name_does_not_lead_to_is_asked_at_its_address_for_what_is_its_own(
    named: str, keys: str
) -> None:
    client = network(
        {
            "https://inside.example:8443/.well-known/openid-configuration": httpx.Response(
                200, json={"issuer": ISSUER, "jwks_uri": named}
            ),
            keys: httpx.Response(200, json={"keys": []}),
        }
    )
    assert await discovered(ISSUER, client, at="https://inside.example:8443/")() == {"keys": []}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(200, json={"issuer": "https://evil.example", "jwks_uri": f"{ISSUER}/certs"}), "another issuer"),
        (httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": "http://id.example.cn/certs"}), "no usable jwks_uri"),
        (httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": "file:///etc/passwd"}), "no usable jwks_uri"),
        (httpx.Response(200, json={"issuer": ISSUER}), "no usable jwks_uri"),
        (httpx.Response(200, json=[1]), "no JSON object"),
        (httpx.Response(200, content=b"<html>"), "Expecting value"),
        (httpx.Response(200, content=b" " * 300_000), "more than 262144 bytes"),
        (httpx.Response(302, headers={"location": f"{ISSUER}/certs"}), "answered 302"),
        (httpx.Response(500), "answered 500"),
    ],
)
async def test_a_discovery_document_that_does_not_fit_is_an_error(answer: httpx.Response, why: str) -> None:
    keys = httpx.Response(200, json={"keys": []})
    client = network({DISCOVERY: answer, f"{ISSUER}/certs": keys, "http://id.example.cn/certs": keys})
    with pytest.raises(ValueError, match=why):
        await discovered(ISSUER, client)()


async def test_a_silent_issuer_is_an_os_error() -> None:
    def fail(asked: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=asked)

    with pytest.raises(OSError, match="does not answer"):
        await discovered(ISSUER, httpx.AsyncClient(transport=httpx.MockTransport(fail)))()
