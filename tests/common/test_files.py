"""Files are named by their content, on disk before they are told of, and checked when they are read."""

import hashlib
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given, strategies as st

from common.files import (
    FileDigestMismatch,
    FileMissing,
    FileTooLarge,
    FileTypeNotTaken,
    StoredFile,
    media_type_of,
)
from support.filestores import Place, place, s3_server

__all__ = ["place", "s3_server"]

PDF = b"%PDF-1.7\n" + bytes(range(256))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 8


async def single_bytes(content: bytes) -> AsyncIterator[bytes]:
    """Give the content in the smallest pieces."""
    for start in range(len(content)):
        yield content[start : start + 1]


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
async def test_a_file_comes_back_under_the_digest_of_its_content(place: Place, content: bytes, media_type: str) -> None:
    files = place.store()
    stored = await files.put(content, limit=1_000)
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    assert stored == StoredFile(digest=digest, size=len(content), media_type=media_type)
    assert await files.get(digest) == content


async def test_a_stream_in_small_pieces_is_stored_like_the_whole(place: Place) -> None:
    files = place.store()
    whole = await files.put(PDF, limit=1_000)
    assert await files.put(single_bytes(PDF), limit=1_000) == whole
    assert await files.put(iter([PDF[:5], b"", PDF[5:]]), limit=1_000) == whole
    assert len(place.kept()) == 1


async def test_a_file_may_have_as_many_bytes_as_the_limit_and_not_one_more(place: Place) -> None:
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
        await place.store().put(endless(), limit=1_000)
    assert (len(read), place.kept()) == (11, {})


async def test_a_stream_that_breaks_off_leaves_nothing(place: Place) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await place.store().put(broken(), limit=1_000)
    assert place.kept() == {}


@pytest.mark.parametrize("content", [b"", b"%PDF", b"<html>", b"MZ\x90\0", b" %PDF-1.7"])
async def test_a_file_of_no_known_type_is_refused_and_leaves_nothing(place: Place, content: bytes) -> None:
    with pytest.raises(FileTypeNotTaken) as refusal:
        await place.store().put(content, limit=1_000)
    assert refusal.value.text("en") == "The file is of none of these types: application/pdf, image/jpeg, image/png."
    assert place.kept() == {}


async def test_a_place_takes_only_the_types_it_names(place: Place) -> None:
    files = place.store()
    with pytest.raises(FileTypeNotTaken):
        await files.put(PNG, limit=1_000, allowed={"application/pdf"})
    assert (await files.put(PDF, limit=1_000, allowed={"application/pdf"})).media_type == "application/pdf"


@given(st.binary(max_size=20))
def test_only_the_signature_makes_a_media_type(content: bytes) -> None:
    signatures = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
    shown = [media_type for signature, media_type in signatures.items() if content[: len(signature)] == signature]
    assert media_type_of(content) == (shown[0] if shown else None)


async def test_a_changed_file_is_noticed_and_healed_by_storing_it_again(place: Place) -> None:
    files = place.store()
    digest = (await files.put(PDF, limit=1_000)).digest
    (name,) = place.kept()
    place.change(name, PDF + b"changed")
    with pytest.raises(FileDigestMismatch):
        await files.get(digest)
    await files.put(PDF, limit=1_000)
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
async def test_what_was_never_stored_is_missing_and_no_path_leads_out(place: Place, digest: str) -> None:
    place.change("secret", PDF)
    with pytest.raises(FileMissing):
        await place.store().get(digest)


async def test_a_reader_stores_nothing(place: Place) -> None:
    digest = (await place.store().put(PDF, limit=1_000)).digest
    reader = place.store(read_only=True)
    with pytest.raises(PermissionError):
        await reader.put(PNG, limit=1_000)
    assert await reader.get(digest) == PDF
    assert len(place.kept()) == 1
