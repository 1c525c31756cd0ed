import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from embedded import doctor
from embedded.doctor import Finding, examine, file_system, report
from embedded.ports import take

SOURCE = Path(doctor.__file__).parents[1]


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


def test_a_data_folder_that_takes_no_files_is_found() -> None:
    finding = named(examine(0, Path("/proc/self")), "data")
    assert not finding.ok
    assert "cannot be written" in finding.found


def test_a_data_folder_that_is_not_there_yet_is_looked_for_above_and_not_made(tmp_path: Path) -> None:
    assert named(examine(0, tmp_path / "new" / "var"), "data").ok
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("kind", "folder"), [("nfs4", "/srv/office/var"), ("ext4", "/srv"), ("ext4", "/")])
def test_the_kind_of_disk_is_the_nearest_mounts(tmp_path: Path, kind: str, folder: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/office nfs4 rw 0 0\n")
    assert file_system(Path(folder), mounts=mounts) == kind


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_data_folder_on_a_network_disk_is_found(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    finding = named(examine(0, tmp_path / "var", mounts=mounts), "data")
    assert (finding.ok, finding.found) == (False, f"{tmp_path / 'var'} is on a network disk ({kind})")


def test_a_system_without_mount_table_tells_no_kind(tmp_path: Path) -> None:
    assert file_system(tmp_path, mounts=tmp_path / "none") is None


def test_a_trouble_is_printed_with_its_remedy_below() -> None:
    text = report([Finding("venv", ok=False, found="missing: venv", mend="install the package python3-venv")])
    assert text.splitlines() == [
        "BAD  venv    missing: venv",
        "             mend: install the package python3-venv",
        "1 of 1 need mending",
    ]


def test_it_runs_before_anything_is_installed(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own interpreter and source
        [sys.executable, "-I", "-S", "-c", _WITHOUT_PACKAGES, str(SOURCE), str(tmp_path)],
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
sys.path.insert(0, sys.argv[1])
sys.argv = ["doctor", "--port", "0", "--data", sys.argv[2]]
from embedded.doctor import main
sys.exit(main())
"""


def test_its_source_is_readable_for_python_3_8() -> None:
    ast.parse(Path(doctor.__file__).read_text("utf-8"), feature_version=(3, 8))
