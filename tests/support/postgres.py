"""A real PostgreSQL for the tests, from the system's binaries: one server per run, stopped and removed at its end.

It refuses to run as root, so root hands it to the `postgres` user. Every step has a deadline. With `CI=true` missing
binaries are installed; otherwise the tests that need them are skipped, saying so.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

VERSIONS = Path("/usr/lib/postgresql")
STEP_SECONDS = 60
INSTALL_SECONDS = 300
USER = "postgres"


class PostgresMissing(Exception):  # noqa: N818 -- says what is wrong
    """There are no binaries to start."""


class PostgresServer:
    """A server of its own on a free loopback port, with a password made for it; `durable` ones wait for the disk."""

    def __init__(self, *, durable: bool = False) -> None:
        self._durable = durable
        self._bin = _binaries()
        self._home = Path(tempfile.mkdtemp(prefix="mingpai-test-postgres-"))
        self._password = secrets.token_urlsafe(16)
        self._port = _free_port()
        self._as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []

    @property
    def admin_url(self) -> str:
        """Return the URL of the database that is always there."""
        return self.url("postgres")

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Make the cluster and start it; raises CalledProcessError or TimeoutExpired."""
        password_file = self._home / "password"
        password_file.write_text(self._password)
        if self._as_user:
            for path in (self._home, password_file):
                shutil.chown(path, USER)
        self._run("initdb", "--auth=scram-sha-256", f"--pwfile={password_file}", f"--username={USER}", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync", "-D", str(self._data))  # fmt: skip
        # no fsync unless asked: tests kill processes, never the machine, and the kernel keeps what was written
        fsync = "on" if self._durable else "off"
        options = (
            f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._home} -c fsync={fsync}"
        )
        self._run(
            "pg_ctl", "-w", "-t", "30", "-D", str(self._data), "-l", str(self._home / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop the server and remove everything it left."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-t", "30", "-m", "immediate", "-D", str(self._data), "stop")
        shutil.rmtree(self._home)

    def restart(self) -> None:
        """Kill the server as a power failure would, and start it again."""
        self._run("pg_ctl", "-w", "-t", "30", "-m", "immediate", "-D", str(self._data), "restart")

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str(self._bin / program), *arguments]
        # not captured by a pipe: the server would keep it open after pg_ctl has gone
        with (self._home / "commands").open("a") as output:
            subprocess.run(command, check=True, timeout=STEP_SECONDS, stdout=output, stderr=output, cwd="/")  # noqa: S603 -- our own arguments


def _binaries() -> Path:
    found = _look()
    if found is None and os.environ.get("CI") == "true":
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "postgresql"]):
            subprocess.run(["apt-get", *arguments], check=True, timeout=INSTALL_SECONDS, stdout=subprocess.DEVNULL)  # noqa: S603, S607 -- Debian's own
        found = _look()
    if found is None:
        raise PostgresMissing("PostgreSQL is not installed (apt-get install postgresql)")
    return found


def _look() -> Path | None:
    known = sorted(VERSIONS.glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if known:
        return known[-1].parent
    on_path = shutil.which("pg_ctl")
    return Path(on_path).parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
