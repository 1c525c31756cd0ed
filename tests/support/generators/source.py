"""What generators start from, a running platform and its documents, and what the calls of every client must find."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from common.web.documents.openapi import operations
from embedded.demo.people import load_demo
from support.generators.tools import ran
from support.service.process import PlatformProcess

NAME = "示范成员单位"


@dataclass(frozen=True)
class Source:
    """A platform that serves, and its OpenAPI document in a file."""

    url: str
    file: Path
    document: dict[str, Any]

    def operations(self) -> set[str]:
        """Return the operation ids of the document, as `list_brands`."""
        return {one["operationId"] for _, _, one in operations(self.document)}

    def schemas(self) -> set[str]:
        """Return the names of the schemas but of the forms, which some languages pass as arguments."""
        return {name for name in self.document["components"]["schemas"] if not name.endswith("Form")}

    def call(self, *command: object, code: str, cwd: Path) -> None:
        """Run a program that makes its calls with a generated client, and check what they found.

        The program gets a token, adds the agency `code` under an Idempotency-Key, finds it in the list of two kinds,
        reads it, and is refused one that does not exist.
        """
        (person,) = [one for one in load_demo().clients if one.id == "administrator"]
        secret = person.secret.get_secret_value()
        found = json.loads(ran(*command, self.url, person.id, secret, code, cwd=cwd))
        assert found["created"] == code
        assert code in found["listed"]
        assert found["read"] == [NAME, "member_department"]
        assert found["refused"] == "agency-not-found"


@contextmanager
def served(folder: Path) -> Iterator[Source]:
    """Start the platform as `make run` does, on new data, and fetch its document."""
    platform = PlatformProcess(folder)
    asyncio.run(platform.start())
    try:
        assert platform.alive, (folder / "process.log").read_text("utf-8")
        file = folder / "openapi.json"
        file.write_bytes(httpx.get(f"{platform.url}/openapi.json").raise_for_status().content)
        yield Source(platform.url, file, json.loads(file.read_bytes()))
    finally:
        asyncio.run(platform.stop())


def camel(name: str) -> str:
    """Return `list_brands` as `listBrands`."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def pascal(name: str) -> str:
    """Return `list_brands` as `ListBrands`."""
    return "".join(map(str.capitalize, name.split("_")))
