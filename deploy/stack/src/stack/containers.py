"""What docker-compose.yml mounts into the images of others, made from the code: the gateway's configuration, the realm.

Both lie in the repository; a test compares them with what is made here, and `make docs` writes them anew.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from embedded.demo import load_demo
from embedded.front import NAME as FRONT
from embedded.parts import SERVICES
from stack.gateway import configuration
from stack.realm import realm

DEPLOY: Final = Path(__file__).parents[3]
PORT: Final = 8000
"""Where every process of ours listens in its container, the gateway too."""

_NAME_SERVER: Final = "127.0.0.11"
"""The one that a container engine gives every network of its own."""


def api(service: str) -> str:
    """Return the address of a service's api inside the network."""
    return f"{service}-api:{PORT}"


def worker(service: str) -> str:
    """Return the address of a service's worker inside the network."""
    return f"{service}-worker:{PORT}"


def made() -> Mapping[str, str]:
    """Return what each file says, by its path below `deploy`."""
    return {
        "gateway/nginx.conf": configuration(
            SERVICES,
            listen=f"0.0.0.0:{PORT}",
            apis={service.name: [api(service.name)] for service in SERVICES},
            front=f"{FRONT}:{PORT}",
            folder=Path("/tmp"),  # noqa: S108 -- inside a container of its own, where nothing else can be written
            resolver=_NAME_SERVER,
        ),
        "keycloak/realm.json": json.dumps(realm(load_demo()), ensure_ascii=False, indent=2) + "\n",
    }


def write(folder: Path = DEPLOY) -> list[str]:
    """Write those that are missing or say something else; returns which."""
    stale = [name for name, text in made().items() if read(folder / name) != text]
    for name in stale:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(made()[name], "utf-8")
    return stale


def read(path: Path) -> str | None:
    """Return what a file says, None when there is none."""
    return path.read_text("utf-8") if path.exists() else None
