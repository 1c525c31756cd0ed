"""The folders and the users of the servers that refuse to run as root.

For an ordinary user they are below the stack's data folder. For root they belong to a system user, who must be able to
enter every folder above them: they are below the system's temporary folder, under a name derived from the data folder.
"""

import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict

from common.files.private import private_folder

_NAME = 12


class UnsafeFolderError(Exception):
    """The folder belongs to another user and cannot be trusted."""


class AsUser(TypedDict, total=False):
    """The arguments with which `subprocess` runs a program as another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and the name of its owner, None for the caller's own user."""

    folder: Path
    owner: str | None

    @classmethod
    def of(cls, data: Path, part: str, *, owner: str) -> Self:
        """Return the place of the data of a part of the stack; nothing is made yet."""
        if os.geteuid() != 0:
            return cls(data / part, None)
        return cls(shared_folder(data) / part, owner)

    @property
    def as_owner(self) -> AsUser:
        """The arguments with which `subprocess` runs a program as the owner."""
        return as_user(self.owner)

    def make(self) -> None:
        """Make the folder and set its owner. Raises UnsafeFolderError when it belongs to another user."""
        above = self.folder.parent
        if self.owner is None:
            private_folder(above)
        else:
            above.mkdir(mode=0o711, parents=True, exist_ok=True)  # the owner enters it, and nobody can list it
            _check_ours(above)
        private_folder(self.folder)
        self.give(self.folder)

    def give(self, path: Path) -> None:
        """Make the folder's owner the owner of a file in it."""
        if self.owner is not None:
            known = pwd.getpwnam(self.owner)
            os.chown(path, known.pw_uid, known.pw_gid)


def as_user(name: str | None) -> AsUser:
    """Return the arguments with which `subprocess` runs a program as this user; None is the caller's own user."""
    if name is None:
        return {}
    known = pwd.getpwnam(name)
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


def shared_folder(data: Path) -> Path:
    """Return the folder below the system's temporary folder that a stack of root uses beside its data folder."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"mingpai-stack-{digest[:_NAME]}"


def _check_ours(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid() or folder.is_symlink():
        raise UnsafeFolderError(f"{folder} belongs to another user; remove it or choose another folder with DATA=")
