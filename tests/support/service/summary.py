"""What a test run says at its end: how many per layer (folder below `tests`), what was skipped, why, what installs it.

With `CI=true` a skip is a failure: there, nothing may be missing that a test needs.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TypeVar

import pytest

CHOSEN_ONLY = frozenset({"faults", "soak", "bench", "rolling", "generators"})
"""Layers that take long and run only when named: `pytest tests/faults`."""

TESTS = Path(__file__).parents[2]
_PACKAGES = re.compile(r"apt-get install ((?: ?[a-z0-9][a-z0-9.+-]+)+)")
_OUTCOMES = ("passed", "failed", "skipped")

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the long layers out unless one of them was named."""
    named = (config.invocation_params.dir / argument.partition("::")[0] for argument in config.args)
    return True if is_left_out(collection_path, named) else None


def is_left_out(folder: Path, named: Iterable[Path], *, tests: Path = TESTS) -> bool:
    """Return whether a folder is a long layer that was not named."""
    if folder.parent != tests or folder.name not in CHOSEN_ONLY:
        return False
    return not any(path.resolve().is_relative_to(folder) for path in named)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one where nothing may be skipped."""
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failed one where nothing may be skipped."""
    return refuse_skip((yield))


def refuse_skip(report: R) -> R:
    """Make a skip a failure with `CI=true`; an expected failure is none."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI=true does not allow: {reason_of(report)}"
    return report


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped, in the words of the skip."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return reason.removeprefix("Skipped: ")


def layer_of(nodeid: str) -> str:
    """Return the layer that a test belongs to: the folder below `tests`."""
    parts = nodeid.partition("::")[0].split("/")
    return parts[1] if len(parts) > 2 else "."


def counts_per_layer(stats: dict[str, list[pytest.TestReport]]) -> list[str]:
    """Return one line per layer: how many tests passed, failed and were skipped."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome, name in (("passed", "passed"), ("failed", "failed"), ("error", "failed"), ("skipped", "skipped")):
        for report in stats.get(outcome, ()):
            counts[layer_of(report.nodeid)][name] += 1
    total = sum(counts.values(), Counter())
    rows = [*sorted(counts.items()), ("all", total)]
    return [f"{layer:<16}" + "".join(f"{counted[name]:>7} {name}" for name in _OUTCOMES) for layer, counted in rows]


def skips_with_reason(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return one line per layer and reason: how many tests were skipped for it."""
    reasons = Counter((layer_of(report.nodeid), reason_of(report)) for report in reports)
    return [f"{layer:<16}{count:>7} skipped: {reason}" for (layer, reason), count in sorted(reasons.items())]


def what_installs(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Return one line with the packages that the reasons name, none when they name none."""
    named = {
        package for report in reports for found in _PACKAGES.findall(reason_of(report)) for package in found.split()
    }
    return [f"to run them too: apt-get install {' '.join(sorted(named))}"] if named else []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say, behind all else that is said, how many tests there were per layer, and what was skipped."""
    yield
    skipped = terminalreporter.stats.get("skipped", ())
    terminalreporter.section("tests per layer")
    for line in (*counts_per_layer(terminalreporter.stats), *skips_with_reason(skipped), *what_installs(skipped)):
        terminalreporter.write_line(line)
