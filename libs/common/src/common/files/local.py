"""The store of files in a local or shared folder."""

import asyncio
import os
import tempfile
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final, cast

from common.files.atomic import sync_directory
from common.files.content import ATTACHMENT_TYPES
from common.files.private import private_folder
from common.files.refusals import FileMissing
from common.files.store import ONLY_READ, Content, Intake, StoredFile, name_of, verified
from common.kernel.errors import Transient

_READABLE: Final = 0o400


class LocalFiles:
    """A store in a local or shared folder; with `read_only` it refuses to write."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self._root = root
        self._read_only = read_only

    async def put(self, content: Content, *, limit: int, allowed: Collection[str] = ATTACHMENT_TYPES) -> StoredFile:
        """Store the content as `FileStore.put` says; raises PermissionError when the store is read-only."""
        if self._read_only:
            raise PermissionError(ONLY_READ)
        intake = Intake(limit=limit, allowed=allowed)
        temporary = await asyncio.to_thread(self._begin)
        try:
            async for piece in intake.checked(content):
                await asyncio.to_thread(self._write, temporary, piece)
            await asyncio.to_thread(self._flush, temporary)
            stored = await intake.stored(temporary)
        except BaseException:
            _discard(temporary)
            raise
        await asyncio.to_thread(self._keep, temporary, stored.digest)
        return stored

    async def get(self, digest: str) -> bytes:
        """Return the content as `FileStore.get` says."""
        return await verified(await asyncio.to_thread(self._read, name_of(digest)), digest)

    async def remove(self, digest: str) -> None:
        """Remove the file as `FileStore.remove` says; raises PermissionError when the store is read-only."""
        if self._read_only:
            raise PermissionError(ONLY_READ)
        await asyncio.to_thread(self._remove, self._root / name_of(digest))

    async def tidy(self, *, older_than: timedelta) -> None:
        """Remove temporary files that were last written before that time; a read-only store has none of its own."""
        if not self._read_only:
            await asyncio.to_thread(self._tidy, time.time() - older_than.total_seconds())

    @property
    def _incoming(self) -> Path:
        return self._root / "incoming"

    def _begin(self) -> BinaryIO:
        try:
            private_folder(self._incoming)
            return cast("BinaryIO", tempfile.NamedTemporaryFile(dir=self._incoming, delete=False))
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _write(self, temporary: BinaryIO, piece: bytes) -> None:
        try:
            temporary.write(piece)
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _flush(self, temporary: BinaryIO) -> None:
        try:
            temporary.flush()
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _keep(self, temporary: BinaryIO, digest: str) -> None:
        """Flush the content to disk, then the name.

        An existing file is replaced: its content is the same, or it is damaged and thereby repaired.
        """
        path = self._root / name_of(digest)
        try:
            os.fchmod(temporary.fileno(), _READABLE)
            os.fsync(temporary.fileno())
            temporary.close()
            private_folder(path.parent)
            Path(temporary.name).replace(path)
            for directory in (path.parent, path.parent.parent, self._root):
                sync_directory(directory)
        except OSError as error:
            _discard(temporary)
            raise Transient("file-store-unavailable") from error

    def _remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Transient("file-store-unavailable") from error

    def _tidy(self, before: float) -> None:
        try:
            for path in self._incoming.iterdir() if self._incoming.exists() else ():
                if path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)
        except FileNotFoundError:
            return  # another process has just stored or removed it; the rest is left to the next time
        except OSError as error:
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
    with suppress(OSError):  # on a full disk `close` cannot flush the buffer, but it closes the file
        temporary.close()
