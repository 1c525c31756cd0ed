"""The interface of a content-addressed file store: the name of a file is its digest, so its content cannot change.

When `put` has returned, the file is durably stored; what `get` returns has the requested digest.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, Final, Protocol

from common.files.content import ATTACHMENT_TYPES, media_type_of
from common.files.refusals import FileMissing, FileTooLarge, FileTypeNotTaken
from common.kernel.digests import DIGEST, digest_bytes
from common.kernel.errors import Permanent

Content = bytes | Iterable[bytes] | AsyncIterable[bytes]
"""A file's bytes, whole or in pieces."""

ONLY_READ: Final = "this service reads files, it does not store them"
"""The error of a read-only store that is asked to write."""


class FileDigestMismatch(Permanent):
    """The content of a stored file no longer has the digest in its name: it is damaged or was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """The description of a stored file; `size` in bytes."""

    digest: str
    size: int
    media_type: str


class FileStore(Protocol):
    """Stores files under their digest (`sha256:<hex>`)."""

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content durably and return its description.

        `limit` is in bytes, `allowed` names media types. Raises FileTooLarge as soon as the limit is exceeded,
        FileTypeNotTaken, FileUnreadable, and Transient when the store fails; in all these cases nothing remains in the
        store.
        """
        ...

    async def get(self, digest: str) -> bytes:
        """Return the content; raises FileMissing, FileDigestMismatch, and Transient when the store fails."""
        ...

    async def remove(self, digest: str) -> None:
        """Remove the file, if it is there; raises Transient when the store fails."""
        ...

    async def tidy(self, *, older_than: timedelta) -> None:
        """Remove what ended processes have left half stored; raises Transient when the store fails."""
        ...


class Intake:
    """Checks the size and type of a file, and computes its digest, while its pieces are written to a store."""

    def __init__(self, *, limit: int, allowed: Collection[str]) -> None:
        self._limit = limit
        self._allowed = allowed
        self._hasher = hashlib.sha256()
        self._size = 0

    async def checked(self, content: Content) -> AsyncIterator[bytes]:
        """Yield the pieces; raises FileTooLarge instead of the piece that exceeds the limit."""
        async for piece in _pieces(content):
            self._size += len(piece)
            if self._size > self._limit:
                raise FileTooLarge(limit=self._limit)
            await asyncio.to_thread(self._hasher.update, piece)
            yield piece

    async def stored(self, file: BinaryIO) -> StoredFile:
        """Return the description of the file, which holds all pieces.

        Raises FileTypeNotTaken for a type that is not allowed, and FileUnreadable.
        """
        media_type = await asyncio.to_thread(media_type_of, file)
        if media_type is None or media_type not in self._allowed:
            raise FileTypeNotTaken(allowed=", ".join(sorted(self._allowed)))
        return StoredFile(digest=f"sha256:{self._hasher.hexdigest()}", size=self._size, media_type=media_type)


def name_of(digest: str) -> str:
    """Return the path in a store; raises FileMissing for a text that is no digest, e.g. a path outside the store."""
    if not DIGEST.fullmatch(digest):
        raise FileMissing
    algorithm, _, letters = digest.partition(":")
    return f"{algorithm}/{letters[:2]}/{letters[2:]}"


async def verified(content: bytes, digest: str) -> bytes:
    """Return the content if it has this digest; raises FileDigestMismatch otherwise."""
    if await asyncio.to_thread(digest_bytes, content) != digest:
        raise FileDigestMismatch("file-digest-mismatch")
    return content


async def _pieces(content: Content) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, AsyncIterable):
        async for piece in content:
            yield piece
    else:
        for piece in content:
            yield piece
