"""One rule for the conditions of all writes, one for who may keep an answer, one for the methods of an address."""

from typing import Final

import pytest

from common.kernel.ids import new_id
from embedded.origin.parts import SERVICES
from support.service.platform import Platform, sqlite_databases

ACCESS: Final = [access for service in SERVICES for router in service.routers for access in router.access]
COMMANDS: Final = [access for access in ACCESS if access.writes]


@pytest.fixture
def databases(tmp_path: object) -> str:
    """No database decides these."""
    return sqlite_databases(tmp_path)  # type: ignore[arg-type]  # pytest's own path


async def test_every_write_refuses_a_condition_that_it_would_not_check(platform: Platform) -> None:
    tried = {}
    for access in COMMANDS:
        target = "/".join("unknown-1" if part.startswith("{") else part for part in access.path.split("/"))
        headers = await platform.headers(min(access.allow), access.method)
        unchecked = {"If-None-Match": "*", "If-Unmodified-Since": "Thu, 08 Oct 2015 00:00:00 GMT"}
        if not access.checks_version:
            unchecked["If-Match"] = '"1"'
        for field, value in unchecked.items():
            answer = await platform.client.request(access.method, target, headers={**headers, field: value}, json={})
            tried[access.operation, field] = (answer.status_code, answer.json()["code"])
    assert len(tried) > 80
    assert set(tried.values()) == {(400, "precondition-unsupported")}


async def test_two_keys_are_no_key(platform: Platform) -> None:
    headers = [*(await platform.headers("office", "POST")).items(), ("Idempotency-Key", new_id("key"))]
    answer = await platform.client.post("/v1/rounds", json={}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")


async def test_every_address_names_all_its_methods(platform: Platform) -> None:
    methods: dict[str, set[str]] = {}
    for access in ACCESS:
        methods.setdefault(access.path, set()).update({access.method} | ({"HEAD"} if access.method == "GET" else set()))
    for path, expected in methods.items():
        target = "/".join("unknown-1" if part.startswith("{") else part for part in path.split("/"))
        answer = await platform.client.request("PATCH", target)
        assert answer.status_code == 405, path
        assert set(answer.headers["Allow"].split(", ")) == expected, path


async def test_an_answer_to_a_token_is_kept_nowhere_and_another_is_asked_for_again(platform: Platform) -> None:
    wrong = []
    for access in ACCESS:
        target = "/".join("unknown-1" if part.startswith("{") else part for part in access.path.split("/"))
        for who, expected in ((None, "no-cache"), ("office", "private, no-store")):
            answer = await platform.client.request(
                access.method, target, headers=await platform.headers(who, access.method)
            )
            found = (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"])
            varies = {field.strip() for field in answer.headers["Vary"].split(",")}
            if found != (expected, "nosniff") or not {"Authorization", "Accept-Language"} <= varies:
                wrong.append((access.operation, who, found, varies))
    assert wrong == []


async def test_media_types_ignore_case_and_the_refusal_names_what_the_operation_takes(platform: Platform) -> None:
    headers = await platform.headers("applicant", "POST")
    path = "/v1/applications/unknown-1/attachments"
    named = {"Content-Type": "Multipart/Form-Data; boundary=b"}
    answer = await platform.client.post(path, headers={**headers, **named}, content=b"--b--\r\n")
    assert answer.status_code != 415
    answer = await platform.client.post(path, headers={**headers, "Content-Type": "text/xml"}, content=b"<a/>")
    assert (answer.status_code, "multipart/form-data" in answer.json()["detail"]) == (415, True)
