"""Binds the port before anything else starts; names the process that already uses it (Linux: from /proc)."""

import errno
import socket
from pathlib import Path
from typing import Final

_LISTEN: Final = "0A"
_PROC: Final = Path("/proc")
_LOOK_AHEAD: Final = 50


class PortBusyError(Exception):
    """The port is in use; the text names the process, if the system shows it, and the option of the `make` task."""

    def __init__(self, port: int, *, holder: str | None, free: int | None, task: str = "run") -> None:
        self.port = port
        self.holder = holder
        self.free = free
        by = f" by {holder}" if holder else ""
        example = f"make {task} PORT={free or '<another>'}"
        super().__init__(f"port {port} is taken{by}; choose another with PORT=, for example: {example}")


def take(host: str, port: int, *, task: str = "run") -> socket.socket:
    """Bind and listen on the port, 0 for any free one, and return the socket; `task` is the running `make` task.

    Raises PortBusyError, which names the process that uses the port.
    """
    try:
        return _bound(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortBusyError(port, holder=holder_of(port), free=_next_free(host, port), task=task) from error


def holder_of(port: int, *, proc: Path = _PROC) -> str | None:
    """Return the command and pid that listen on a TCP port, None when no process does or it is not visible."""
    inodes = {inode for table in ("tcp", "tcp6") for inode in _listening(proc / "net" / table, port)}
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in proc.glob("[0-9]*"):
        if _holds(process, wanted):
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
            return f"process {process.name} ({command[:120]})"
    return "a process of another user"


def _bound(host: str, port: int) -> socket.socket:
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # A port in TIME_WAIT can be bound, as in uvicorn.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(2048)
        taken.setblocking(False)
    except OSError:
        taken.close()
        raise
    return taken


def _next_free(host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + _LOOK_AHEAD, 65536)):
        try:
            _bound(host, candidate).close()
        except OSError:
            continue
        return candidate
    return None


def _listening(table: Path, port: int) -> set[str]:
    try:
        lines = table.read_text("ascii").splitlines()[1:]
    except OSError:
        return set()
    rows = [line.split() for line in lines]
    return {row[9] for row in rows if row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port}


def _holds(process: Path, wanted: set[str]) -> bool:
    try:
        return any(str(link.readlink()) in wanted for link in (process / "fd").iterdir())
    except OSError:
        return False
