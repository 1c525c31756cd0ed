from collections.abc import Callable
from pathlib import Path

import pytest

from support.rules import sources as rules

ROOT = Path(__file__).parents[2]
HERE = "libs/common/src/common/planted.py"
MODEL = "services/review/src/review_service/panel/draws/model.py"
ALGORITHM = "services/review/src/review_service/panel/draws/lots.py"
TEST = "tests/planted/test_planted.py"
LINTED = '[tool.ruff.lint]\nignore = [\n    "D105",  # a reason\n%s\n]\n'

RULES = [
    rules.too_long,
    rules.crowded,
    rules.banned_names,
    rules.unreasoned_suppressions,
    rules.unreasoned_lint_settings,
    rules.poor_docstrings,
    rules.environment_reads,
    rules.sleeps,
    rules.impure,
    rules.impure_algorithms,
    rules.stray_words,
    rules.addresses_in_locks,
]
PLANTED = [
    (rules.too_long, HERE, "x = 1\n" * 401),
    (rules.banned_names, "libs/common/src/common/utils.py", ""),
    (rules.banned_names, "libs/common/src/common/base/leaf.py", ""),
    (rules.banned_names, HERE, "class BrandInfo: ..."),
    (rules.unreasoned_suppressions, HERE, "x = 1  # noqa"),
    (rules.unreasoned_suppressions, HERE, "x = 1  # noqa: S105"),
    (rules.unreasoned_suppressions, HERE, "x = 1  # type: ignore  # any code"),
    (rules.unreasoned_suppressions, HERE, "x = 1  # type: ignore[misc]"),
    (rules.unreasoned_suppressions, HERE, "x = 1  # pragma: no cover"),
    (rules.unreasoned_suppressions, HERE, "# ruff: noqa"),
    (rules.unreasoned_suppressions, TEST, "# mypy: ignore-errors"),
    (rules.unreasoned_lint_settings, "pyproject.toml", LINTED % '    "D107",'),
    (rules.poor_docstrings, HERE, "x = 1"),
    (rules.poor_docstrings, HERE, '"""One.' + "\nMore." * 5 + '"""'),
    (rules.poor_docstrings, HERE, '"""One."""\ndef public(): ...'),
    (rules.poor_docstrings, HERE, '"""One."""\nclass Public:\n    """One."""\n    async def public(self): ...'),
    (rules.environment_reads, HERE, "import os\nx = os.environ['HOME']"),
    (rules.environment_reads, HERE, "import os\nx = os.getenv('HOME')"),
    (rules.environment_reads, HERE, "from os import environ"),
    (rules.sleeps, TEST, "import time\ntime.sleep(1)"),
    (rules.sleeps, TEST, "import asyncio\nasync def f():\n    await asyncio.sleep(0.1)"),
    (rules.sleeps, TEST, "import asyncio\nasync def f():\n    while True:\n        await asyncio.sleep(0.1)"),
    (rules.impure, MODEL, "from sqlalchemy.ext.asyncio import AsyncSession"),
    (rules.impure, MODEL, "from sqlalchemy.orm import Session"),
    (rules.impure, MODEL, "x = open('file')"),
    (rules.impure_algorithms, ALGORITHM, "from review_service.panel.draws.model import Draw"),
    (rules.impure_algorithms, ALGORITHM, "from review_service.panel.draws import storage"),
    (rules.impure_algorithms, ALGORITHM, "import review_service.panel.experts.lots"),
    (rules.impure, "libs/common/src/common/programme/rules/expressions.py", "x = path.read_text()"),
    (rules.stray_words, "docs/map.md", "see /home/somebody/mingpai"),
    (rules.stray_words, "deploy/docker/pip.txt", "https://pypi.org/simple"),
    (rules.stray_words, "Makefile", "run:\n\tcd /home/somebody/mingpai"),
    (rules.stray_words, "deploy/kafka/pom.xml", "<url>https://pypi.org/simple</url>"),
    (rules.stray_words, "README.md", "made in an earlier session"),
    (rules.addresses_in_locks, "requirements.lock", "httpx @ https://example.org/httpx.whl"),
    (rules.addresses_in_locks, "requirements.lock", "--index-url https://example.org/simple"),
    (rules.addresses_in_locks, "tests/planted/python/requirements.lock", "httpx @ https://example.org/httpx.whl"),
    (rules.addresses_in_locks, "clients/web/package-lock.json", '"resolved": "https://example.org/x.tgz"'),
    (rules.addresses_in_locks, "clients/web/package-lock.json", '"version": "git+ssh://example.org/x.git"'),
]
INNOCENT = [
    (rules.too_long, HERE, "x = 1\n" * 400),
    (rules.too_long, "services/review/src/review_service/migrations/0001_first.py", "x = 1\n" * 401),
    (rules.banned_names, HERE, "class Database: ..."),
    (rules.unreasoned_suppressions, HERE, "x = 1  # noqa: S105, E501 -- public on purpose"),
    (rules.unreasoned_suppressions, HERE, "x = 1  # type: ignore[misc]  # the refusal is the point"),
    (rules.unreasoned_lint_settings, "pyproject.toml", LINTED % '    "D107",  # another reason'),
    (rules.poor_docstrings, HERE, '"""One."""\ndef _private(): ...'),
    (rules.environment_reads, "libs/common/src/common/settings/reading.py", "import os\nx = os.environ"),
    (rules.sleeps, TEST, "import asyncio\nasync def f():\n    await asyncio.sleep(0)"),
    (
        rules.sleeps,
        TEST,
        "async def f():\n  async with asyncio.timeout(1):\n    while look():\n      await asyncio.sleep(0.01)",
    ),
    (rules.impure, MODEL, "from sqlalchemy.orm import Mapped"),
    (rules.impure, MODEL.replace("model", "storage"), "from sqlalchemy.orm import Session"),
    (rules.impure_algorithms, ALGORITHM, "from review_service.panel.draws.refusals import PoolTooSmall"),
    (rules.impure_algorithms, ALGORITHM, "from common.kernel.text import clean"),
    (rules.impure_algorithms, MODEL, "from review_service.panel.draws import lots"),
    (rules.addresses_in_locks, "requirements.lock", "httpx==0.28.1 \\\n    --hash=sha256:00"),
    (rules.addresses_in_locks, "clients/web/package-lock.json", '"funding": {"url": "https://example.org/x"}'),
]


def plant(root: Path, path: str, text: str) -> None:
    (root / "pyproject.toml").write_text("", "utf-8")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_violation_is_found_where_it_is(
    rule: Callable[[Path], list[str]], path: str, text: str, tmp_path: Path
) -> None:
    plant(tmp_path, path, text)

    assert [each.partition(":")[0] for each in rule(tmp_path)] == [path]


@pytest.mark.parametrize(("rule", "path", "text"), INNOCENT)
def test_what_is_allowed_is_not_found(rule: Callable[[Path], list[str]], path: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, path, text)

    assert rule(tmp_path) == []


def test_every_rule_has_been_broken_once() -> None:
    assert {rule for rule, _, _ in PLANTED} | {rules.crowded} == set(RULES)


def test_a_folder_with_a_thirteenth_module_is_crowded(tmp_path: Path) -> None:
    for number in range(12):
        plant(tmp_path, f"libs/common/src/common/planted/part_{number}.py", "")
    plant(tmp_path, "libs/common/src/common/planted/__init__.py", "")
    assert rules.crowded(tmp_path) == []

    plant(tmp_path, "libs/common/src/common/planted/another.py", "")

    assert [each.partition(":")[0] for each in rules.crowded(tmp_path)] == ["libs/common/src/common/planted"]
