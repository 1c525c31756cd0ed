"""The two stores of files with what a test sees behind them: a folder, and a bucket of a real S3-compatible server."""

from pathlib import Path
from typing import Protocol

import pytest

from common.files.local import LocalFiles
from common.files.s3 import S3Files
from common.files.store import FileStore
from support.service.s3 import S3Server, s3_server

__all__ = ["place", "s3_server"]


class Place(Protocol):
    """Where files are kept, seen from behind."""

    def store(self, *, read_only: bool = False) -> FileStore:
        """Return a store over it."""
        ...

    def kept(self) -> dict[str, bytes]:
        """Return all stored content, by name."""
        ...

    def change(self, name: str, content: bytes) -> None:
        """Put other content under a name."""
        ...


class Folder:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def store(self, *, read_only: bool = False) -> FileStore:
        """Return a store over it."""
        return LocalFiles(self._root, read_only=read_only)

    def kept(self) -> dict[str, bytes]:
        """Return every file below it."""
        return {str(one.relative_to(self._root)): one.read_bytes() for one in self._root.rglob("*") if one.is_file()}

    def change(self, name: str, content: bytes) -> None:
        """Write into a file, its rights notwithstanding."""
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.chmod(0o600)
        path.write_bytes(content)


class InBucket:
    """A bucket of its own."""

    def __init__(self, server: S3Server) -> None:
        self._server = server
        self.name = server.new_bucket()

    def store(self, *, read_only: bool = False) -> FileStore:
        """Return a store over it, by the key that suffices."""
        return S3Files(self._server.access(self.name, "reader" if read_only else "writer"), read_only=read_only)

    def kept(self) -> dict[str, bytes]:
        """Return every object of it."""
        return self._server.objects(self.name)

    def change(self, name: str, content: bytes) -> None:
        """Replace an object."""
        self._server.place(self.name, name, content)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Provide an empty place of each kind."""
    if request.param == "folder":
        return Folder(tmp_path / "files")
    return InBucket(request.getfixturevalue("s3_server"))
