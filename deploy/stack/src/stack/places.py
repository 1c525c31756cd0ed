"""Where the parts that refuse to be root keep their files, and as whom they run.

An ordinary user keeps them below the stack's data folder. Root hands them to a user of the system who must be able to
pass every folder above, so they lie below the system's temporary folder, under a name made from the data folder.
"""

import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict

_NAME = 12


class UnsafeFolderError(Exception):
    """Somebody else made the folder that we would trust."""


class AsUser(TypedDict, total=False):
    """What `subprocess` takes to run a program as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and the name of its owner, None for whoever runs us."""

    folder: Path
    owner: str | None

    @classmethod
    def of(cls, data: Path, part: str, *, owner: str) -> Self:
        """Return the place of a part of the stack that keeps its data there; nothing is made yet."""
        if os.geteuid() != 0:
            return cls(data / part, None)
        return cls(shared_folder(data) / part, owner)

    @property
    def as_owner(self) -> AsUser:
        """What `subprocess` takes to run a program as the owner."""
        return as_user(self.owner)

    def make(self) -> None:
        """Make the folder and give it to its owner. Raises UnsafeFolderError when a stranger was there before us."""
        above = self.folder.parent
        above.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.owner is not None:
            _check_ours(above)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.give(self.folder)

    def give(self, path: Path) -> None:
        """Give a file in the folder to its owner."""
        if self.owner is not None:
            known = pwd.getpwnam(self.owner)
            os.chown(path, known.pw_uid, known.pw_gid)


def as_user(name: str | None) -> AsUser:
    """Return what `subprocess` takes to run a program as this user; None is whoever runs us."""
    if name is None:
        return {}
    known = pwd.getpwnam(name)
    return {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}


def shared_folder(data: Path) -> Path:
    """Return the folder below the system's temporary one that a stack run by root has beside its data folder."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"mingpai-stack-{digest[:_NAME]}"


def _check_ours(folder: Path) -> None:
    found = folder.lstat()
    if found.st_uid != os.geteuid() or folder.is_symlink():
        raise UnsafeFolderError(f"{folder} belongs to somebody else; remove it or choose another folder with DATA=")
