"""What is measured over HTTP: (a) a brand read, (b) a submit, (e) these and two more as the data grows."""

import asyncio
import pickle
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from time import perf_counter
from typing import Final

from bench import bare
from bench.figures import ROUNDS, Contender, Figure, Target, say, take_turns
from bench.filling import applicant, application_id, brand_number, fill_applications, fill_registry
from bench.load import CONNECTIONS, rate, request
from bench.places import Places
from bench.recording import Recording, play, record
from bench.serving import ISSUER, Server, serving
from common.kernel.ids import new_id
from common.storage.database.engine import Database, open_database
from embedded.issuer.keys import ALGORITHM, SigningKey

SIZES: Final = (1_000, 10_000, 100_000)
READS: Final = 1_000
SUBMITS: Final = 150
TOKEN_SECONDS: Final = 3_600
FLAT: Final = Target(bound=1.3, at_least=False)
assert SIZES[0] >= SUBMITS // 2 * (ROUNDS + 1) + 1, "a draft is handed in once"
assert ALGORITHM == "RS256", "the table says so"


async def reads(places: Places, key: SigningKey) -> list[Figure]:
    """(a) A brand read by its number, beside a bare route with the same statement and a bare ASGI answer."""
    filled = await fill_registry(places, "read", SIZES[0])
    names = {"registry": "ours", "read": "FastAPI + SQL", "asgi": "bare ASGI"}
    async with AsyncExitStack() as stack:
        contenders = {}
        busy = {}
        for kind, name in names.items():
            place = await places.copy(filled, f"read-{kind}")
            server = await stack.enter_async_context(serving(kind, place, key))
            contenders[name] = getting(server, "/v1/brands/{number}", SIZES[0])
            busy[name] = by_processor(server, contenders[name], READS)
        rounds = await take_turns(contenders)
        spent = await take_turns(busy)
    return [
        rounds.figure("(a) brand read by number", "ours", "FastAPI + SQL", target=Target(bound=0.6)),
        spent.figure("(a) brand read, by processor time", "ours", "FastAPI + SQL"),
        rounds.figure("(a) brand read by number", "ours", "bare ASGI"),
        rounds.figure("(a) the ceiling itself", "FastAPI + SQL", "bare ASGI"),
    ]


async def submits(places: Places, key: SigningKey) -> list[Figure]:
    """(b) A submit, beside a bare route with the same statements, and beside the statements without HTTP."""
    needed = 2 * SUBMITS * (ROUNDS + 1) + 1
    filled = await fill_applications(places, "submit", needed)
    recording = await record(await places.copy(filled, "submit-record"), needed)
    say(f"a submit executes {len(recording.executed)} statements and one commit")
    ours, beside, alone = [await places.copy(filled, f"submit-{name}") for name in ("ours", "bare", "loop")]
    (beside.folder / bare.PLAN).write_bytes(pickle.dumps(recording))
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving("applications", ours, key))
        bare_server = await stack.enter_async_context(serving("submit", beside, key))
        database = open_database(alone.url)
        stack.push_async_callback(database.close)
        ours_now, bare_now = submitting(server, key, SUBMITS), submitting(bare_server, key, SUBMITS)
        rounds = await take_turns(
            {"ours": ours_now, "FastAPI + SQL": bare_now, "no HTTP": _playing(database, recording)}
        )
        spent = await take_turns(
            {
                "ours": by_processor(server, ours_now, SUBMITS),
                "FastAPI + SQL": by_processor(bare_server, bare_now, SUBMITS),
            }
        )
    return [
        rounds.figure("(b) submit", "ours", "FastAPI + SQL", target=Target(bound=0.4)),
        spent.figure("(b) submit, by processor time", "ours", "FastAPI + SQL"),
        rounds.figure("(b) submit", "ours", "no HTTP"),
    ]


async def growth(places: Places, key: SigningKey) -> list[Figure]:
    """(e) The same questions of 10³, 10⁴ and 10⁵ rows: how much slower the largest answers than the smallest."""
    asked = {
        "brand read": "/v1/brands/{number}",
        "brand list, first page": "/v1/brands?limit=50",
        "verification": "/v1/brands/{number}/verification",
    }
    figures = []
    async with AsyncExitStack() as stack:
        servers = {}
        for size in SIZES:
            say(f"filling a register of {size:,}")
            place = await fill_registry(places, f"grown-{size}", size)
            servers[size] = await stack.enter_async_context(serving("registry", place, key))
        for what, path in asked.items():
            share = READS // 5 if "list" in what else READS // 2
            contenders = {f"{size:,}": getting(server, path, size, share) for size, server in servers.items()}
            figures.append(await _flat(what, contenders))
    async with AsyncExitStack() as stack:
        contenders = {}
        for size in SIZES:
            say(f"filling {size:,} applications")
            place = await fill_applications(places, f"grown-applications-{size}", size)
            server = await stack.enter_async_context(serving("applications", place, key))
            contenders[f"{size:,}"] = submitting(server, key, SUBMITS // 2)
        figures.append(await _flat("submit", contenders))
    return figures


async def _flat(what: str, contenders: dict[str, Contender]) -> Figure:
    smallest, *_, largest = contenders
    rounds = await take_turns(contenders)
    return rounds.figure(f"(e) {what}, 10³ beside 10⁵", smallest, largest, target=FLAT)


def by_processor(server: Server, contender: Contender, share: int) -> Contender:
    """Return the same contender, measured in answers per second of its server's processor time."""

    async def measured() -> float:
        before = server.processor_seconds()
        await contender()
        return share / (server.processor_seconds() - before)

    return measured


def getting(server: Server, path: str, size: int, share: int = READS) -> Contender:
    """Return a contender that gets this path so many times, of brands from all over the data."""
    numbers = _spread(size)

    async def get() -> float:
        paths = [path.format(number=brand_number(next(numbers))) for _ in range(share)]
        return await rate(server.port, [request("GET", each) for each in paths])

    return get


def _spread(size: int) -> Iterator[int]:
    """Yield indexes from all over the data."""
    return ((number * 7919) % size for number in count())


def submitting(server: Server, key: SigningKey, share: int) -> Contender:
    """Return a contender that hands in so many drafts, each once; the first draft is left to the recording."""
    indexes = count(1)

    async def submit() -> float:
        return await rate(server.port, [_submission(next(indexes), key) for _ in range(share)])

    return submit


def _submission(index: int, key: SigningKey) -> bytes:
    now = int(datetime.now(UTC).timestamp())
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": "mingpai",
        "sub": f"person-{applicant(index)}",
        "org": applicant(index),
        "roles": ["applicant"],
        "client_id": "bench",
        "iat": now,
        "exp": now + TOKEN_SECONDS,
    }
    token = key.sign(claims, typ="at+jwt")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_id("key")}
    return request("POST", f"/v1/applications/{application_id(index)}/submissions", headers)


def _playing(database: Database, recording: Recording) -> Contender:
    indexes = count(1)

    async def play_all() -> float:
        plans = [recording.plan(next(indexes)) for _ in range(SUBMITS)]
        began = perf_counter()

        async def play_some() -> None:
            while plans:
                plan = plans.pop()
                async with database.write() as connection:
                    await play(connection, plan)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(CONNECTIONS):
                tasks.create_task(play_some())
        return SUBMITS / (perf_counter() - began)

    return play_all
