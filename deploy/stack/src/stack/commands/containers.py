"""Generates the files that docker-compose.yml mounts: nginx's configuration and Keycloak's realm.

Both are in the repository; `make docs` writes them, and a test compares them with the generated text.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from embedded.demo.people import load_demo
from embedded.origin.front import NAME as FRONT
from embedded.origin.parts import SERVICES
from stack.servers.gateway import configuration
from stack.servers.realm import realm

DEPLOY: Final = Path(__file__).parents[4]
PORT: Final = 8000
"""The port on which each of our processes, and the gateway, listens in its container."""

GATEWAY: Final = "172.30.8.2"
"""The gateway's address in the network of the containers, from which `X-Forwarded-For` is believed."""
MACHINE: Final = "172.30.8.1"
"""The machine's own address there, hence that of a web server in front: the gateway's port is open on loopback only."""

_NAME_SERVER: Final = "127.0.0.11"
"""The address of the name server that a container engine runs in every network that is created."""


def api(service: str) -> str:
    """Return the address of a service's api inside the network."""
    return f"{service}-api:{PORT}"


def worker(service: str) -> str:
    """Return the address of a service's worker inside the network."""
    return f"{service}-worker:{PORT}"


def made() -> Mapping[str, str]:
    """Return the content of each file by its path below `deploy`."""
    return {
        "gateway/nginx.conf": configuration(
            SERVICES,
            listen=f"0.0.0.0:{PORT}",
            apis={service.name: [api(service.name)] for service in SERVICES},
            front=f"{FRONT}:{PORT}",
            folder=Path("/tmp"),  # noqa: S108 -- inside a container of its own, where nothing else can be written
            resolver=_NAME_SERVER,
            proxies=[MACHINE],
        ),
        "keycloak/realm.json": json.dumps(realm(load_demo()), ensure_ascii=False, indent=2) + "\n",
    }


def write(folder: Path = DEPLOY) -> list[str]:
    """Write the files that are missing or differ; returns their paths."""
    stale = [name for name, text in made().items() if read(folder / name) != text]
    for name in stale:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(made()[name], "utf-8")
    return stale


def read(path: Path) -> str | None:
    """Return the content of a file, None when there is no such file."""
    return path.read_text("utf-8") if path.exists() else None
