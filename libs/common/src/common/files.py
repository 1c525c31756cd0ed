"""A content-addressed file store: a file is named by its digest, so it can be neither changed nor confused.

What `put` has returned is on disk under its name; what `get` returns has the digest that was asked for.
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


class LocalFiles:
    """A store in a local or shared folder; a reader that must not write says `read_only`."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self._root = root
        self._read_only = read_only

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content as `FileStore.put` says; raises PermissionError in a store that is only read."""
        if self._read_only:
            raise PermissionError("this service reads files, it does not store them")
        temporary = await asyncio.to_thread(self._begin)
        try:
            stored = await _receive(content, temporary, limit=limit, allowed=allowed)
        except BaseException:
            _discard(temporary)
            raise
        await asyncio.to_thread(self._keep, temporary, stored.digest)
        return stored

    async def get(self, digest: str) -> bytes:
        """Return the content as `FileStore.get` says."""
        # Only what looks like a digest may become a path.
        if not DIGEST.fullmatch(digest):
            raise FileMissing
        content = await asyncio.to_thread(self._read, digest)
        if await asyncio.to_thread(digest_bytes, content) != digest:
            raise FileDigestMismatch("file-digest-mismatch")
        return content

    def _path(self, digest: str) -> Path:
        name = digest.removeprefix("sha256:")
        return self._root / "sha256" / name[:2] / name[2:]

    def _begin(self) -> BinaryIO:
        try:
            incoming = self._root / "incoming"
            incoming.mkdir(parents=True, exist_ok=True)
            return cast("BinaryIO", tempfile.NamedTemporaryFile(dir=incoming, delete=False))
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _keep(self, temporary: BinaryIO, digest: str) -> None:
        """Make the bytes durable, then the name.

        A file that is there already is replaced: the content is the same, or it was damaged and is healed.
        """
        path = self._path(digest)
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

    def _read(self, digest: str) -> bytes:
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            raise FileMissing from None
        except OSError as error:
            raise Transient("file-store-unavailable") from error


def _discard(temporary: BinaryIO) -> None:
    Path(temporary.name).unlink(missing_ok=True)
    with suppress(OSError):  # a full disk: closing tries once more to write what is buffered, and closes all the same
        temporary.close()


async def _receive(content: Content, file: BinaryIO, *, limit: int, allowed: Collection[str]) -> StoredFile:
    """Write the pieces to the file, counting and hashing them on the way."""
    hasher, size, head = hashlib.sha256(), 0, b""
    async for piece in _pieces(content):
        size += len(piece)
        if size > limit:
            raise FileTooLarge(limit=limit)
        head = (head + piece)[:_HEAD] if len(head) < _HEAD else head
        hasher.update(piece)
        try:
            await asyncio.to_thread(file.write, piece)
        except OSError as error:
            raise Transient("file-store-unavailable") from error
    media_type = media_type_of(head)
    if media_type is None or media_type not in allowed:
        raise FileTypeNotTaken(allowed=", ".join(sorted(allowed)))
    return StoredFile(digest=f"sha256:{hasher.hexdigest()}", size=size, media_type=media_type)


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
