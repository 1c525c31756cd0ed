"""What bad input gets, on every route: a problem that names the reason, nothing written, alike on both databases.

`conventions.md`, "Input" and "What bad input gets". The routes and one good body for each come from the combined
OpenAPI document; one platform per database hears all cases, and a failing test names every offender.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from support.service.platform import Platform, is_key

MARK: Final = "mark-7e1d"
UNKNOWN_ID: Final = "unknown-1"
HUGE: Final = str(2**64)

Verdict = tuple[int, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One bad request: its name in a failure, the request and the verdict that is due."""

    name: str
    request: httpx.Request
    due: Verdict


def with_value(body: dict[str, Any], member: str, literal: str) -> str:
    """Return the body with one member's value written as it stands."""
    return json.dumps({**body, member: "@"}).replace('"@"', literal, 1)


def text_member(body: dict[str, Any], required: Collection[str]) -> str:
    """Name the first member that must be given and is text in the example, else the first."""
    texts = [name for name, value in body.items() if isinstance(value, str)]
    return next((name for name in texts if name in required), next(iter(texts or body)))


BODIES: Final[dict[str, tuple[Verdict, Callable[[dict[str, Any], str], str]]]] = {
    "malformed": ((400, "malformed-json"), lambda body, _: json.dumps(body)[:-1]),
    "two texts": ((400, "malformed-json"), lambda body, _: json.dumps(body) * 2),
    "no JSON": ((400, "malformed-json"), lambda _, __: MARK),
    "nan": ((400, "malformed-json"), lambda body, name: with_value(body, name, "NaN")),
    "infinity": ((400, "malformed-json"), lambda body, name: with_value(body, name, "-Infinity")),
    "raw control": ((400, "malformed-json"), lambda body, name: with_value(body, name, f'"{MARK}\x01"')),
    "duplicate key": ((400, "duplicate-key"), lambda body, name: f'{{"{name}":"{MARK}",{json.dumps(body)[1:]}'),
    "nested 500 deep": (
        (400, "json-too-deep"),
        lambda body, name: with_value(body, name, "[" * 500 + f'"{MARK}"' + "]" * 500),
    ),
    "nested 10000 deep": (
        (400, "json-too-deep"),
        lambda body, name: with_value(body, name, "[" * 10_000 + "]" * 10_000),
    ),
    "over size": ((413, "body-too-large"), lambda body, name: with_value(body, name, json.dumps(MARK * 150_000))),
    "1e999": ((422, "number-out-of-range"), lambda body, name: with_value(body, name, "1e999")),
    "over 64 bits": ((422, "number-out-of-range"), lambda body, name: with_value(body, name, HUGE)),
    "5000 digits": ((422, "number-out-of-range"), lambda body, name: with_value(body, name, "9" * 5000)),
    "lone surrogate": ((422, "text-not-storable"), lambda body, name: with_value(body, name, f'"{MARK}\\ud800"')),
    "surrogate in a key": ((422, "text-not-storable"), lambda body, _: json.dumps({**body, "\udc00": MARK})),
    "null character": ((422, "text-not-storable"), lambda body, name: with_value(body, name, f'"{MARK}\\u0000"')),
    "unknown member": ((422, "request-invalid"), lambda body, _: json.dumps({**body, "surprise": MARK})),
    "no object": ((422, "request-invalid"), lambda _, __: json.dumps([MARK])),
    "nothing": ((422, "request-invalid"), lambda _, __: ""),
    "number for text": ((422, "request-invalid"), lambda body, name: with_value(body, name, "714")),
    "null for text": ((422, "request-invalid"), lambda body, name: with_value(body, name, "null")),
    "control": ((422, "request-invalid"), lambda body, name: with_value(body, name, f'"{MARK}\\u0007"')),
    "bidi": ((422, "request-invalid"), lambda body, name: with_value(body, name, f'"{MARK}\\u202e"')),
    "wrong type": ((415, "unsupported-media-type"), lambda body, _: json.dumps(body)),
    "other charset": ((415, "unsupported-media-type"), lambda body, _: json.dumps(body)),
}
CONTENT_TYPES: Final = {"wrong type": "text/plain", "other charset": "application/json; charset=gbk"}

INVALID: Final[Verdict] = (422, "request-invalid")
QUERIES: Final = [
    "limit=99999999999999999999999999",
    f"limit={'9' * 5000}",
    "limit=-9223372036854775809",
    "limit=1e999",
    "limit=NaN",
    "limit=0",
    "limit=1&limit=2",
    f"limit={MARK}",
    f"surprise={MARK}",
    f"surprise={MARK}%ED%A0%80",
    f"%ED%A0%80={MARK}",
    "%FF",
]
UNSTORABLE: Final = [f"{MARK}%ED%A0%80", f"{MARK}%00", f"{MARK}%FF"]
"""Half a surrogate pair, NUL and no UTF-8: no parameter takes them."""
BIDI: Final = f"{MARK}%E2%80%AE"


KEYS: Final[dict[str | None, Verdict]] = dict.fromkeys(
    (None, "", " ", "two words", "k" * 256, "é", "\x7f"), (400, "idempotency-key-required")
)
TAGS: Final[dict[str | None, Verdict]] = {
    None: (428, "precondition-required"),
    **dict.fromkeys(
        ("", "*", "1", 'W/"1"', '"01"', '"1", "2"', f'"{HUGE}"', '"-1"', "é"), (412, "if-match-unreadable")
    ),
}


@pytest.mark.asyncio(loop_scope="module")
async def test_every_bad_key_and_version_is_refused_with_its_reason_and_leaves_nothing(
    shared_platform: Platform,
) -> None:
    keys, versions = await headers_of(shared_platform, "POST"), await headers_of(shared_platform, "PUT")
    assert await offences(shared_platform, [*keys, *versions]) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_every_bad_body_is_refused_with_its_reason_and_leaves_nothing(shared_platform: Platform) -> None:
    assert await offences(shared_platform, await bodies(shared_platform)) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_every_bad_parameter_is_refused_with_its_reason_and_leaves_nothing(shared_platform: Platform) -> None:
    assert await offences(shared_platform, [*await queries(shared_platform), *await ids(shared_platform)]) == []


async def bodies(platform: Platform) -> list[Case]:
    """Return every bad body for every route that takes JSON."""
    schemas = (await platform.client.get("/openapi.json")).json()["components"]["schemas"]
    cases = []
    for (method, path), operation in (await platform.operations()).items():
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        good = content["application/json"]["example"]
        body = content["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
        member = text_member(good, schemas.get(body, {}).get("required", ()))
        for name, (due, made) in BODIES.items():
            if name == "nothing" and not operation["requestBody"].get("required"):
                continue  # it may be left out
            headers = await platform.headers(operation["x-roles"][0], method)
            headers["Content-Type"] = CONTENT_TYPES.get(name, "application/json")
            sent = made(good, member).encode()
            request = platform.client.build_request(method, aimed(path), content=sent, headers=headers)
            cases.append(Case(name=f"{method} {path}, {name}", request=request, due=due))
    assert len(cases) > 30 * len(BODIES)
    return cases


async def headers_of(platform: Platform, method: str) -> list[Case]:
    """Return every bad key for every POST with a JSON body, every bad version for every PUT."""
    name, bad = ("Idempotency-Key", KEYS) if method == "POST" else ("If-Match", TAGS)
    cases = []
    for (other, path), operation in (await platform.operations()).items():
        content = operation.get("requestBody", {}).get("content", {})
        if other != method or "application/json" not in content:
            continue
        headers = await platform.headers(operation["x-roles"][0], method)
        del headers[name]
        for value, due in bad.items():
            request = platform.client.build_request(
                method, aimed(path), json=content["application/json"]["example"], headers=headers
            )
            if value is not None:
                request.headers[name] = value
            cases.append(Case(name=f"{method} {path}, {name} {value!r}", request=request, due=due))
    assert len(cases) >= 3 * len(bad)
    return cases


NEEDED = {"/v1/audit": "service=applications&"}
"""What a list must be given besides, or it is refused for that."""


async def queries(platform: Platform) -> list[Case]:
    """Return every bad query for every list."""
    cases = []
    for path, operation in await reads(platform):
        own = {one["name"]: is_key(one["schema"]) for one in operation["parameters"] if one["in"] == "query"}
        if "limit" not in own:
            continue
        base = NEEDED.get(path, "")
        given = [*QUERIES, *(f"{name}={value}" for name in own for value in UNSTORABLE)]
        given += [f"{name}={BIDI}" for name, key in own.items() if not key]  # a key is pasted with what shows nothing
        for query in given:
            due = (400, "cursor-invalid") if query == f"cursor={BIDI}" else INVALID
            cases.append(await read(platform, f"{path}?{base}{query}", operation, due))
    assert len(cases) > 20 * len(QUERIES)
    return cases


async def ids(platform: Platform) -> list[Case]:
    """Return every unstorable id for every route that reads one thing."""
    single = [(path, operation) for path, operation in await reads(platform) if "{" in path]
    assert len(single) > 20
    return [
        await read(platform, filled(path, value), operation, INVALID)
        for path, operation in single
        for value in UNSTORABLE
    ]


async def reads(platform: Platform) -> list[tuple[str, dict[str, Any]]]:
    """Return the path and the operation of every route that only reads."""
    return [(path, found) for (method, path), found in (await platform.operations()).items() if method == "GET"]


async def read(platform: Platform, target: str, operation: dict[str, Any], due: Verdict) -> Case:
    """Return the case of reading a target in the first role that may."""
    role = operation["x-roles"][0]
    headers = await platform.headers(None if role == "everyone" else role)
    return Case(
        name=f"GET {target[:100]}", request=platform.client.build_request("GET", target, headers=headers), due=due
    )


async def offences(platform: Platform, cases: list[Case]) -> list[str]:
    """Send the cases; returns what is wrong with each answer, and the tables that have other rows than before."""
    before = await platform.row_counts()
    assert len(before) > 40
    found = []
    for case in cases:
        answer = await platform.client.send(case.request)
        found += [f"{case.name}: {what}" for what in flaws(answer, case.due)]
    after = await platform.row_counts()
    return [
        *found,
        *(f"{table} had {rows} rows, now {after[table]}" for table, rows in before.items() if after[table] != rows),
    ]


def flaws(answer: httpx.Response, due: Verdict) -> Iterator[str]:
    """Yield what is wrong with an answer to bad input."""
    if answer.headers["content-type"] != "application/problem+json":
        yield f"answered {answer.status_code} as {answer.headers['content-type']}"
        return
    problem = answer.json()
    if (answer.status_code, problem.get("code")) != due:
        yield f"answered {answer.status_code} {problem.get('code')}, not {due}"
    if problem["status"] != answer.status_code:
        yield "names another status"
    if due == INVALID and not problem.get("errors"):
        yield "names no field"
    if MARK in answer.text or MARK in str(answer.headers):
        yield "repeats the input"


def aimed(path: str) -> str:
    """Return the path to a thing that nobody knows, or to the calendar of a year."""
    return filled(path.replace("{year}", "2016"), UNKNOWN_ID)


def filled(path: str, value: str) -> str:
    """Return the path with a value for each of its parameters."""
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))
