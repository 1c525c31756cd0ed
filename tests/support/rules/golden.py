"""The golden files of the event contract: samples and released schemas, which are added and never edited.

`PYTHONPATH=tests python -m support.rules.golden [release]` writes a sample for every event that has none, with a
release number the schemas as they are now, and records the digests of the new files.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

from common.contracts.asyncapi import example_headers
from common.contracts.catalogue import EVENTS, example
from common.contracts.schema import schema_documents

CONTRACTS: Final = Path(__file__).parents[2] / "contracts"
SAMPLES: Final = CONTRACTS / "samples"
RELEASED: Final = CONTRACTS / "released"
DIGESTS: Final = CONTRACTS / "SHA256SUMS"


class Sample(NamedTuple):
    """One record as it was once written to an internal topic."""

    name: str
    headers: dict[str, str]
    data: dict[str, Any]

    @property
    def payload(self) -> bytes:
        """Return the data as bytes."""
        return json.dumps(self.data, ensure_ascii=False).encode()


def samples() -> list[Sample]:
    """Return every golden sample, by name."""
    contents = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.json"))}
    return [Sample(name, content["headers"], content["data"]) for name, content in contents.items()]


def golden_files() -> dict[str, str]:
    """Return the SHA-256 of every file that is never edited, by its path below `tests/contracts`."""
    files = [*SAMPLES.glob("*.json"), *RELEASED.glob("*.json")]
    return {str(path.relative_to(CONTRACTS)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def recorded_digests() -> dict[str, str]:
    """Return what `SHA256SUMS` says of them."""
    lines = DIGESTS.read_text(encoding="utf-8").splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def add(release: str | None = None) -> None:
    """Add what is missing and record its digest; nothing that is there is touched."""
    for type_name, event_class in EVENTS.items():
        event = example(event_class)
        _write(SAMPLES / f"{type_name}.json", {"headers": example_headers(event), "data": json.loads(event.whole())})
    if release is not None:
        _write(RELEASED / f"{release}.json", schema_documents())
    digests = golden_files() | recorded_digests()
    DIGESTS.write_text("".join(f"{digests[path]}  {path}\n" for path in sorted(digests)), encoding="utf-8")


def _write(path: Path, content: object) -> None:
    if not path.exists():
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    add(*sys.argv[1:2])
