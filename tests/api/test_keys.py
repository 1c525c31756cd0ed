"""Keys as people type them: every operation finds a thing by each spelling of its key, and by nothing like it.

The operations and their keys come from the combined OpenAPI document (`x-compared: folded`), on each database. The same
code folds a key for both: SQLite is asked every spelling by every operation, on PostgreSQL they take turns.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx

from embedded.demo.people import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from support.casts.spellings import HIDDEN, SPELLINGS, WITHOUT_DASHES, resembling
from support.casts.world import World, settle
from support.service.pdfs import pdf_of
from support.service.platform import Platform, is_key

LATER: Final = '"999999"'
"""A version that nothing has: a command that finds the thing refuses it as stale, and changes nothing."""
ONE_DASH: Final = {"number"}
"""The keys whose pattern is ours: they are found without their dashes too."""
PDF: Final = pdf_of("执照")
EXCEPTION: Final = {"uscc": "91350203M0001QKT19", "reason": "登记机关早期赋码。"}
NAMED: Final = {"subject": "application_id"}
PLAIN: Final[dict[str, dict[str, Any]]] = {"/v1/agencies": {"parent": None}}
"""Members that the example gives a value of its own world."""
KINDS: Final = {"applications": {"kind": "licence"}, "deliberations": {"kind": "minutes"}}
"""What an upload says beside its file, by the noun."""
QUERY: Final = {"kind": "licence"}
"""The parameters of queries that an operation demands, with a value that it takes."""
NUMBERS: Final = {"list_version", "year"}
"""Parameters of paths that are numbers; the first of each will do."""
PASSING: Final = {"next_cursor", "checked_at"}
"""Members that differ from one answer to the next."""
REFUSED: Final = {
    "/v1/agencies": [name for name in SPELLINGS if name not in {"small letters", "capitals"}],
    "/v1/experts": list(HIDDEN),
    "/v1/exceptions": [],
}
"""The spellings that a body may not have at all: its texts hide nothing, and the code of an agency has a pattern."""
WORDS: Final = {"q", "priority"}
"""Searches, which find more than one spelling of one key: `tests/registry/brands/test_search.py`."""


AGENCY: Final = load_demo().agencies[0].code
TURNS: Final = 3
"""How many spellings, and how many texts resembling it, PostgreSQL is asked for each key of an operation."""
Verdict = tuple[int, Any]
Seen = set[tuple[str, str, str]]
"""The nouns and keys that found something, and for whom."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation with one of its keys; the key's value stands for `{}` in the target."""

    name: str
    method: str
    target: str
    key: str
    value: str
    operation: dict[str, Any]

    @property
    def first(self) -> bool:
        """Whether the key is the first of the path: nothing stands before it that could be refused instead."""
        return self.target.split("/", 4)[3].startswith("{}")

    @property
    def noun(self) -> str:
        """What the path is about."""
        return self.target.split("/")[2].partition("?")[0]

    def request(self, spelling: str) -> str:
        """Return the target with the key spelt like this."""
        return self.target.replace("{}", quote(spelling, safe=""))


async def test_every_operation_finds_a_thing_by_each_spelling_of_its_key_only(platform: Platform) -> None:
    world = await settle(platform)
    world["honour"] = ["FAMOUS_PRODUCT"]
    world["uscc"].append(await _admitted(platform))
    found = []
    asked = []
    seen: Seen = set()
    spelt_so: set[str] = set()

    async for choices in _asked(platform, world):
        one, who, plain = await _answered(platform, choices, seen)
        asked.append(one)
        if who is None:
            found.append(f"{one.name}: nobody is answered by a plain key: {plain}")
            continue
        spelt = {name: SPELLINGS[name](one.value) for name in _in_turn(platform, list(SPELLINGS), len(asked))}
        spelt_so |= spelt.keys()
        if one.key in ONE_DASH:
            spelt["no dashes"] = WITHOUT_DASHES(one.value)
        assert one.method == "GET" or one.name.split()[1].endswith("/checks") or plain[0] >= 400, one
        for name, spelling in spelt.items():
            answer = _verdict(await _send(platform, one, spelling, who))
            if answer != plain:
                found.append(f"{one.name}, {name}: {answer}, not {plain}")
        if one.method != "GET" and not one.first:
            continue  # the version of the first thing is refused before the second is sought; its GET is walked too
        others = list(resembling(one.value))
        assert others, one
        for other in _in_turn(platform, others, len(asked)):
            answer = _verdict(await _send(platform, one, other, who))
            if not _finds_nothing(one, answer):
                found.append(f"{one.name}, {other!r} is taken for {one.value}: {answer}")

    assert "\n".join(found) == ""
    assert spelt_so == SPELLINGS.keys()
    assert len({one.name for one in asked}) > 60
    assert {one.key for one in asked} >= {"number", "uscc", "code", "org", "honour", "application_id", "subject"}


async def test_two_spellings_of_one_key_are_doubles(platform: Platform) -> None:
    await stages.set_up_province(Player(platform.client, load_demo(), story="doubles", report=lambda _: None))
    officer = await platform.headers("recognition_officer")
    expert = (await platform.client.get("/v1/experts", headers=officer)).json()["items"][0]
    doubled = {
        "/v1/agencies": ("code", AGENCY, "administrator", "agency-code-taken"),
        "/v1/experts": ("sub", expert["sub"], "recognition_officer", "expert-already-entered"),
        "/v1/exceptions": ("uscc", await _admitted(platform), "recognition_officer", "uscc-exception-exists"),
    }
    operations = await platform.operations()
    for path, (member, key, role, refusal) in doubled.items():
        example = operations["POST", path]["requestBody"]["content"]["application/json"]["example"]
        answers = {}
        for name, made in SPELLINGS.items():
            body = {**example, **PLAIN.get(path, {}), member: made(key)}
            answers[name] = (await _post(platform, path, body, role)).json()["code"]
        assert set(answers.values()) <= {refusal, "request-invalid"}, answers  # a body has no hidden characters
        assert [name for name, code in answers.items() if code == "request-invalid"] == REFUSED[path]


async def _asked(platform: Platform, world: World) -> AsyncIterator[list[Asked]]:
    """Yield every operation with each of its keys, the other keys plain: once for all that the keys may be."""
    for (method, path), operation in sorted((await platform.operations()).items()):
        keys = [one for one in operation["parameters"] if is_key(one["schema"])]
        in_path = [one["name"] for one in keys if one["in"] == "path"]
        assert path.count("{") == len(in_path) + sum(f"{{{one}}}" in path for one in NUMBERS), (
            f"{method} {path} has a parameter that is no key"
        )
        for one in keys:
            name = one["name"]
            if name in WORDS:
                continue
            title = f"{method} {path} {name}"
            if one["in"] == "query":
                target = f"{path}?{name}={{}}"
                yield [Asked(title, method, target, name, value, operation) for value in _values(world, name)]
                continue
            chosen = [
                dict(zip(in_path, values, strict=True))
                for values in product(*(_values(world, each) for each in in_path))
            ]
            more = _demanded(operation)
            yield [
                Asked(title, method, _target(path, values, name) + more, name, values[name], operation)
                for values in chosen
            ]


def _demanded(operation: dict[str, Any]) -> str:
    """Return the query of the parameters that an operation demands."""
    names = [one["name"] for one in operation["parameters"] if one["in"] == "query" and one["required"]]
    return "?" + urlencode({name: QUERY[name] for name in names}) if names else ""


def _target(path: str, values: dict[str, str], name: str) -> str:
    others = {each: "{}" if each == name else quote(value, safe="") for each, value in values.items()}
    return path.format(**dict.fromkeys(NUMBERS, "1"), **others)


def _values(world: World, name: str) -> list[str]:
    return world[NAMED.get(name, name)]


def _in_turn(platform: Platform, texts: list[str], number: int) -> list[str]:
    """Return all texts for the key of this number on SQLite, on PostgreSQL the few whose turn it is."""
    if platform.databases.startswith("sqlite"):
        return texts
    return [texts[(number * TURNS + each) % len(texts)] for each in range(min(TURNS, len(texts)))]


async def _answered(platform: Platform, choices: list[Asked], seen: Seen) -> tuple[Asked, str | None, Verdict]:
    """Return the first choice that finds something, with somebody whom it answers and the answer.

    What was found by whom is tried first: the operations of a noun find the same things for the same persons.
    """
    roles = set(choices[0].operation["x-roles"])
    clients = [client.id for client in load_demo().clients if "everyone" in roles or roles & set(client.roles)]
    tried = [(one, who) for one in reversed(choices) for who in clients]
    tried.sort(key=lambda pair: (pair[0].noun, pair[0].value, pair[1]) not in seen)
    one, plain = choices[0], (0, "")
    for one, who in tried:
        plain = _verdict(await _send(platform, one, one.value, who))
        if not _finds_nothing(one, plain):
            seen.add((one.noun, one.value, who))
            return one, who, plain
    return one, None, plain


async def _admitted(platform: Platform) -> str:
    """Admit a code that is wrong, and return it."""
    admitted = await _post(platform, "/v1/exceptions", EXCEPTION, "recognition_officer")
    return str(admitted.json()["id"])


async def _send(platform: Platform, one: Asked, spelling: str, who: str) -> httpx.Response:
    headers = await platform.headers(who, one.method)
    if any(each["name"] == "If-Match" for each in one.operation["parameters"]):
        headers["If-Match"] = LATER
    content = one.operation.get("requestBody", {}).get("content", {})
    sent: dict[str, Any] = {}
    if "multipart/form-data" in content:
        sent = {"files": {"file": ("a.pdf", PDF, "application/pdf")}, "data": KINDS.get(one.name.split("/")[2], {})}
    elif content:
        sent = {"json": content["application/json"]["example"]}
    return await platform.client.request(one.method, one.request(spelling), headers=headers, **sent)


def _verdict(answer: httpx.Response) -> Verdict:
    """Return what an answer says, apart from the request that it repeats."""
    if answer.headers.get("content-type", "").partition(";")[0] not in {"application/json", "application/problem+json"}:
        return answer.status_code, answer.content
    body = answer.json()
    if answer.is_success:
        return answer.status_code, {name: value for name, value in body.items() if name not in PASSING}
    return answer.status_code, body["code"]


def _finds_nothing(one: Asked, verdict: Verdict) -> bool:
    """Return whether nothing has the key; a thing that is found may have an empty list of its own."""
    match verdict:
        case (404, _):
            return True
        case (200, body) if body == {"items": []} and "?" in one.target:
            return True
        case (200, {"genuine": {"answer": False}}):
            return True
        case _:
            return False


async def _post(platform: Platform, path: str, body: dict[str, Any], role: str) -> httpx.Response:
    headers = await platform.headers(role, "POST")
    headers.pop("If-Match", None)
    return await platform.client.post(path, json=body, headers=headers)
