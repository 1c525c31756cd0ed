"""Texts and names use the field's terms; every avoided word is planted once and found."""

from pathlib import Path

import pytest

from support.rules.words import AVOIDED, avoided_words

ROOT = Path(__file__).parents[2]
INNOCENT = ["intelligent", "retold", "allies", "believes", "storytelling", "applies", "standing still", "outlet going"]


def plant(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


def test_the_tree_uses_no_avoided_word() -> None:
    assert avoided_words(ROOT) == []


@pytest.mark.parametrize("word", AVOIDED)
def test_a_planted_word_is_found_in_its_line(word: str, tmp_path: Path) -> None:
    plant(tmp_path, "docs/map.md", f"# Map\n\nIt {word} something.\n")

    assert avoided_words(tmp_path) == [f"docs/map.md:3: {word!r}; write instead: {AVOIDED[word]}"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "The key\nlets\ngo."),
        ("libs/common/src/common/planted.py", "def _tell_why(): ..."),
        ("tests/planted/test_planted.py", "def test_nobody_is_told(): ..."),
        ("deploy/embedded/src/embedded/pages/templates/root.html", "<p>Told by the log</p>"),
        ("deploy/ci/fence.sh", "# TELLS_ALL"),
        ("docker-compose.yml", "x-told: &told2"),
        ("Makefile", "# whoever calls"),
    ],
)
def test_it_is_found_in_names_and_in_every_kind_of_text(path: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, path, text)

    assert {each.partition(":")[0] for each in avoided_words(tmp_path)} == {path}


@pytest.mark.parametrize("word", INNOCENT)
def test_a_word_that_only_contains_one_is_not_found(word: str, tmp_path: Path) -> None:
    plant(tmp_path, "docs/map.md", word)

    assert avoided_words(tmp_path) == []


@pytest.mark.parametrize(
    "path",
    ["LICENSE", "requirements.lock", "programmes/one.yaml", "libs/common/src/common/web/static/api/README.md"],
)
def test_what_others_wrote_and_what_is_under_a_digest_is_not_checked(path: str, tmp_path: Path) -> None:
    plant(tmp_path, path, "as told")

    assert avoided_words(tmp_path) == []
