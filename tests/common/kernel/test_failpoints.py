"""A failpoint kills the armed service at the chosen pass, and nothing else."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from common.kernel.failpoints import POINTS, arm, hit

KILLED = "killed"


@pytest.fixture
def deaths() -> Iterator[list[str]]:
    """Collect the kills of `registry` and `review`, which are disarmed at the end."""
    yield []
    arm("registry", None)
    arm("review", None)


def test_an_armed_point_kills_at_its_first_pass_by_default(deaths: list[str]) -> None:
    arm("registry", "registry.before-commit", kill=lambda: deaths.append(KILLED))
    hit("registry", "before-commit")
    assert deaths == [KILLED]


def test_a_point_kills_at_the_nth_pass_alone(deaths: list[str]) -> None:
    arm("registry", "registry.after-send:3", kill=lambda: deaths.append(KILLED))
    seen = []
    for _ in range(4):
        hit("registry", "after-send")
        seen.append(len(deaths))
    assert seen == [0, 0, 1, 1]


def test_other_points_and_services_pass_and_are_not_counted(deaths: list[str]) -> None:
    for service in ("registry", "review"):
        arm(service, "registry.before-commit:2", kill=lambda: deaths.append(KILLED))
    hit("registry", "after-commit")
    hit("review", "before-commit")
    hit("review", "before-commit")
    hit("registry", "before-commit")
    assert deaths == []
    hit("registry", "before-commit")
    assert deaths == [KILLED]


def test_a_service_is_disarmed_by_no_spec_and_by_one_for_another(deaths: list[str]) -> None:
    for spec in (None, "review.before-commit"):
        arm("registry", "registry.before-commit", kill=lambda: deaths.append(KILLED))
        arm("registry", spec)
        hit("registry", "before-commit")
    assert deaths == []


@pytest.mark.parametrize("spec", ["registry.before-comit", "review.before-comit:2"])
def test_an_unknown_point_is_named_whichever_service_it_is_for(spec: str) -> None:
    with pytest.raises(ValueError, match="no failpoint is called 'before-comit'"):
        arm("registry", spec)


def test_passing_an_unknown_point_is_an_error_also_when_nothing_is_armed() -> None:
    with pytest.raises(ValueError, match="no failpoint is called 'between'"):
        hit("registry", "between")


@pytest.mark.parametrize("spec", ["", "registry", "registry.", ".before-commit", "registry.before-commit:0", "r.x:-1"])
def test_a_malformed_spec_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match=r"is not <service>\.<point>\[:n\]"):
        arm("registry", spec)


def test_the_points_are_those_that_other_programs_rely_on() -> None:
    assert POINTS == (
        "before-commit",
        "after-commit",
        "before-publish",
        "after-publish",
        "before-delete",
        "before-effect-commit",
        "after-effect-commit",
        "before-send",
        "after-send",
    )


def test_the_kill_is_a_real_one() -> None:
    program = (
        "from common.kernel.failpoints import arm, hit\n"
        "arm('registry', 'registry.before-commit:2')\n"
        "hit('registry', 'before-commit')\n"
        "print('once', flush=True)\n"
        "try:\n    hit('registry', 'before-commit')\nfinally:\n    print('never', flush=True)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 -- our own program
    assert (run.returncode, run.stdout) == (-signal.SIGKILL, "once\n")
