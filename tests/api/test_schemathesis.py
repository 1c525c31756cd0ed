"""Every operation of the combined OpenAPI document, called with what schemathesis makes of its description.

On are: no 5xx, the documented status, media type, body and headers of each answer, and that what the description does
not allow is refused. Off is `positive_data_acceptance`: which ids exist and what a state allows is no part of a schema.
Off are the checks that send requests of their own (tokens, other methods): `test_access.py` and `test_tokens.py` do.

The cases are generated from a fixed seed and sent one after the other on the platform's own loop. They come from the
document with the ids of a small world offered in it, so that many get past the 404s.
"""

import copy
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode, checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation

from support.casts.world import World, settle
from support.service.platform import Platform, platform_on, sqlite_databases

SEED: Final = 20151008
EXAMPLES: Final = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 3}
CHECKED: Final = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
)
REFUSED: Final = ["400", "401", "403", "404", "409", "412", "413", "415", "422", "428"]


@pytest.fixture
async def settled(tmp_path: Path) -> AsyncIterator[tuple[Platform, World]]:
    """Provide a platform with a small world in it, whose errors are answers."""
    async with platform_on(sqlite_databases(tmp_path), tmp_path, raising=False) as platform:
        yield platform, await settle(platform)


@pytest.mark.timeout(300)
async def test_no_operation_breaks_its_own_description(settled: tuple[Platform, World]) -> None:
    platform, world = settled
    document = (await platform.client.get("/openapi.json")).raise_for_status().json()
    schemathesis.openapi.from_dict(copy.deepcopy(document)).validate()
    config = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
    answered: Counter[str] = Counter()
    found = []
    for mode, examples in EXAMPLES.items():
        schema = schemathesis.openapi.from_dict(offering(document, world, mode), config=config)
        for operation in (operation for path in schema.values() for operation in path.values()):
            for case in cases(operation, mode, examples):
                answer = await sent(platform, case)
                answered[f"{case.method} {answer.status_code}"] += 1
                found += [f"{operation.label}: {flaw}" for flaw in flaws(case, answer)]
    assert found == []
    assert answered["GET 200"] > 100


def offering(document: Mapping[str, Any], world: World, mode: GenerationMode) -> dict[str, Any]:
    """Copy the document with the world's ids beside what queries and bodies take, and for what paths name.

    Tokens, keys and versions are left out: `sent` gives each request good ones, `test_bad_input.py` bad ones.
    """
    whole: dict[str, Any] = copy.deepcopy(dict(document))

    def offered(name: str, schema: dict[str, Any], *, only: bool = False) -> dict[str, Any]:
        if name not in world:
            return schema
        ids = {"type": "string", "enum": world[name]}
        return ids if only else {"anyOf": [ids, schema]}

    for operation in (operation for item in whole["paths"].values() for operation in item.values()):
        del operation["security"]
        kept = [one for one in operation.get("parameters", []) if "schema" in one]
        for one in kept:
            only = mode is GenerationMode.POSITIVE and one["in"] == "path"
            one["schema"] = offered(one["name"], one["schema"], only=only)
        operation["parameters"] = kept
    for schema in whole["components"]["schemas"].values():
        members = schema.get("properties", {})
        schema["properties"] = {name: offered(name, member) for name, member in members.items()}
    return whole


def cases(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, examples: int) -> list[Case[Any]]:
    """Return what the description of one operation allows, or what it does not."""
    raw = operation.definition.raw
    # Every text is an id: only a query or a body can be other than described.
    refusable = "requestBody" in raw or any(one["in"] == "query" for one in raw["parameters"])
    if mode is GenerationMode.NEGATIVE and not refusable:
        return []
    return generated(operation.as_strategy(generation_mode=mode), examples)


def generated(strategy: SearchStrategy[Case[Any]], examples: int) -> list[Case[Any]]:
    """Draw so many examples, the same in every run."""
    made = []

    @seed(SEED)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Case[Any]) -> None:
        made.append(case)

    collect()
    return made


async def sent(platform: Platform, case: Case[Any]) -> httpx.Response:
    """Send a case in the first role that may, with a fresh key and the version that the thing has now."""
    raw = case.operation.definition.raw
    role = raw["x-roles"][0]
    headers = await platform.headers(None if role == "everyone" else role, case.method)
    made = requests.Request(**case.as_transport_kwargs(base_url=platform.url, headers=headers)).prepare()
    content = made.body.encode() if isinstance(made.body, str) else made.body
    given = {name: value if isinstance(value, str) else value.decode("latin-1") for name, value in made.headers.items()}
    assert content is None or isinstance(content, bytes)
    request = httpx.Request(case.method, made.url or "", headers=given, content=content)
    if case.method != "GET":
        thing = b"/".join(request.url.raw_path.split(b"/")[:4]).decode()
        now = await platform.client.get(thing, headers={"Authorization": headers["Authorization"]})
        request.headers["If-Match"] = now.headers.get("ETag", '"1"')
    return await platform.client.send(request)


def flaws(case: Case[Any], answer: httpx.Response) -> Iterator[str]:
    """Yield the checks that an answer fails, with the request and the answer."""
    request = answer.request
    asked = f"{request.method} {request.url} {request.content[:500]!r}"
    try:
        case.validate_response(answer, checks=list(CHECKED))
    except FailureGroup as group:
        for failure in group.exceptions:
            what = f"{type(failure).__name__} {failure}"
            yield f"{what}: {asked} was answered {answer.status_code} {answer.text[:500]}"
