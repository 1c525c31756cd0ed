"""What applies only to a store in a bucket: access rights, endpoint, outages; each fails with a reason, in time."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from common.files.refusals import FileMissing
from common.files.s3 import Bucket, S3Files
from common.files.store import FileStore
from common.kernel.errors import Transient
from common.settings import Settings, UnusableSettingsError
from support.service.pdfs import pdf_of
from support.service.processes import free_port
from support.service.s3 import REGION, S3Server, s3_server

__all__ = ["s3_server"]

PDF = pdf_of("x")
ABSENT = "sha256:" + "0" * 64
BRIEF = timedelta(milliseconds=400)


async def both_failures(files: FileStore) -> tuple[str, str]:
    """Return the reasons for which storing and reading fail."""
    with pytest.raises(Transient) as storing:
        await files.put(PDF, limit=10_000)
    with pytest.raises(Transient) as reading:
        await files.get(ABSENT)
    return storing.value.reason, reading.value.reason


async def test_an_object_has_its_media_type_and_a_name_made_of_its_digest(s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket()
    digest = (await S3Files(s3_server.access(bucket, "writer")).put(PDF, limit=10_000)).digest
    name = f"sha256/{digest[7:9]}/{digest[9:]}"
    assert s3_server.objects(bucket) == {name: PDF}
    assert s3_server.attributes(bucket, name)[0] == "application/pdf"


async def test_a_large_file_is_written_by_one_request_like_a_small_one(s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket()
    files, content = S3Files(s3_server.access(bucket, "writer")), PDF + bytes(12_000_000)
    assert await files.get((await files.put(content, limit=20_000_000)).digest) == content
    (name,) = s3_server.objects(bucket)
    # An object assembled from parts has another tag.
    assert s3_server.attributes(bucket, name)[1] == hashlib.md5(content, usedforsecurity=False).hexdigest()


async def test_a_read_only_key_can_read_and_cannot_store(s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket()
    digest = (await S3Files(s3_server.access(bucket, "writer")).put(PDF, limit=10_000)).digest
    kept = s3_server.objects(bucket)
    reader = S3Files(s3_server.access(bucket, "reader"))
    with pytest.raises(Transient, match=r"^file-store-access-denied$"):
        await reader.put(PDF + b"more", limit=10_000)
    assert await reader.get(digest) == PDF
    with pytest.raises(FileMissing):
        await reader.get(ABSENT)
    assert s3_server.objects(bucket) == kept


@pytest.mark.parametrize("wrong", [{"access_key_id": "AKIASTRANGER"}, {"secret_access_key": "guessed"}])
async def test_a_wrong_key_is_reported_as_denied_access(
    s3_server: S3Server,
    wrong: dict[str, Any],
) -> None:
    files = S3Files(replace(s3_server.access(s3_server.new_bucket(), "writer"), **wrong))
    assert await both_failures(files) == ("file-store-access-denied", "file-store-access-denied")


async def test_a_missing_bucket_is_not_reported_as_a_missing_file(s3_server: S3Server) -> None:
    files = S3Files(s3_server.access("never-made", "writer"))
    assert await both_failures(files) == ("file-store-bucket-missing", "file-store-bucket-missing")


async def test_a_store_that_is_down_is_reported_at_once(s3_server: S3Server) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    files = S3Files(replace(s3_server.access("mingpai", "writer"), endpoint=nobody))
    async with asyncio.timeout(10):
        assert await both_failures(files) == ("file-store-unavailable", "file-store-unavailable")


async def test_a_store_that_does_not_answer_runs_into_the_time_limit_and_works_again_later(
    s3_server: S3Server,
) -> None:
    bucket = s3_server.access(s3_server.new_bucket(), "writer")
    files = S3Files(bucket, patience=BRIEF)
    with s3_server.silent():
        async with asyncio.timeout(10):
            assert await both_failures(files) == ("file-store-unavailable", "file-store-unavailable")
    patient = S3Files(bucket)
    assert await patient.get((await patient.put(PDF, limit=10_000)).digest) == PDF


@asynccontextmanager
async def answering(*lines: str, body: bytes) -> AsyncIterator[S3Files]:
    """Provide a store whose server gives this answer to every request."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        at = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        bucket = Bucket(endpoint=at, name="mingpai", region=REGION, access_key_id="k", secret_access_key="s")
        yield S3Files(bucket, patience=timedelta(seconds=3))


async def test_a_truncated_answer_is_not_returned_as_a_file() -> None:
    head = ("HTTP/1.1 200 OK", "Content-Length: 1000", "ETag: e", "Last-Modified: Wed, 25 Nov 2015 08:00:00 GMT")
    async with answering(*head, body=PDF) as files:
        with pytest.raises(Transient, match=r"^file-store-unavailable$"):
            await files.get(ABSENT)


async def test_a_404_of_a_server_that_is_no_file_store_is_not_reported_as_a_missing_file() -> None:
    async with answering("HTTP/1.1 404 Not Found", "Content-Length: 9", body=b"not found") as files:
        assert await both_failures(files) == ("file-store-bucket-missing", "file-store-bucket-missing")


async def test_aws_variables_of_the_environment_are_ignored(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIASTRANGER",
        "AWS_SECRET_ACCESS_KEY": "guessed",
        "AWS_SESSION_TOKEN": "stolen",
        "AWS_ENDPOINT": f"http://127.0.0.1:{free_port()}",
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{free_port()}",
        "AWS_REGION": "cn-north-1",
        "AWS_BUCKET": "another",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
    }.items():
        monkeypatch.setenv(name, value)
    files = S3Files(s3_server.access(s3_server.new_bucket(), "writer"))
    assert await files.get((await files.put(PDF, limit=10_000)).digest) == PDF


def test_the_bucket_is_read_from_the_settings_and_does_not_show_its_secret() -> None:
    environ = {
        "MINGPAI_FILES_ENDPOINT": "https://s3.example.org",
        "MINGPAI_FILES_BUCKET": "attachments",
        "MINGPAI_FILES_REGION": "cn-east-1",
        "REVIEW_FILES_ACCESS_KEY_ID": "review",
        "REVIEW_FILES_SECRET_ACCESS_KEY": "hidden-word",
        "MINGPAI_FILES_CAFILE": "/certificates/files.pem",
    }
    bucket = Bucket.of(Settings.for_service("review", environ))
    assert bucket == Bucket(
        endpoint="https://s3.example.org",
        name="attachments",
        region="cn-east-1",
        access_key_id="review",
        secret_access_key="hidden-word",
        cafile=Path("/certificates/files.pem"),
    )
    assert "hidden-word" not in repr(bucket)
    with pytest.raises(UnusableSettingsError, match="MINGPAI_FILES_ENDPOINT"):
        Bucket.of(Settings.for_service("review", {}))
