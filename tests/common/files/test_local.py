"""What applies only to a store in a folder: file permissions, a full disk, descriptors."""

import os
from pathlib import Path

import pytest

from common.files.local import LocalFiles
from common.files.refusals import FileMissing, FileTooLarge
from common.kernel.errors import Transient
from support.service.disks import no_room
from support.service.pdfs import pdf_of

PDF = pdf_of("x")


def files_under(root: Path) -> list[Path]:
    """List every file below the root."""
    return sorted(each for each in root.rglob("*") if each.is_file())


async def test_an_absolute_path_in_a_digest_does_not_reveal_whether_the_file_exists(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PDF)
    with pytest.raises(FileMissing):
        await LocalFiles(tmp_path / "files").get(f"sha256:ab{secret}")


async def test_a_stored_file_is_read_only_for_its_group_and_closed_to_others(tmp_path: Path) -> None:
    await LocalFiles(tmp_path).put(PDF, limit=10_000)
    (path,) = files_under(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o400


async def test_a_failing_store_is_a_transient_error(tmp_path: Path) -> None:
    blocked = tmp_path / "files"
    blocked.write_bytes(b"a file where the folder should be")
    with pytest.raises(Transient, match="file-store-unavailable"):
        await LocalFiles(blocked).put(PDF, limit=10_000)
    with pytest.raises(Transient, match="file-store-unavailable"):
        await LocalFiles(blocked).get("sha256:" + "0" * 64)


async def test_a_file_that_cannot_be_renamed_to_its_digest_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "sha256").write_bytes(b"in the way")
    with pytest.raises(Transient):
        await LocalFiles(tmp_path).put(PDF, limit=10_000)
    assert files_under(tmp_path) == [tmp_path / "sha256"]


@pytest.mark.parametrize("size", [1_000, 1_000_000], ids=["less than a buffer", "more than a buffer"])
async def test_a_full_disk_is_a_transient_error_and_leaves_nothing_half_written(tmp_path: Path, size: int) -> None:
    store, content = LocalFiles(tmp_path), PDF + bytes(size)

    with no_room(), pytest.raises(Transient, match="file-store-unavailable"):
        await store.put(content, limit=2 * len(content))

    assert files_under(tmp_path) == []
    stored = await store.put(content, limit=2 * len(content))
    assert await store.get(stored.digest) == content


async def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    await files.put(PDF, limit=10_000)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- a count is all we want
    for _ in range(5):
        await files.put(PDF, limit=10_000)
        with pytest.raises(FileTooLarge):
            await files.put(PDF, limit=1)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 -- as above
