"""`python -m <service>_service blocked …`: what an operator sees of a service's blocked keys, and decides about them.

It uses the database of the service's settings and never shows the payload of an event. Every decision needs a name and
a reason, which are audited.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from common.kernel.clock import SystemClock
from common.messaging.consumer import blocked
from common.messaging.consumer.blocked import Decision
from common.process.running import legal_clock
from common.service import Service
from common.settings import Settings, UnusableSettingsError
from common.storage.database.engine import Database, Unavailable, open_database
from common.storage.database.sqlite import DatabaseOwned, NetworkFileSystem
from common.storage.migrations.runner import DatabaseNotReadyError, check

WRONG: Final = 2
TASK: Final = "blocked"


def main(service: Service, arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Run the command; returns the exit status: 1 when no such key is blocked, 2 when the database cannot be used."""
    given = _parsed(service, arguments)
    try:
        settings = Settings.for_service(service.name, environ)
        return asyncio.run(_run(service, settings, given))
    except (UnusableSettingsError, DatabaseNotReadyError, DatabaseOwned, NetworkFileSystem) as error:
        return _refused(service, str(error))
    except Unavailable as error:
        return _refused(service, f"the database is unavailable: {error.reason}")


def _parsed(service: Service, arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m {service.package} {TASK}", description="Blocked keys.")
    tasks = parser.add_subparsers(required=True, dest="task")
    tasks.add_parser("list", help="show the first event of each blocked key, one line of JSON each")
    for name, argument, says in (
        ("redrive", "key", "replay the events of a key that failed, in order"),
        ("release", "key", "replay the events of a key that waits, although what it waits for has not arrived"),
        ("skip", "event_id", "give up the event that blocks its key; those behind it are replayed"),
    ):
        task = tasks.add_parser(name, help=says)
        task.add_argument("chosen", metavar=argument.upper(), help=f"the `{argument}` of a listed line")
        task.add_argument("--by", required=True, type=_visible, help="who decides; audited")
        task.add_argument("--reason", required=True, type=_visible, help="why; audited")
    return parser.parse_args(arguments)


def _visible(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be blank")
    return text.strip()


async def _run(service: Service, settings: Settings, given: argparse.Namespace) -> int:
    database = open_database(settings.database_url)
    try:
        await check(database, service.package)
        if given.task == "list":
            return await _list(service, database)
        return await _decide(service, database, settings, given)
    finally:
        await database.close()


async def _list(service: Service, database: Database) -> int:
    for row in await blocked.blocked_keys(database, service.records):
        sys.stdout.write(f"{json.dumps(row, ensure_ascii=False, default=_instant)}\n")
    return 0


def _instant(value: Any) -> str:  # noqa: ANN401 -- json's own
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


async def _decide(service: Service, database: Database, settings: Settings, given: argparse.Namespace) -> int:
    system = SystemClock()
    decision = Decision(by=given.by, reason=given.reason, at=system.now(), legal_at=legal_clock(settings, system).now())
    chosen: str = given.chosen
    match given.task:
        case "redrive":
            count = await blocked.redrive(database, service.records, key=chosen, decision=decision)
        case "release":
            count = await blocked.release(database, service.records, key=chosen, decision=decision)
        case _:
            count = await blocked.skip(database, service.records, event_id=chosen, decision=decision)
    done = {"redrive": "redriven", "release": "released", "skip": "skipped"}[given.task]
    sys.stdout.write(f"{chosen}: {count} {done}\n" if count else f"{chosen}: nothing to {given.task}\n")
    return 0 if count else 1


def _refused(service: Service, why: str) -> int:
    sys.stderr.write(f"{service.name}: {why}\n")
    return WRONG
