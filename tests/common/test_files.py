"""Files are named by their content, on disk before they are told of, and checked when they are read."""

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from common.errors import Transient
from common.files import (
    FileDigestMismatch,
    FileMissing,
    FileTooLarge,
    FileTypeNotTaken,
    LocalFiles,
    StoredFile,
    media_type_of,
)
from support.disks import no_room

PDF = b"%PDF-1.7\n" + bytes(range(256))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 8


def files_under(root: Path) -> list[Path]:
    """List every file below the root."""
    return sorted(each for each in root.rglob("*") if each.is_file())


def names_under(root: Path) -> list[str]:
    """List every file below the root by its path from there."""
    return [str(each.relative_to(root)) for each in files_under(root)]


async def single_bytes(content: bytes) -> AsyncIterator[bytes]:
    """Give the content in the smallest pieces."""
    for place in range(len(content)):
        yield content[place : place + 1]


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
async def test_a_file_comes_back_under_the_digest_of_its_content(
    tmp_path: Path, content: bytes, media_type: str
) -> None:
    files = LocalFiles(tmp_path)
    stored = await files.put(content, limit=1_000)
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    assert stored == StoredFile(digest=digest, size=len(content), media_type=media_type)
    assert await files.get(digest) == content


async def test_a_stream_in_small_pieces_is_stored_like_the_whole(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    whole = await files.put(PDF, limit=1_000)
    assert await files.put(single_bytes(PDF), limit=1_000) == whole
    assert await files.put(iter([PDF[:5], b"", PDF[5:]]), limit=1_000) == whole
    assert len(names_under(tmp_path)) == 1


async def test_a_file_may_have_as_many_bytes_as_the_limit_and_not_one_more(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    assert (await files.put(PDF, limit=len(PDF))).size == len(PDF)
    with pytest.raises(FileTooLarge) as refusal:
        await files.put(PDF + b"x", limit=len(PDF))
    assert refusal.value.text("en") == f"The file has more than {len(PDF)} bytes."


async def test_an_endless_stream_is_stopped_at_the_limit_and_leaves_nothing(tmp_path: Path) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield PDF[:100]

    with pytest.raises(FileTooLarge):
        await LocalFiles(tmp_path).put(endless(), limit=1_000)
    assert (len(read), names_under(tmp_path)) == (11, [])


async def test_a_stream_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await LocalFiles(tmp_path).put(broken(), limit=1_000)
    assert names_under(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"%PDF", b"<html>", b"MZ\x90\0", b" %PDF-1.7"])
async def test_a_file_of_no_known_type_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileTypeNotTaken) as refusal:
        await LocalFiles(tmp_path).put(content, limit=1_000)
    assert refusal.value.text("en") == "The file is of none of these types: application/pdf, image/jpeg, image/png."
    assert names_under(tmp_path) == []


async def test_a_place_takes_only_the_types_it_names(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    with pytest.raises(FileTypeNotTaken):
        await files.put(PNG, limit=1_000, allowed={"application/pdf"})
    assert (await files.put(PDF, limit=1_000, allowed={"application/pdf"})).media_type == "application/pdf"


@given(st.binary(max_size=20))
def test_only_the_signature_makes_a_media_type(content: bytes) -> None:
    signatures = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
    shown = [media_type for signature, media_type in signatures.items() if content[: len(signature)] == signature]
    assert media_type_of(content) == (shown[0] if shown else None)


async def test_a_changed_file_is_noticed_and_healed_by_storing_it_again(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    digest = (await files.put(PDF, limit=1_000)).digest
    (path,) = files_under(tmp_path)
    path.chmod(0o600)
    path.write_bytes(PDF + b"changed")
    with pytest.raises(FileDigestMismatch):
        await files.get(digest)
    await files.put(PDF, limit=1_000)
    assert await files.get(digest) == PDF


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
    ],
)
async def test_what_was_never_stored_is_missing_and_no_path_leads_out(tmp_path: Path, digest: str) -> None:
    (tmp_path / "secret").write_bytes(b"%PDF-")
    with pytest.raises(FileMissing):
        await LocalFiles(tmp_path / "files").get(digest)


async def test_an_absolute_path_in_a_digest_does_not_even_tell_whether_the_file_exists(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PDF)
    with pytest.raises(FileMissing):
        await LocalFiles(tmp_path / "files").get(f"sha256:ab{secret}")


async def test_a_reader_stores_nothing(tmp_path: Path) -> None:
    digest = (await LocalFiles(tmp_path).put(PDF, limit=1_000)).digest
    reader = LocalFiles(tmp_path, read_only=True)
    with pytest.raises(PermissionError):
        await reader.put(PNG, limit=1_000)
    assert await reader.get(digest) == PDF
    assert len(names_under(tmp_path)) == 1


async def test_a_stored_file_is_read_only_for_its_group_and_closed_to_others(tmp_path: Path) -> None:
    await LocalFiles(tmp_path).put(PDF, limit=1_000)
    (path,) = files_under(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o440


async def test_a_store_that_does_not_work_may_work_later(tmp_path: Path) -> None:
    blocked = tmp_path / "files"
    blocked.write_bytes(b"a file where the folder should be")
    with pytest.raises(Transient, match="file-store-unavailable"):
        await LocalFiles(blocked).put(PDF, limit=1_000)
    with pytest.raises(Transient, match="file-store-unavailable"):
        await LocalFiles(blocked).get("sha256:" + "0" * 64)


async def test_a_file_that_cannot_be_given_its_name_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "sha256").write_bytes(b"in the way")
    with pytest.raises(Transient):
        await LocalFiles(tmp_path).put(PDF, limit=1_000)
    assert names_under(tmp_path) == ["sha256"]


@pytest.mark.parametrize("size", [1_000, 1_000_000], ids=["less than a buffer", "more than a buffer"])
async def test_a_full_disk_may_have_room_later_and_keeps_nothing_half_written(tmp_path: Path, size: int) -> None:
    store, content = LocalFiles(tmp_path), PDF + bytes(size)

    with no_room(), pytest.raises(Transient, match="file-store-unavailable"):
        await store.put(content, limit=2 * len(content))

    assert files_under(tmp_path) == []
    stored = await store.put(content, limit=2 * len(content))
    assert await store.get(stored.digest) == content


async def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    await files.put(PDF, limit=1_000)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- a count is all we want
    for _ in range(5):
        await files.put(PDF, limit=1_000)
        with pytest.raises(FileTooLarge):
            await files.put(PDF, limit=1)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 -- as above
