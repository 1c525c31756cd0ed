"""The processes of a stack with their environments; each process receives only its own secrets."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embedded.origin.front import NAME as FRONT
from embedded.origin.parts import SERVICES
from stack.machine.ports import HOST, free_ports
from stack.machine.processes import Program
from stack.servers.kafka.broker import ADMIN

NAMES: Final = tuple(service.name for service in SERVICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports on which processes listen; those of apis and workers by service."""

    gateway: int
    postgres: int
    kafka: int
    controller: int
    front: int
    smtp: int
    apis: Mapping[str, Sequence[int]]
    workers: Mapping[str, Sequence[int]]

    @classmethod
    def free(cls, *, gateway: int, apis: int, workers: int) -> "Ports":
        """Return free ports for these numbers of processes; with 0 the gateway's port is a free one too."""
        found = iter(free_ports(6 + len(NAMES) * (apis + workers)))
        return cls(
            gateway=gateway or next(found),
            postgres=next(found),
            kafka=next(found),
            controller=next(found),
            front=next(found),
            smtp=next(found),
            apis={name: [next(found) for _ in range(apis)] for name in NAMES},
            workers={name: [next(found) for _ in range(workers)] for name in NAMES},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The data folder, the ports and the secrets; `databases` and `owners` are URLs by service.

    Only migrations get the URL of an owner.
    """

    data: Path
    ports: Ports
    databases: Mapping[str, str]
    owners: Mapping[str, str]
    kafka_secrets: Mapping[str, str]

    @property
    def url(self) -> str:
        """The one origin that users see."""
        return _address(self.ports.gateway)

    @property
    def bootstrap(self) -> str:
        """The address of the broker."""
        return f"{HOST}:{self.ports.kafka}"

    def migrations(self) -> list[Program]:
        """Return the one-shot programs that make the tables."""
        return [self._service(name, "migrate", self._database(name) | self._owner(name)) for name in NAMES]

    def topics(self) -> Program:
        """Return the one-shot program that makes the topics and sets the rights to them, as the admin."""
        environ = {"MINGPAI_KAFKA_SECURITY": "SASL_PLAINTEXT", "MINGPAI_KAFKA_BOOTSTRAP_SERVERS": self.bootstrap}
        environ |= {"STACK_KAFKA_USERNAME": ADMIN, "STACK_KAFKA_PASSWORD": self.kafka_secrets[ADMIN]}
        return Program(name="topics", kind="topics", argv=[sys.executable, "-m", "stack", "topics"], environ=environ)

    def services(self) -> list[Program]:
        """Return the workers and apis; only workers connect to the broker."""
        programs = []
        for name in NAMES:
            for number, port in enumerate(self.ports.workers[name], 1):
                own = {**self._database(name), **self._broker(name)}
                programs.append(self._service(name, "worker", own, number=number, port=port))
            for number, port in enumerate(self.ports.apis[name], 1):
                programs.append(self._service(name, "api", self._database(name), number=number, port=port))
        return programs

    def front(self) -> Program:
        """Return the front, with the addresses of all apis and workers."""
        named = [
            f"--{kind}={name}={_address(port)}"
            for kind, ports in (("api", self.ports.apis), ("worker", self.ports.workers))
            for name in NAMES
            for port in ports[name]
        ]
        return Program(
            name=FRONT,
            kind=FRONT,
            argv=[sys.executable, "-m", "embedded", FRONT, *named],
            environ={**self._shared(), "MINGPAI_PORT": str(self.ports.front), "MINGPAI_SHAPE": "embedded"},
            url=_address(self.ports.front),
        )

    def _service(
        self, name: str, task: str, own: Mapping[str, str], *, number: int | None = None, port: int | None = None
    ) -> Program:
        package = next(service.package for service in SERVICES if service.name == name)
        environ = {**self._shared(), **own, "MINGPAI_SHAPE": "distributed"}
        environ["MINGPAI_KAFKA_BOOTSTRAP_SERVERS"] = self.bootstrap
        if port is not None:
            environ["MINGPAI_PORT"] = str(port)
        return Program(
            name="-".join([name, task, *([] if number is None else [str(number)])]),
            kind=task,
            argv=[sys.executable, "-m", package, task],
            environ=environ,
            url=None if port is None else _address(port),
        )

    def _shared(self) -> dict[str, str]:
        return {
            "MINGPAI_PROFILE": "demo",
            "MINGPAI_HOST": HOST,
            "MINGPAI_TRUSTED_PROXIES": HOST,
            "MINGPAI_URL": self.url,
            "MINGPAI_ISSUER": self.url,
            "MINGPAI_ISSUER_ADDRESS": _address(self.ports.front),
            "MINGPAI_DATA": str(self.data),
            "MINGPAI_CLOCK_FILE": str(self.data / "demo-clock.json"),
            "MINGPAI_FILES": str(self.data / "files"),
            "MINGPAI_SMTP_HOST": HOST,
            "MINGPAI_SMTP_PORT": str(self.ports.smtp),
            "MINGPAI_CORS_ORIGINS": "*",
            "MINGPAI_LOG_FORMAT": "json",
        }

    def _database(self, name: str) -> dict[str, str]:
        return {f"{name.upper()}_DATABASE_URL": self.databases[name]}

    def _owner(self, name: str) -> dict[str, str]:
        return {f"{name.upper()}_MIGRATION_URL": self.owners[name]}

    def _broker(self, name: str) -> dict[str, str]:
        return {
            "MINGPAI_KAFKA_SECURITY": "SASL_PLAINTEXT",
            f"{name.upper()}_KAFKA_USERNAME": name,
            f"{name.upper()}_KAFKA_PASSWORD": self.kafka_secrets[name],
        }


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"
