"""The stack's PostgreSQL for the tests: one server per run in a temporary folder, stopped and removed at its end.

With `CI=true` missing binaries are installed; otherwise the tests that need them are skipped, saying so.
"""

import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from stack.machine.places import Place
from stack.machine.ports import free_ports
from stack.servers.postgres import USER, PostgresMissing, PostgresServer, binaries

INSTALL_SECONDS = 300


def server_for_tests(*, durable: bool = False) -> PostgresServer:
    """Return a server that is not started yet; a `durable` one waits for the disk. Raises PostgresMissing."""
    _install_where_nothing_may_be_missing()
    home = Path(tempfile.mkdtemp(prefix="mingpai-test-postgres-"))
    (port,) = free_ports(1)
    owner = USER if os.geteuid() == 0 else None
    # no fsync unless asked: tests kill processes, never the machine, and the kernel keeps what was written
    return PostgresServer(Place(home, owner), port=port, password=secrets.token_urlsafe(16), durable=durable)


def _install_where_nothing_may_be_missing() -> None:
    try:
        binaries()
    except PostgresMissing:
        if os.environ.get("CI") != "true":
            raise
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "postgresql"]):
            subprocess.run(["apt-get", *arguments], check=True, timeout=INSTALL_SECONDS, stdout=subprocess.DEVNULL)  # noqa: S603, S607 -- Debian's own
