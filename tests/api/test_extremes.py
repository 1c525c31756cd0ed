"""Every typed member of every operation at its extremes, on both databases: no 5xx, one verdict, and all can be read.

The requests come from the combined OpenAPI document and are sent, in one order, to two platforms with the same small
world in them; after each 2xx the lists and reads that show the thing must answer.
"""

import itertools
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest

from embedded.demo.people import load_demo
from embedded.journey import stages
from support.casts import programmes
from support.casts.extremes import IN_URL, extremes, put, resolved, tried
from support.casts.registering import ACTS
from support.casts.world import World, settle
from support.service.platform import Platform, platform_on, postgres_databases, sqlite_databases

GROUNDS: Final = {f"/v1/brands/{{number}}/{path}": ground for path, ground in ACTS.values()}


@dataclass
class Sent:
    """What one platform answered: the verdicts by request, and what is wrong."""

    platform: Platform
    world: World
    today: date
    readable: set[tuple[str, str]]
    """The lists, by method and path."""
    expert: str
    """A client with a sheet that waits for him."""
    verdicts: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return the operations in a fixed order."""
        return [(method, path, found) for (method, path), found in sorted((await self.platform.operations()).items())]

    def filled(self, path: str) -> str:
        """Return a path with ids of the world."""
        parts = (self.world.get(part[1:-1], ["unknown-1"])[0] if part[:1] == "{" else part for part in path.split("/"))
        return "/".join(quote(part, safe="") for part in parts)

    def body(self, path: str, example: dict[str, Any]) -> dict[str, Any]:
        """Return a body that is as good as the world allows; what must be unique is new."""
        number = next(self.numbers)
        good = {
            "code": f"AG-{number:06d}",
            "sub": f"person-{number}",
            "year": 1990 + number % 111,
            "opens_at": f"{self.today}T00:00:00+08:00",
            "closes_at": f"{self.today + timedelta(days=30)}T00:00:00+08:00",
            "effective_on": str(self.today),
            "grounds": GROUNDS.get(path, "理由"),
            "answers": programmes.answers("SERVICE_BRAND"),
            "scores": programmes.full_scores("SERVICE_BRAND"),
            "definition": programmes.definition("FAMOUS_PRODUCT"),
            "parent": None,
        }
        ids = {name: ids[0] for name, ids in self.world.items() if ids and name not in {"number", "code", "org"}}
        return {name: good.get(name, ids.get(name, value)) for name, value in example.items()}

    async def send(self, name: str, method: str, target: str, operation: dict[str, Any], body: object = None) -> None:
        """Send one request, keep its verdict, and read what a 2xx has stored."""
        role = operation["x-roles"][0]
        who = {"everyone": None, "expert": self.expert}.get(role, role)
        headers = await self.platform.headers(who, method)
        if method == "POST":
            headers.pop("If-Match", None)
        if method == "PUT":
            headers["If-Match"] = (await self.platform.client.get(target, headers=headers)).headers.get("ETag", '"1"')
        if method != "GET":
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body).encode()
        answer = await self.platform.client.request(method, target, content=content, headers=headers)
        problem = "problem" in answer.headers.get("content-type", "")
        assert name not in self.verdicts, name
        self.verdicts[name] = (answer.status_code, answer.json()["code"] if problem else None)
        if answer.status_code >= 500:
            self.flaws.append(f"{name}: {answer.status_code}")
        if answer.is_success and method != "GET":
            await self.read(name, answer, target, headers)

    async def read(self, name: str, answer: httpx.Response, target: str, headers: dict[str, str]) -> None:
        """Read the thing and the list of its noun, as who wrote it."""
        where = answer.headers.get("Location", "/".join(target.split("/")[:4]))
        noun = where.split("/")[2]
        for shown in (where, f"/v1/{noun}?limit=200"):
            seen = await self.platform.client.get(shown, headers=headers)
            if seen.status_code == httpx.codes.FORBIDDEN and shown == where:
                continue  # a sheet is read by its expert only
            if ("GET", shown.partition("?")[0]) in self.readable | {("GET", where)} and not seen.is_success:
                self.flaws.append(f"{name}: then GET {shown[:60]} is {seen.status_code}")


async def bodies(sent: Sent, schemas: dict[str, Any]) -> None:
    """Send every operation with a body, each member of it at each of its extremes."""
    for method, path, operation in await sent.operations():
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if media is None:
            continue
        good = sent.body(path, media["example"])
        await sent.send(f"{method} {path}", method, sent.filled(path), operation, good)
        for place, (where, value) in enumerate(tried(media["schema"], good, schemas)):
            name = f"{method} {path} {'/'.join(where)} {place} {ascii(value)[:60]}"
            body = put(sent.body(path, media["example"]), where, value)
            await sent.send(name, method, sent.filled(path), operation, body)


async def parameters(sent: Sent, schemas: dict[str, Any]) -> None:
    """Send every read, each parameter in its query and path at each of its extremes."""
    for method, path, operation in await sent.operations():
        if method != "GET":
            continue
        for one in operation["parameters"]:
            if one["in"] not in {"query", "path"}:
                continue
            schema = resolved(one["schema"], schemas)
            values = IN_URL if one["in"] == "path" or is_text(schema) else [*extremes(schema), *IN_URL]
            for place, value in enumerate(values):
                if value is None or (value == "" and one["in"] == "path"):
                    continue
                name = f"GET {path} {one['name']} {place} {ascii(value)[:60]}"
                asked = quote(str(value[0] if isinstance(value, list) and value else value), safe="")
                target = sent.filled(path) + f"?{one['name']}={asked}"
                if one["in"] == "path":
                    target = sent.filled(path.replace(f"{{{one['name']}}}", "@")).replace("%40", asked)
                await sent.send(name, method, target, operation)


def is_text(schema: Mapping[str, Any]) -> bool:
    """Return whether a parameter takes any text."""
    kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    return all(one.get("type") == "string" and not {"format", "enum"} & one.keys() for one in kinds)


async def at_a_desk(platform: Platform) -> tuple[str, list[dict[str, Any]]]:
    """Return an expert and his sheets that wait for him."""
    for client in load_demo().clients:
        if "expert" in client.roles:
            desk = await platform.client.get("/v1/sheets?waiting_for=me", headers=await platform.headers(client.id))
            if desk.json()["items"]:
                return client.id, desk.json()["items"]
    raise AssertionError("no sheet waits")


async def aim(platform: Platform, world: World) -> str:
    """Put first what does not depend on the lots, which differ: an expert who was never drawn, a round not signed for.

    Returns the client who has a sheet of that round.
    """
    expert, sheets = await at_a_desk(platform)
    world["sheet_id"] = [sheet["id"] for sheet in sheets]
    unsigned = sheets[0]["round_id"]
    world["round_id"].sort(key=lambda one: one != unsigned)
    laid_out = (
        await platform.client.get("/v1/sheets?limit=200", headers=await platform.headers(stages.OFFICER))
    ).json()
    drawn = {sheet["expert_id"] for sheet in laid_out["items"]}
    world["expert_id"].sort(key=lambda one: one in drawn)
    assert world["expert_id"][0] not in drawn
    return expert


@pytest.fixture
async def both(postgres_admin_url: str, tmp_path: Path) -> AsyncIterator[list[Sent]]:
    """Provide two platforms, on SQLite and on PostgreSQL, with the same world in each."""
    async with AsyncExitStack() as stack:
        found = []
        for name in ("sqlite", "postgresql"):
            folder = tmp_path / name
            folder.mkdir()
            url = (
                sqlite_databases(folder)
                if name == "sqlite"
                else await stack.enter_async_context(postgres_databases(postgres_admin_url))
            )
            platform = await stack.enter_async_context(platform_on(url, folder, raising=False))
            world = await settle(platform)
            expert = await aim(platform, world)
            clock = (await platform.client.get("/v1/demo/clock")).json()
            lists = {one for one in await platform.operations() if one[0] == "GET" and one[1].count("/") == 2}
            found.append(Sent(platform, world, date.fromisoformat(clock["today"]), lists, expert))
        yield found


@pytest.mark.timeout(600)
async def test_no_extreme_of_any_member_breaks_a_database_or_a_read_and_both_databases_agree(both: list[Sent]) -> None:
    document = (await both[0].platform.client.get("/openapi.json")).json()
    for sent in both:
        await bodies(sent, document["components"]["schemas"])
        await parameters(sent, document["components"]["schemas"])
    sqlite, postgresql = both
    assert sqlite.flaws + postgresql.flaws == []
    differing = {name: (sqlite.verdicts[name], found) for name, found in postgresql.verdicts.items()}
    assert {name: pair for name, pair in differing.items() if pair[0] != pair[1]} == {}
    taken = [name for name, (status, _) in sqlite.verdicts.items() if status < 300 and not name.startswith("GET")]
    assert len(sqlite.verdicts) > 1500
    assert len(taken) >= 100
