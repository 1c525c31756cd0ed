"""A content-addressed file store: a file is named by its digest, so it can be neither changed nor confused.

What `put` has returned is durably stored under its name; what `get` returns has the digest that was asked for. Here is
the port and the store in a folder; the one in an S3-compatible store is `files_s3`.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from common.clock import sync_directory
from common.digests import DIGEST, digest_bytes
from common.errors import Invalid, NotFound, Permanent, Transient

Content = bytes | Iterable[bytes] | AsyncIterable[bytes]
"""A file's bytes, whole or in pieces."""

SIGNATURES: Final = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
"""The first bytes of the media types we can tell; what a client says about a file is not believed."""
ATTACHMENT_TYPES: Final = frozenset(SIGNATURES)
"""What may be attached unless the caller says otherwise."""

ONLY_READ: Final = "this service reads files, it does not store them"
"""What a store says to a service that must not write."""

_HEAD: Final = max(map(len, SIGNATURES.values()))
_READABLE: Final = 0o440


class FileTooLarge(Invalid):
    """The file has more bytes than the place it is meant for takes."""

    code = "file-too-large"
    zh = "文件超过 {limit} 字节的上限。"
    en = "The file has more than {limit} bytes."


class FileTypeNotTaken(Invalid):
    """The file's first bytes show none of the media types that the place takes."""

    code = "file-type-not-taken"
    zh = "文件类型不被接受,可接受:{allowed}。"
    en = "The file is of none of these types: {allowed}."


class FileMissing(NotFound):
    """No file has this digest."""

    code = "file-missing"
    zh = "找不到该文件。"
    en = "There is no such file."


class FileDigestMismatch(Permanent):
    """A stored file no longer has the digest it is named by: the disk or a hand has changed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is known of a file once it lies in the store; `size` in bytes."""

    digest: str
    size: int
    media_type: str


class FileStore(Protocol):
    """Keeps files by their digest (`sha256:<hex>`)."""

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content durably and return what it is.

        `limit` is in bytes, `allowed` names media types. Raises FileTooLarge as soon as the limit is passed,
        FileTypeNotTaken, and Transient when the store does not work; nothing is left behind then.
        """
        ...

    async def get(self, digest: str) -> bytes:
        """Return the content; raises FileMissing, FileDigestMismatch, and Transient when the store does not work."""
        ...


class Intake:
    """Counts, hashes and looks at a file's pieces while they pass on their way into a store."""

    def __init__(self, *, limit: int, allowed: Collection[str]) -> None:
        self._limit = limit
        self._allowed = allowed
        self._hasher = hashlib.sha256()
        self._size = 0
        self._head = b""

    async def taken(self, content: Content) -> AsyncIterator[bytes]:
        """Pass the pieces on; raises FileTooLarge instead of the one that passes the limit."""
        async for piece in _pieces(content):
            self._size += len(piece)
            if self._size > self._limit:
                raise FileTooLarge(limit=self._limit)
            self._head += piece[: _HEAD - len(self._head)]
            await asyncio.to_thread(self._hasher.update, piece)
            yield piece

    def stored(self) -> StoredFile:
        """Return what has passed; raises FileTypeNotTaken when the place does not take it."""
        media_type = media_type_of(self._head)
        if media_type is None or media_type not in self._allowed:
            raise FileTypeNotTaken(allowed=", ".join(sorted(self._allowed)))
        return StoredFile(digest=f"sha256:{self._hasher.hexdigest()}", size=self._size, media_type=media_type)


def name_of(digest: str) -> str:
    """Return the path in a store; raises FileMissing, since only what looks like a digest may become one."""
    if not DIGEST.fullmatch(digest):
        raise FileMissing
    algorithm, _, letters = digest.partition(":")
    return f"{algorithm}/{letters[:2]}/{letters[2:]}"


async def verified(content: bytes, digest: str) -> bytes:
    """Return the content; raises FileDigestMismatch when the store gave another than what was kept."""
    if await asyncio.to_thread(digest_bytes, content) != digest:
        raise FileDigestMismatch("file-digest-mismatch")
    return content


class LocalFiles:
    """A store in a local or shared folder; a reader that must not write says `read_only`."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self._root = root
        self._read_only = read_only

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content as `FileStore.put` says; raises PermissionError in a store that is only read."""
        if self._read_only:
            raise PermissionError(ONLY_READ)
        intake = Intake(limit=limit, allowed=allowed)
        temporary = await asyncio.to_thread(self._begin)
        try:
            async for piece in intake.taken(content):
                await asyncio.to_thread(self._write, temporary, piece)
            stored = intake.stored()
        except BaseException:
            _discard(temporary)
            raise
        await asyncio.to_thread(self._keep, temporary, stored.digest)
        return stored

    async def get(self, digest: str) -> bytes:
        """Return the content as `FileStore.get` says."""
        return await verified(await asyncio.to_thread(self._read, name_of(digest)), digest)

    def _begin(self) -> BinaryIO:
        try:
            incoming = self._root / "incoming"
            incoming.mkdir(parents=True, exist_ok=True)
            return cast("BinaryIO", tempfile.NamedTemporaryFile(dir=incoming, delete=False))
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _write(self, temporary: BinaryIO, piece: bytes) -> None:
        try:
            temporary.write(piece)
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _keep(self, temporary: BinaryIO, digest: str) -> None:
        """Make the bytes durable, then the name.

        A file that is there already is replaced: the content is the same, or it was damaged and is healed.
        """
        path = self._root / name_of(digest)
        try:
            temporary.flush()
            os.fchmod(temporary.fileno(), _READABLE)
            os.fsync(temporary.fileno())
            temporary.close()
            path.parent.mkdir(parents=True, exist_ok=True)
            Path(temporary.name).replace(path)
            for directory in (path.parent, path.parent.parent, self._root):
                sync_directory(directory)
        except OSError as error:
            _discard(temporary)
            raise Transient("file-store-unavailable") from error

    def _read(self, name: str) -> bytes:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            raise FileMissing from None
        except OSError as error:
            raise Transient("file-store-unavailable") from error


def _discard(temporary: BinaryIO) -> None:
    Path(temporary.name).unlink(missing_ok=True)
    with suppress(OSError):  # a full disk: closing tries once more to write what is buffered, and closes all the same
        temporary.close()


async def _pieces(content: Content) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, AsyncIterable):
        async for piece in content:
            yield piece
    else:
        for piece in content:
            yield piece


def media_type_of(head: bytes) -> str | None:
    """Return the media type that the first bytes of a file show, None when it is none that we can tell."""
    for media_type, signature in SIGNATURES.items():
        if head.startswith(signature):
            return media_type
    return None
