"""One Kafka broker (KRaft) as a process of its own, on loopback, with users and access lists from its first start.

Every wait has a deadline. A broker that is killed or paused loses nothing that it acknowledged. One broker may lose its
last second in a power cut, because it leaves the writing to the kernel; three brokers protect against that.
"""

import base64
import os
import re
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from common.files.private import OTHERS, open_private, private_file, private_folder
from stack.servers.kafka.jars import DEPLOYED

Login: TypeAlias = dict[str, str | int | float | bool]
"""The settings of a client of librdkafka."""

KIND: Final = "kafka"
ADMIN: Final = "admin"
MECHANISM: Final = "SCRAM-SHA-512"
FORMAT_SECONDS: Final = 60
STOP_SECONDS: Final = 30
_LOOK_SECONDS: Final = 0.1
_ANSWER_SECONDS: Final = 2.0
_TAIL: Final = 2000
_COMPLAINTS: Final = 5
_COMPLAINT: Final = re.compile(r" (ERROR|FATAL) |^(Caused by|Exception|[\w.]+(Exception|Error)):")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]+")

_PROPERTIES: Final = DEPLOYED / "server.properties"


class BrokerError(Exception):
    """The broker failed; the text ends with the last lines of its log."""


class Broker:
    """A broker that stores its data in `folder`; `secrets` are the users of its first start, `admin` may do everything.

    `settings` are added to those of deploy/kafka/server.properties or replace them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        jars: Path,
        port: int,
        controller_port: int,
        secrets: Mapping[str, str],
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        for text in (*secrets, *secrets.values()):
            if _PLAIN.fullmatch(text) is None:
                raise ValueError("names and passwords of the broker are letters, digits, dots, dashes and underscores")
        self._folder = folder.resolve()
        self._jars = jars
        self._port = port
        self._controller_port = controller_port
        self._secrets = dict(secrets)
        self._settings = dict(settings)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """The address at which clients connect."""
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The id of its process. Raises BrokerError when it was not started."""
        return self._running().pid

    @property
    def log(self) -> Path:
        """Its log file."""
        return self._folder / "broker.log"

    @property
    def command(self) -> list[str]:
        """The command that starts it; its data folder must have been formatted."""
        options = ["-Xms256m", "-Xmx512m", f"-Dlog4j2.configurationFile=file:{DEPLOYED / 'log4j2.xml'}"]
        return self._java(*options, program="kafka.Kafka", arguments=[str(self._properties)])

    def as_user(self, name: str = ADMIN) -> Login:
        """Return the settings with which a client of librdkafka logs in as one of the first users."""
        return login(self.bootstrap, name, self._secrets[name])

    def start(self, *, deadline: float = 60) -> None:
        """Launch the broker and wait until it answers; kill it when it does not. Raises BrokerError."""
        self.launch()
        try:
            self.wait_until_it_answers(deadline)
        except BrokerError:
            self.kill()
            raise

    def launch(self) -> None:
        """Start its process; the first start formats its data folder. Raises BrokerError."""
        if self._process is not None:
            raise BrokerError(f"the broker runs already as process {self._process.pid}")
        private_folder(self._folder)
        if not (self._folder / "log" / "meta.properties").exists():
            self._format()
        with open_private(self.log, "ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 -- our own arguments
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                umask=OTHERS,
            )

    def wait_until_it_answers(self, deadline: float) -> None:
        """Wait until the broker answers its administrator, at most `deadline` seconds. Raises BrokerError."""
        until = time.monotonic() + deadline
        process = self._running()
        while not is_answering(self.as_user()):
            if process.poll() is not None:
                raise BrokerError(f"the broker ended with status {process.returncode}: {self._log_excerpt()}")
            if time.monotonic() > until:
                raise BrokerError(f"the broker does not answer after {deadline:g} s: {self._log_excerpt()}")
            time.sleep(_LOOK_SECONDS)  # polls under its deadline: another process cannot set an event of ours

    def stop(self) -> None:
        """End the broker by a signal; kill it when it has not ended within its time."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill the broker, as a crash would end it."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(STOP_SECONDS)
        self._process = None

    def pause(self) -> None:
        """Pause the broker: connections stay open, nothing is answered."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Resume it."""
        self._running().send_signal(signal.SIGCONT)

    @property
    def _properties(self) -> Path:
        return self._folder / "server.properties"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise BrokerError("the broker was not started")
        return self._process

    def _java(self, *options: str, program: str, arguments: list[str]) -> list[str]:
        return ["java", *options, "-cp", f"{self._jars}/*", program, *arguments]

    def _format(self) -> None:
        text = _PROPERTIES.read_text("utf-8").format(
            listen="127.0.0.1",
            host="127.0.0.1",
            port=self._port,
            controller_port=self._controller_port,
            mechanism=MECHANISM,
            admin=ADMIN,
            password=self._secrets[ADMIN],
            folder=self._folder,
        )
        self._write(self._properties, text + "".join(f"{name}={value}\n" for name, value in self._settings.items()))
        users = self._folder / "users"
        lines = [f"--add-scram\n{MECHANISM}=[name={name},password={word}]" for name, word in self._secrets.items()]
        self._write(users, "\n".join(lines))  # in a file, because every user can read a command line
        formatting = ["format", "-t", _cluster_id(), "-c", str(self._properties), f"@{users}"]
        try:
            done = subprocess.run(  # noqa: S603 -- our own arguments
                self._java(program="kafka.tools.StorageTool", arguments=formatting),
                check=False,
                timeout=FORMAT_SECONDS,
                capture_output=True,
                text=True,
                umask=OTHERS,
            )
        except subprocess.TimeoutExpired as error:
            raise BrokerError(f"the broker's storage was not formatted within {FORMAT_SECONDS} s") from error
        finally:
            users.unlink()
        if done.returncode != 0:
            raise BrokerError(f"the broker's storage could not be formatted: {(done.stdout + done.stderr)[-_TAIL:]}")

    def _write(self, path: Path, text: str) -> None:
        private_file(path).write_text(text, "utf-8")

    def _log_excerpt(self) -> str:
        """Return the last errors in its log, or the end of the log when there are none."""
        said = self.log.read_text("utf-8", "replace")
        complaints = [line for line in said.splitlines() if _COMPLAINT.search(line)]
        return "\n".join(complaints[-_COMPLAINTS:]) or said[-_TAIL:]


def login(bootstrap: str, username: str, password: str) -> Login:
    """Return the settings with which a client of librdkafka logs in."""
    return {
        "bootstrap.servers": bootstrap,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": MECHANISM,
        "sasl.username": username,
        "sasl.password": password,
    }


def is_answering(settings: Login) -> bool:
    """Return whether the broker accepts this user and knows a leader."""
    client = AdminClient({**settings, "log_level": "0", "reconnect.backoff.max.ms": "500"})
    try:
        return bool(client.list_topics(timeout=_ANSWER_SECONDS).brokers)
    except KafkaException:
        return False


def _cluster_id() -> str:
    """Return a random id without a dash at its beginning, which would make it an option."""
    while (drawn := base64.urlsafe_b64encode(uuid.UUID(bytes=os.urandom(16)).bytes).decode().rstrip("=")).startswith(
        "-"
    ):
        pass
    return drawn
