"""A real PostgreSQL from the system's binaries: one server on a loopback port, every step with a deadline.

PostgreSQL refuses to run as root; root starts it as the `postgres` user (see places.py). An acknowledged commit is on
disk unless `durable` is off, which only tests use.
"""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.files.private import OTHERS, open_private, private_file
from stack.machine.places import Place
from stack.machine.ports import HOST

VERSIONS: Final = Path("/usr/lib/postgresql")
SERVICE_SQL: Final = Path(__file__).parents[5] / "deploy" / "postgres" / "service.sql"
STEP_SECONDS: Final = 60
AGAIN_SECONDS: Final = 20
_LOOK_SECONDS: Final = 0.2
_TAIL: Final = 1500
KIND: Final = "postgres"
USER: Final = "postgres"
STOP_SIGNAL: Final = signal.SIGINT
"""Ends the server at once and cleanly; SIGTERM would wait until its clients have disconnected."""


class PostgresMissing(Exception):  # noqa: N818 -- says what is wrong
    """The programs of PostgreSQL are not installed."""


class PostgresError(Exception):
    """A step of the server failed; the text ends with the last lines of its output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """How a service reaches its database: as the role that it runs as, and as the role that owns the tables."""

    running: str
    migrating: str


class PostgresServer:
    """A server with its data in a place of its own. Raises PostgresMissing without binaries."""

    def __init__(self, place: Place, *, port: int, password: str, durable: bool = True) -> None:
        self._bin = binaries()
        self._place = place
        self._port = port
        self._password = password
        self._durable = durable

    @property
    def admin_url(self) -> str:
        """Return the URL of the database that always exists."""
        return self.url(USER, password=self._password)

    @property
    def pid(self) -> int:
        """Return the server's process id. Raises FileNotFoundError when it does not run."""
        return int((self._data / "postmaster.pid").read_text("ascii").splitlines()[0])

    def url(self, role: str, *, password: str, database: str | None = None) -> str:
        """Return the URL by which a role reaches a database, its own unless another is named."""
        return f"postgresql://{role}:{password}@{HOST}:{self._port}/{database or role}"

    def start(self) -> None:
        """Start the server; make its cluster first when there is none. Raises PostgresError."""
        self._place.make()
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        options = f"-p {self._port} -c listen_addresses={HOST} -c unix_socket_directories={self._place.folder}"
        if not self._durable:
            options += " -c fsync=off"
        log = self._place.folder / "log"
        until = time.monotonic() + AGAIN_SECONDS
        while True:
            try:
                self._run("pg_ctl", "-w", "-t", "30", "-D", str(self._data), "-l", str(log), "-o", options, "start")
            except PostgresError:
                # the child processes of a killed server use its shared memory until they notice its end
                if time.monotonic() > until:
                    raise
                time.sleep(_LOOK_SECONDS)  # retries until its deadline: those processes cannot set an event of ours
            else:
                return

    def stop(self) -> None:
        """Stop the server and remove everything it left."""
        if self._runs():
            self._run("pg_ctl", "-w", "-t", "30", "-m", "immediate", "-D", str(self._data), "stop")
        shutil.rmtree(self._place.folder, ignore_errors=True)

    def restart(self) -> None:
        """Kill the server as a power failure would, and start it again."""
        self._run("pg_ctl", "-w", "-t", "30", "-m", "immediate", "-D", str(self._data), "restart")

    def kill(self) -> None:
        """Kill the server and leave its files unchanged; `start` recovers them."""
        os.kill(self.pid, signal.SIGKILL)

    def create(self, service: str, *, password: str, owner_password: str) -> "Urls":
        """Make a database of that name with its owner and the role that the service runs as; no other may connect."""
        environ = {"PGPASSWORD": self._password, "PGCONNECT_TIMEOUT": "10"}
        environ |= {"SERVICE_PASSWORD": password, "OWNER_PASSWORD": owner_password}
        where = ["-h", HOST, "-p", str(self._port), "-U", USER, "-d", USER]
        # over standard input, because the owner of the place may be unable to read the checkout
        self._run(
            "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"service={service}", *where,
            environ=environ, text=SERVICE_SQL.read_bytes(),
        )  # fmt: skip
        owner = self.url(f"{service}_owner", password=owner_password, database=service)
        return Urls(running=self.url(service, password=password), migrating=owner)

    def _runs(self) -> bool:
        """Return whether the process that the data folder names runs and is this server."""
        try:
            return str(self._data).encode() in Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return False

    @property
    def _data(self) -> Path:
        return self._place.folder / "data"

    def _initialise(self) -> None:
        password_file = self._place.folder / "password"
        private_file(password_file).write_text(self._password)
        self._place.give(password_file)
        arguments = ["--auth=scram-sha-256", f"--pwfile={password_file}", f"--username={USER}", "-E", "UTF8"]
        arguments += ["--locale=C.UTF-8", "-D", str(self._data)]
        self._run("initdb", *arguments, *([] if self._durable else ["--no-sync"]))
        password_file.unlink()

    def _run(self, program: str, *arguments: str, environ: dict[str, str] | None = None, text: bytes = b"") -> None:
        commands = self._place.folder / "commands"
        try:
            # into a file, not a pipe: the server would keep a pipe open after pg_ctl has ended
            with open_private(commands, "a") as output:
                subprocess.run(  # noqa: S603 -- our own arguments
                    [str(self._bin / program), *arguments],
                    check=True, timeout=STEP_SECONDS, input=text, stdout=output, stderr=output, cwd="/", umask=OTHERS,
                    env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **(environ or {})}, **self._place.as_owner,
                )  # fmt: skip
        except subprocess.SubprocessError as error:
            raise PostgresError(f"{program} failed: {commands.read_text('utf-8', 'replace')[-_TAIL:]}") from error


def binaries(path: str | None = None, *, versions: Path = VERSIONS) -> Path:
    """Return the folder of the newest PostgreSQL's binaries: Debian's, or those on the path. Raises PostgresMissing."""
    known = sorted(versions.glob("*/bin/pg_ctl"), key=lambda found: int(found.parts[-3]))
    on_path = shutil.which("pg_ctl", path=path)
    if known:
        return known[-1].parent
    if on_path is None:
        raise PostgresMissing("PostgreSQL is not installed (apt-get install postgresql)")
    return Path(on_path).parent
