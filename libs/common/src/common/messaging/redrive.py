"""`python -m common.messaging.redrive <service> list` shows its open dead letters; `… redrive KEY` lets a key go on.

The database is the one that the service's settings name. A letter's payload is never shown.
"""

import argparse
import asyncio
import importlib
import json
import sys
from collections.abc import Mapping, Sequence

from common.clock import SystemClock
from common.messaging.dead_letters import open_letters, redrive_everywhere
from common.settings import Settings, UnusableSettingsError
from common.storage.engine import Database, Unavailable, open_database
from common.storage.migrations import DatabaseNotReadyError, check
from common.storage.records import Records
from common.storage.sqlite import DatabaseOwned, NetworkFileSystem

WRONG = 2


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Do what the command line asks; returns the exit status: 1 when no such key is dead, 2 when it cannot be asked."""
    given = _parsed(arguments)
    try:
        service = importlib.import_module(f"{given.service}_service.service").SERVICE
    except ModuleNotFoundError:
        return _refused(given.service, "there is no such service here")
    try:
        settings = Settings.for_service(service.name, environ)
        return asyncio.run(_run(settings.database_url, service.package, service.records, given.key))
    except (UnusableSettingsError, DatabaseNotReadyError, DatabaseOwned, NetworkFileSystem) as error:
        return _refused(given.service, str(error))
    except Unavailable as error:
        return _refused(given.service, f"the database cannot be had: {error.reason}")


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m common.messaging.redrive", description="Dead letters of a service."
    )
    parser.add_argument("service", help="applications, review, registry or notifications")
    tasks = parser.add_subparsers(required=True)
    tasks.add_parser("list", help="show the open letters, one line of JSON each").set_defaults(key=None)
    redrive = tasks.add_parser("redrive", help="let the parked events of a key be taken again, in order")
    redrive.add_argument("key", help="the `key` of a letter: the id of the subject")
    return parser.parse_args(arguments)


async def _run(url: str, package: str, records: Records, key: str | None) -> int:
    database = open_database(url)
    try:
        await check(database, package)
        return await (_list(database, records) if key is None else _redrive(database, records, key))
    finally:
        await database.close()


async def _list(database: Database, records: Records) -> int:
    for letter in await open_letters(database, records):
        told = {**letter, "at": letter["at"].isoformat()}
        sys.stdout.write(f"{json.dumps(told, ensure_ascii=False)}\n")
    return 0


async def _redrive(database: Database, records: Records, key: str) -> int:
    count = await redrive_everywhere(database, records, key=key, at=SystemClock().now())
    sys.stdout.write(f"{key}: {count} go on\n" if count else f"{key}: nothing of it is dead\n")
    return 0 if count else 1


def _refused(service: str, why: str) -> int:
    sys.stderr.write(f"{service}: {why}\n")
    return WRONG


if __name__ == "__main__":
    sys.exit(main())
