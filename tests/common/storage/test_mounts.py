import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from common.storage.database import mounts
from common.storage.database.mounts import HOST_FILE_SYSTEMS, NETWORK_FILE_SYSTEMS, file_system_of
from common.storage.database.sqlite import NetworkFileSystem, Ownership

TABLE = """\
1 0 0:1 / / rw - ext4 /dev/sda rw
2 1 0:2 / /srv rw shared:1 - xfs /dev/sdb rw
3 2 0:3 / /srv/office rw shared:1 master:2 - nfs4 server:/x rw
4 2 0:4 / /srv/two\\040words rw - cifs //server/x rw
5 2 0:5 / /srv/品牌 rw - ceph server:/x rw
6 2 0:6 / /srv/disk rw - ext4 /dev/sdc rw
7 6 0:7 / /srv/disk rw - fuse.sshfs server:/x rw
"""


def mounted(folder: Path, kind: str) -> Path:
    """Return a mount table in which the folder is on a file system of this kind."""
    table = folder / "mountinfo"
    table.write_text(f"1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / {folder} rw - {kind} server:/x rw\n", "utf-8")
    return table


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(TABLE, "utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/etc/x.db", "ext4"),
        ("/", "ext4"),
        ("/srv/x.db", "xfs"),
        ("/srv/office", "nfs4"),
        ("/srv/office/deep/x.db", "nfs4"),
        ("/srv/office2/x.db", "xfs"),
        ("/srv/two words/x.db", "cifs"),
        ("/srv/品牌/x.db", "ceph"),
        ("/srv/disk/x.db", "fuse.sshfs"),
    ],
)
def test_the_deepest_mount_point_decides_and_of_two_on_one_point_the_later(table: Path, path: str, kind: str) -> None:
    assert file_system_of(Path(path), table) == kind


def test_a_link_is_followed_to_the_file_system_that_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert file_system_of(tmp_path / "link" / "x.db", mounted(tmp_path / "real", "nfs4")) == "nfs4"


def test_without_a_mount_table_the_file_system_is_unknown(tmp_path: Path) -> None:
    assert file_system_of(Path("/etc"), tmp_path / "none") == ""


@pytest.mark.parametrize("kind", sorted(NETWORK_FILE_SYSTEMS))
def test_a_file_on_a_network_file_system_is_refused_and_nothing_is_left_beside_it(tmp_path: Path, kind: str) -> None:
    with pytest.raises(NetworkFileSystem, match=rf"network file system \({kind}\)"):
        Ownership(tmp_path / "x.db", mounts=mounted(tmp_path, kind))
    assert not (tmp_path / "x.db.lock").exists()


@pytest.mark.parametrize("kind", ["ext4", *sorted(HOST_FILE_SYSTEMS)])
def test_a_file_on_any_other_file_system_is_accepted(tmp_path: Path, kind: str) -> None:
    Ownership(tmp_path / "x.db", mounts=mounted(tmp_path, kind)).release()


def test_the_module_and_the_packages_around_it_are_readable_for_python_3_8_and_need_no_package() -> None:
    names = ["common", "common.storage", "common.storage.database", "common.storage.database.mounts"]
    for name in names:
        source = importlib.import_module(name).__file__
        assert source is not None
        ast.parse(Path(source).read_text("utf-8"), feature_version=(3, 8))

    program = "import sys; sys.path.insert(0, sys.argv[1]); import common.storage.database.mounts"
    done = subprocess.run(  # noqa: S603 -- this interpreter
        [sys.executable, "-I", "-S", "-c", program, str(Path(mounts.__file__).parents[3])],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
