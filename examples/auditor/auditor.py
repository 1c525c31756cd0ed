"""Exports the audit of a service over HTTP and verifies an export, with the standard library alone.

python auditor.py export --url http://127.0.0.1:8000 --service registry --token token.txt > registry.jsonl
python auditor.py verify registry.jsonl --head sha256:…

`verify` needs no network. It ends with status 1 and the first place at which the chain is broken, else it prints the
head: note it down somewhere else, and give it to the next `verify`.
"""

import argparse
import hashlib
import json
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

GENESIS: Final = "sha256:" + "0" * 64
OPEN: Final = (
    "id", "at", "legal_at", "action", "subject_type", "subject_id", "from_state", "to_state", "caused_by", "request_id",
    "disclosure",
)  # fmt: skip
PERSONAL: Final = ("actor_sub", "actor_org", "reason", "payload_digest")
SECONDS: Final = 30


class BrokenChainError(Exception):
    """The export is not the chain that was sealed; the text says where."""


def exported(url: str, service: str, token: str) -> Iterator[dict[str, Any]]:
    """Yield the sealed rows of a service in the order of the chain. Raises urllib's HTTPError."""
    asked = {"service": service, "limit": "200"}
    while True:
        address = f"{url.rstrip('/')}/v1/audit?{urllib.parse.urlencode(asked)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 -- the address that the caller gives
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 -- as above
            page = json.load(answer)
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        asked["cursor"] = page["next_cursor"]


def verified(rows: Iterable[dict[str, Any]], head: str | None = None) -> tuple[int, str]:
    """Return how many rows the chain has and its head; `head` is one that was noted down earlier.

    Raises BrokenChainError for a row that was changed, removed, inserted or moved, and when the chain does not contain
    the head that is known: then its end was cut off or written again.
    """
    position, previous, met = 0, GENESIS, head in {None, GENESIS}
    for row in rows:
        seal = row.get("seal")
        if not isinstance(seal, dict) or seal.get("position") != position:
            raise BrokenChainError(f"at {position}: a row was removed, inserted or moved")
        if seal.get("previous") != previous:
            raise BrokenChainError(f"at {position}: it does not follow the row before it")
        _check_personal(row, position)
        if seal.get("hash") != hashed(previous, row):
            raise BrokenChainError(f"at {position}: the row was changed: {row.get('id')}")
        position, previous = position + 1, seal["hash"]
        met = met or previous == head
    if not met:
        raise BrokenChainError(
            f"after {position} rows: the known head {head} is missing: the end was cut off or replaced"
        )
    return position, previous


def hashed(previous: str, row: dict[str, Any]) -> str:
    """Return the hash of a row behind another: over the open fields and the digests of the personal ones."""
    content = {name: row.get(name) for name in OPEN} | {name: row[name]["digest"] for name in PERSONAL}
    return _sha256(bytes.fromhex(previous.removeprefix("sha256:")) + _canonical(content))


def _check_personal(row: dict[str, Any], position: int) -> None:
    """Compare each value that is shown with its digest; a withheld value is covered by its digest alone."""
    for name in PERSONAL:
        field = row.get(name)
        if not isinstance(field, dict) or not isinstance(field.get("digest"), str):
            raise BrokenChainError(f"at {position}: {name} has no digest")
        if field.get("salt") is None:
            if field.get("value") is not None:
                raise BrokenChainError(f"at {position}: {name} has a value without a salt")
        elif field["digest"] != _sha256(bytes.fromhex(field["salt"]) + _canonical(field.get("value"))):
            raise BrokenChainError(f"at {position}: {name} was changed")


def _canonical(value: object) -> bytes:
    """Return RFC 8785's form; for texts, null and objects of them with ASCII keys it is what `json` writes so."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BrokenChainError(f"line {number} is not JSON") from error
            if not isinstance(row, dict):
                raise BrokenChainError(f"line {number} is no row")
            yield row


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser(description="Export the audit of a service, and verify an export.")
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="write the chain of a service to standard output, one row a line")
    export.add_argument("--url", required=True)
    export.add_argument("--service", required=True)
    export.add_argument("--token", required=True, type=Path, help="a file with the access token of an observer")
    verify = commands.add_parser("verify", help="verify an export")
    verify.add_argument("file", type=Path)
    verify.add_argument("--head", help="a head that an earlier verification printed")
    given = parser.parse_args(arguments)
    if given.command == "export":
        token = given.token.read_text("utf-8").strip()
        for row in exported(given.url, given.service, token):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return 0
    try:
        count, head = verified(_lines(given.file), given.head)
    except BrokenChainError as broken:
        sys.stdout.write(f"BROKEN {broken}\n")
        return 1
    sys.stdout.write(f"INTACT {count} rows, head {head}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
