"""The kind of file system of a path, and the kinds that are not suitable for a SQLite database.

The doctor imports this before anything is installed: it needs only the standard library of Python 3.8 or later.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")

NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "fuse.glusterfs",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.gcsfuse",
    }
)
"""File systems whose locks do not work between machines: a SQLite database there is refused."""

HOST_FILE_SYSTEMS: Final = frozenset({"9p"})
"""A folder of a virtual machine's host, for example WSL's /mnt/c: advised against, not refused, because sandboxes
such as gVisor show their local disk under this name."""


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the type of the file system of the path ("ext4", "nfs4"); empty where there is no mount table.

    The path need not exist. `mounts` has the format of /proc/self/mountinfo (proc_pid_mountinfo(5)).
    """
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    real, deepest, kind = path.resolve(), -1, ""
    for line in table.splitlines():
        fields = line.split(" ")
        point = Path(_ESCAPED.sub(lambda escaped: chr(int(escaped[1], 8)), fields[4]))
        if (point == real or point in real.parents) and len(point.parts) >= deepest:
            deepest, kind = len(point.parts), fields[fields.index("-") + 1]
    return kind
