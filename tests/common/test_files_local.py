"""What only a store in a folder has: rights of files, a disk that is full, descriptors."""

import os
from pathlib import Path

import pytest

from common.errors import Transient
from common.files import FileMissing, FileTooLarge, LocalFiles
from support.disks import no_room

PDF = b"%PDF-1.7\n" + bytes(range(256))


def files_under(root: Path) -> list[Path]:
    """List every file below the root."""
    return sorted(each for each in root.rglob("*") if each.is_file())


async def test_an_absolute_path_in_a_digest_does_not_even_tell_whether_the_file_exists(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PDF)
    with pytest.raises(FileMissing):
        await LocalFiles(tmp_path / "files").get(f"sha256:ab{secret}")


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
    assert files_under(tmp_path) == [tmp_path / "sha256"]


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
