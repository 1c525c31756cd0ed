from collections.abc import Callable
from pathlib import Path

import pytest

from support.rules import rooms as rules

ROOT = Path(__file__).parents[2]
STORE = "libs/common/src/common/files/planted.py"
NOUN = "services/review/src/review_service/panel/draws"
REFUSAL = 'class Late(Refused):\n    code = "late"'
BEHAVIOUR = "class Draw:\n    def make(self): ..."

RULES = [rules.stray_refusals, rules.untested_models, rules.counted_numbers]
PLANTED = [
    (rules.stray_refusals, STORE, REFUSAL),
    (rules.stray_refusals, STORE, 'class Late(errors.Conflict):\n    code: ClassVar[str] = "late"'),
    (rules.stray_refusals, f"{NOUN}/model.py", REFUSAL),
    (rules.untested_models, f"{NOUN}/model.py", BEHAVIOUR),
    (rules.counted_numbers, f"{NOUN}/storage.py", "last = select(func.max(Draw.number))"),
    (rules.counted_numbers, f"{NOUN}/commands.py", "async def f():\n    number = await work.count(asked) + 1"),
]
INNOCENT = [
    (rules.stray_refusals, f"{NOUN}/refusals.py", REFUSAL),
    (rules.stray_refusals, STORE, "class Late(Refused): ..."),
    (rules.stray_refusals, STORE, 'class Vote(StrEnum):\n    code = "late"'),
    (rules.untested_models, f"{NOUN}/model.py", "class Draw:\n    size: int"),
    (rules.untested_models, f"{NOUN}/commands.py", BEHAVIOUR),
    (rules.counted_numbers, f"{NOUN}/commands.py", "async def f():\n    number = await work.next_number('draw')"),
    (rules.counted_numbers, f"{NOUN}/model.py", "x = self.last + 1"),
]


def _plant(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(text, "utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_violation_is_found_where_it_is(
    rule: Callable[[Path], list[str]], path: str, text: str, tmp_path: Path
) -> None:
    _plant(tmp_path, path, text)

    assert [each.partition(":")[0] for each in rule(tmp_path)] == [path]


@pytest.mark.parametrize(("rule", "path", "text"), INNOCENT)
def test_what_is_allowed_is_not_found(rule: Callable[[Path], list[str]], path: str, text: str, tmp_path: Path) -> None:
    _plant(tmp_path, path, text)

    assert rule(tmp_path) == []


def test_a_model_with_its_test_is_not_found(tmp_path: Path) -> None:
    _plant(tmp_path, f"{NOUN}/model.py", BEHAVIOUR)
    _plant(tmp_path, "tests/review/draws/test_model.py", "")

    assert rules.untested_models(tmp_path) == []
