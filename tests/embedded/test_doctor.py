import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.storage.database import mounts as common_mounts
from common.storage.database.mounts import HOST_FILE_SYSTEMS, NETWORK_FILE_SYSTEMS
from common.storage.database.sqlite import NetworkFileSystem, Ownership
from embedded.machine import doctor
from embedded.machine.doctor import Finding, examine, report
from embedded.machine.ports import take

SOURCES = (Path(doctor.__file__).parents[2], Path(common_mounts.__file__).parents[3])


def named(findings: list[Finding], check: str) -> Finding:
    return next(finding for finding in findings if finding.check == check)


def test_this_machine_is_fit(tmp_path: Path) -> None:
    findings = examine(0, tmp_path, disk_bytes=1)
    assert [finding.check for finding in findings if not finding.ok] == []
    assert report(findings).endswith("this machine is fit")


def test_a_busy_port_is_found_and_another_is_offered(tmp_path: Path) -> None:
    with take("127.0.0.1", 0) as taken:
        finding = named(examine(taken.getsockname()[1], tmp_path), "port")
    assert not finding.ok
    assert f"process {os.getpid()}" in finding.found
    assert finding.mend.startswith("make run PORT=")


def test_a_full_disk_is_found(tmp_path: Path) -> None:
    finding = named(examine(0, tmp_path, disk_bytes=2**62), "disk")
    assert not finding.ok
    assert "DATA=" in finding.mend


def test_a_data_folder_that_cannot_be_written_is_found() -> None:
    finding = named(examine(0, Path("/proc/self")), "data")
    assert not finding.ok
    assert "cannot be written" in finding.found


def test_a_missing_data_folder_is_checked_by_the_nearest_folder_above_and_not_made(tmp_path: Path) -> None:
    assert named(examine(0, tmp_path / "new" / "var"), "data").ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", sorted(NETWORK_FILE_SYSTEMS | HOST_FILE_SYSTEMS))
def test_a_data_folder_on_a_network_disk_is_found(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 0:1 / / rw - ext4 /dev/sda rw\n2 1 0:2 / {tmp_path} rw - {kind} server:/x rw\n")

    finding = named(examine(0, tmp_path / "var", mounts=mounts), "data")

    assert (finding.ok, finding.found) == (False, f"{tmp_path / 'var'} is on a network disk ({kind})")


@pytest.mark.parametrize("kind", ["ceph", "lustre"])
def test_a_disk_that_the_storage_refuses_is_found_by_the_doctor(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 0:1 / {tmp_path} rw - {kind} server:/x rw\n")

    with pytest.raises(NetworkFileSystem):
        Ownership(tmp_path / "x.db", mounts=mounts)
    assert not named(examine(0, tmp_path, mounts=mounts), "data").ok


def test_a_system_without_a_mount_table_has_no_network_disk(tmp_path: Path) -> None:
    assert named(examine(0, tmp_path, mounts=tmp_path / "none"), "data").ok


def test_a_failed_check_is_printed_with_its_remedy_below() -> None:
    text = report([Finding("venv", ok=False, found="missing: venv", mend="install the package python3-venv")])
    assert text.splitlines() == [
        "BAD  venv    missing: venv",
        "             mend: install the package python3-venv",
        "1 of 1 need mending",
    ]


def test_it_runs_before_anything_is_installed(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own interpreter and source
        [sys.executable, "-I", "-S", "-c", _WITHOUT_PACKAGES, str(tmp_path), *map(str, SOURCES)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "python" in done.stdout, done.stderr
    assert done.returncode in {0, 1}
    assert "Traceback" not in done.stderr


_WITHOUT_PACKAGES = """
import sys
sys.path[:0] = sys.argv[2:]
sys.argv = ["doctor", "--port", "0", "--data", sys.argv[1]]
from embedded.machine.doctor import main
sys.exit(main())
"""


def test_its_source_is_readable_for_python_3_8() -> None:
    ast.parse(Path(doctor.__file__).read_text("utf-8"), feature_version=(3, 8))
