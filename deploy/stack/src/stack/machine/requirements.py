"""The programs that a stack needs on the machine; the error names every missing one and the package to install."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stack.servers.gateway import SYSTEM_BINARY, NginxMissing, binary
from stack.servers.kafka.jars import fetched
from stack.servers.postgres import VERSIONS, PostgresMissing, binaries


class PartsMissing(Exception):  # noqa: N818 -- says what is wrong
    """The machine lacks parts of the stack."""


JAVA: Final = ("Java", "default-jre-headless")
MAVEN: Final = ("Maven", "maven")
NGINX: Final = ("nginx", "nginx-light")
POSTGRES: Final = ("PostgreSQL", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The folders where programs are searched: the path, by default the caller's, and Debian's for two of them."""

    path: str | None = None
    nginx: str = SYSTEM_BINARY
    postgres: Path = VERSIONS


def missing(cache: Path, machine: Machine) -> list[tuple[str, str]]:
    """Return the missing programs, each with its Debian package; Maven is needed once, to fetch the broker."""
    found = []
    if shutil.which("java", path=machine.path) is None:
        found.append(JAVA)
    if shutil.which("mvn", path=machine.path) is None and fetched(cache) is None:
        found.append(MAVEN)
    if not _is_there(lambda: binary(machine.path, system=machine.nginx), NginxMissing):
        found.append(NGINX)
    if not _is_there(lambda: binaries(machine.path, versions=machine.postgres), PostgresMissing):
        found.append(POSTGRES)
    return found


def require(cache: Path, machine: Machine = Machine()) -> None:
    """Raise PartsMissing, which names every missing program and the packages to install."""
    found = missing(cache, machine)
    if found:
        names, packages = zip(*found, strict=True)
        raise PartsMissing(f"the stack needs {', '.join(names)}; install: apt-get install {' '.join(packages)}")


def _is_there(look: Callable[[], object], error: type[Exception]) -> bool:
    try:
        look()
    except error:
        return False
    return True
