"""Attachments in an S3-compatible store: they lie there and nowhere else; its outage is 503 and attaches nothing."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from common.kernel.digests import digest_bytes
from embedded.demo.people import load_demo
from embedded.journey import content, stages
from embedded.journey.player import Player
from support.service.platform import Platform, platform_on, sqlite_databases
from support.service.processes import free_port
from support.service.s3 import S3Server, s3_server

__all__ = ["s3_server"]

PDF: Final = content.material("licence")


class Draft:
    """A draft of the first applicant on a platform whose errors are answers."""

    def __init__(self, platform: Platform, path: str) -> None:
        self.platform = platform
        self.path = path

    async def attach(self) -> httpx.Response:
        """Attach a licence."""
        licence = {"file": ("licence.pdf", PDF, "application/pdf")}
        headers = await self.platform.headers("applicant", "POST")
        return await self.platform.client.post(
            f"{self.path}/attachments", data={"kind": "licence"}, files=licence, headers=headers
        )

    async def read(self, path: str = "") -> httpx.Response:
        """Read the draft, or a resource below it."""
        headers = await self.platform.headers("applicant")
        return await self.platform.client.get(f"{self.path}{path}", headers=headers)


def file_settings(server: S3Server, bucket: str, *, writer: str = "writer") -> dict[str, str]:
    """Return the settings: applications with the writer's key, all others with the reader's."""
    keys = {"MINGPAI": server.keys["reader"], "APPLICATIONS": server.keys[writer]}
    settings = {"MINGPAI_FILES_ENDPOINT": server.endpoint, "MINGPAI_FILES_BUCKET": bucket}
    for prefix, (key, secret) in keys.items():
        settings |= {f"{prefix}_FILES_ACCESS_KEY_ID": key, f"{prefix}_FILES_SECRET_ACCESS_KEY": secret}
    return settings


@asynccontextmanager
async def drafted(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Draft]:
    """Provide a draft on a platform that keeps its attachments where the settings say."""
    async with platform_on(sqlite_databases(folder), folder, raising=False, settings=settings) as platform:
        player = Player(platform.client, load_demo(), story="files", report=lambda _: None)
        await stages.set_up_province(player)
        round_id = await stages.open_round(player, "FAMOUS_PRODUCT")
        await stages.register_applicant(player, "applicant-1")
        body = {"round_id": round_id, "answers": content.answers("FAMOUS_PRODUCT")}
        draft = await player.do("applicant-1", "drafts", "/v1/applications", body)
        yield Draft(platform, f"/v1/applications/{draft['id']}")


async def test_an_attachment_is_stored_in_the_bucket_and_is_read_from_there(
    tmp_path: Path, s3_server: S3Server
) -> None:
    bucket = s3_server.new_bucket()
    async with drafted(tmp_path, file_settings(s3_server, bucket)) as draft:
        answer = await draft.attach()
        assert answer.status_code == 201, answer.text
        found = await draft.read(f"/attachments/{digest_bytes(PDF)}")
        assert (found.status_code, found.content, found.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert list(s3_server.objects(bucket).values()) == [PDF]
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize("outage", ["down", "refused"])
async def test_an_outage_of_the_store_is_503_and_attaches_nothing(
    tmp_path: Path, s3_server: S3Server, outage: str
) -> None:
    bucket = s3_server.new_bucket()
    settings = file_settings(s3_server, bucket, writer="reader" if outage == "refused" else "writer")
    if outage == "down":
        settings["MINGPAI_FILES_ENDPOINT"] = f"http://127.0.0.1:{free_port()}"
    async with drafted(tmp_path, settings) as draft:
        before = (await draft.read()).json()
        answer = await draft.attach()
        problem = answer.json()
        assert (answer.status_code, problem["code"], answer.headers["Retry-After"]) == (503, "service-unavailable", "5")
        assert (await draft.read()).json() == before
    assert s3_server.objects(bucket) == {}
