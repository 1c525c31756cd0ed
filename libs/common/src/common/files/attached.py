"""The files that an aggregate refers to, as entries stored with it: kind, name, digest, size and media type."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from common.files.refusals import FileMissing
from common.files.store import StoredFile

Entries: TypeAlias = Sequence[dict[str, Any]]


def with_file(entries: Entries, *, kind: str, name: str, file: StoredFile) -> list[dict[str, Any]]:
    """Return the entries with this file added; a file is entered once per kind, under its latest name."""
    others = [each for each in entries if (each["kind"], each["digest"]) != (kind, file.digest)]
    entry = {
        "kind": kind,
        "name": name,
        "digest": file.digest,
        "size": file.size,
        "media_type": file.media_type,
    }
    return [*others, entry]


def file_of(entries: Entries, digest: str) -> dict[str, Any]:
    """Return the entry of a file by its digest; raises FileMissing."""
    for entry in entries:
        if entry["digest"] == digest:
            return entry
    raise FileMissing
