"""Files are named by their content, durable before they are reported as stored, and verified when they are read."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from common.files.refusals import FileMissing, FileTooLarge, FileTypeNotTaken
from common.files.store import FileDigestMismatch, StoredFile
from support.service.filestores import Place, place, s3_server
from support.service.images import image_of
from support.service.pdfs import pdf_of

__all__ = ["place", "s3_server"]

PDF = pdf_of("x")
PNG = image_of("PNG")
JPEG = image_of("JPEG")


async def single_bytes(content: bytes) -> AsyncIterator[bytes]:
    """Yield the content byte by byte."""
    for start in range(len(content)):
        yield content[start : start + 1]


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
async def test_a_file_is_returned_under_the_digest_of_its_content(
    place: Place, content: bytes, media_type: str
) -> None:
    files = place.store()
    stored = await files.put(content, limit=10_000)
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    assert stored == StoredFile(digest=digest, size=len(content), media_type=media_type)
    assert await files.get(digest) == content


async def test_a_stream_in_small_pieces_is_stored_like_the_whole(place: Place) -> None:
    files = place.store()
    whole = await files.put(PDF, limit=10_000)
    assert await files.put(single_bytes(PDF), limit=10_000) == whole
    assert await files.put(iter([PDF[:5], b"", PDF[5:]]), limit=10_000) == whole
    assert len(place.kept()) == 1


async def test_a_file_of_exactly_the_limit_is_stored_and_one_byte_more_is_refused(place: Place) -> None:
    files = place.store()
    assert (await files.put(PDF, limit=len(PDF))).size == len(PDF)
    with pytest.raises(FileTooLarge) as refusal:
        await files.put(PDF + b"x", limit=len(PDF))
    assert refusal.value.text("en") == f"The file has more than {len(PDF)} bytes."


async def test_an_endless_stream_is_stopped_at_the_limit_and_leaves_nothing(place: Place) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield PDF[:100]

    with pytest.raises(FileTooLarge):
        await place.store().put(endless(), limit=10_000)
    assert (len(read), place.kept()) == (101, {})


async def test_a_stream_that_fails_leaves_nothing(place: Place) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await place.store().put(broken(), limit=10_000)
    assert place.kept() == {}


@pytest.mark.parametrize("content", [b"", b"%PDF", b"<html>", b"MZ\x90\0", b"%pdf-1.7", b" " * 1024 + b"%PDF-1.7"])
async def test_a_file_of_no_known_type_is_refused_and_leaves_nothing(place: Place, content: bytes) -> None:
    with pytest.raises(FileTypeNotTaken) as refusal:
        await place.store().put(content, limit=10_000)
    assert refusal.value.text("en") == "The file is of none of these types: application/pdf, image/jpeg, image/png."
    assert place.kept() == {}


async def test_only_the_allowed_types_are_stored(place: Place) -> None:
    files = place.store()
    with pytest.raises(FileTypeNotTaken):
        await files.put(PNG, limit=10_000, allowed={"application/pdf"})
    assert (await files.put(PDF, limit=10_000, allowed={"application/pdf"})).media_type == "application/pdf"


async def test_a_stored_file_is_removed_and_a_missing_one_is_no_error(place: Place) -> None:
    files = place.store()
    kept, removed = await files.put(PDF, limit=10_000), await files.put(PNG, limit=10_000)
    for _ in range(2):
        await files.remove(removed.digest)
    with pytest.raises(FileMissing):
        await files.get(removed.digest)
    assert await files.get(kept.digest) == PDF
    await files.tidy(older_than=timedelta(0))
    assert list(place.kept().values()) == [PDF]


async def test_a_changed_file_is_detected_and_repaired_by_storing_it_again(place: Place) -> None:
    files = place.store()
    digest = (await files.put(PDF, limit=10_000)).digest
    (name,) = place.kept()
    place.change(name, PDF + b"changed")
    with pytest.raises(FileDigestMismatch):
        await files.get(digest)
    await files.put(PDF, limit=10_000)
    assert (await files.get(digest), place.kept()) == (PDF, {name: PDF})


@pytest.mark.parametrize(
    "digest",
    [
        "sha256:" + "0" * 64,
        "",
        "0" * 64,
        "sha256:" + "A" * 64,
        "sha256:../../secret",
        "sha256:" + "0" * 64 + "\n",
        "../secret",
        "secret",
    ],
)
async def test_a_file_that_was_never_stored_is_missing_and_no_path_leads_out_of_the_store(
    place: Place, digest: str
) -> None:
    place.change("secret", PDF)
    with pytest.raises(FileMissing):
        await place.store().get(digest)


async def test_a_read_only_store_refuses_to_write(place: Place) -> None:
    digest = (await place.store().put(PDF, limit=10_000)).digest
    reader = place.store(read_only=True)
    with pytest.raises(PermissionError):
        await reader.put(PNG, limit=10_000)
    with pytest.raises(PermissionError):
        await reader.remove(digest)
    await reader.tidy(older_than=timedelta(0))
    assert await reader.get(digest) == PDF
    assert len(place.kept()) == 1
