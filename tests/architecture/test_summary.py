import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.service.summary import TESTS, is_left_out

CONFTEST = """\
from support.service.summary import pytest_make_collect_report, pytest_runtest_makereport, pytest_terminal_summary
"""
SKIPPED = (
    "import pytest\n\ndef test_passes(): pass\n\n@pytest.mark.skip(reason='no such server')\ndef test_waits(): pass\n"
)
LACKING = """
import pytest

@pytest.mark.parametrize("what", ["no Java (apt-get install b-jre mvn)", "no c: apt-get install c+", "no network"])
def test_needs(what):
    pytest.skip(what)

def test_fails():
    assert 0
"""
MODULE_SKIPPED = "import pytest\npytest.skip('no such browser', allow_module_level=True)\n"
XFAILED = "import pytest\n\n@pytest.mark.xfail\ndef test_known(): assert 0\n"


def run(folder: Path, text: str, *, ci: bool, workers: int = 0) -> subprocess.CompletedProcess[str]:
    (folder / "tests" / "planted").mkdir(parents=True)
    (folder / "tests" / "conftest.py").write_text(CONFTEST, "utf-8")
    (folder / "tests" / "planted" / "test_planted.py").write_text(text, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    environ = {
        **os.environ,
        "PYTHONPATH": str(TESTS),
        "CI": "true" if ci else "",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "xdist", "-n", str(workers), "tests"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 -- our own command


@pytest.mark.parametrize("workers", [0, 1])
def test_a_run_ends_with_its_counts_per_layer_and_why_a_test_was_skipped(tmp_path: Path, workers: int) -> None:
    ran = run(tmp_path, SKIPPED, ci=False, workers=workers)

    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    assert [line.split() for line in lines[-4:-1]] == [
        ["planted", "1", "passed", "0", "failed", "1", "skipped"],
        ["all", "1", "passed", "0", "failed", "1", "skipped"],
        ["planted", "1", "skipped:", "no", "such", "server"],
    ]
    assert "1 passed, 1 skipped" in lines[-1]


def test_the_last_line_before_the_count_says_what_installs_all_that_was_missing(tmp_path: Path) -> None:
    *_, hint, count = run(tmp_path, LACKING, ci=False).stdout.splitlines()

    assert hint == "to run them too: apt-get install b-jre c+ mvn"
    assert "1 failed, 3 skipped" in count


@pytest.mark.parametrize("text", [SKIPPED, MODULE_SKIPPED])
def test_where_nothing_may_be_skipped_a_skip_is_a_failure(tmp_path: Path, text: str) -> None:
    ran = run(tmp_path, text, ci=True)

    assert ran.returncode != 0
    assert "skipped, which CI=true does not allow: no such" in ran.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    assert run(tmp_path, XFAILED, ci=True).returncode == 0


def test_a_long_layer_runs_only_when_it_is_named(tmp_path: Path) -> None:
    faults = tmp_path / "faults"

    assert is_left_out(faults, [tmp_path], tests=tmp_path)
    assert is_left_out(faults, [tmp_path / "soak"], tests=tmp_path)
    assert not is_left_out(faults, [faults / "test_points.py"], tests=tmp_path)
    assert not is_left_out(tmp_path / "common", [tmp_path], tests=tmp_path)
    assert not is_left_out(tmp_path / "common" / "faults", [tmp_path], tests=tmp_path)
