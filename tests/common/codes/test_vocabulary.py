"""The vocabulary's files: every line is a word in both languages, once, and a scope goes before the fallback."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from common.codes.vocabulary import words
from common.codes.vocabulary.words import ADVICE, FIELDS, NOUNS, STATES, Term, Words, value_name

FOLDER = Path(words.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def repeated(text: str) -> list[str]:
    """Return the keys that a file has twice in one section; YAML would keep the last in silence."""
    section, keys = "", []
    for line in text.splitlines():
        found = re.match(r"( *)([^#\s].*?):(?: |$)", line)
        if found:
            section = section if found[1] else found[2]
            keys.append((section, found[2]) if found[1] else ("", found[2]))
    return [key for (_, key), times in Counter(keys).items() if times > 1]


@pytest.mark.parametrize("name", FILES)
def test_no_word_stands_twice(name: str) -> None:
    assert repeated((FOLDER / f"{name}.yaml").read_text("utf-8")) == []


def test_a_word_that_stands_twice_is_found() -> None:
    assert repeated("a: 甲 | a\nb:\n  a: 甲 | a\nc:\n  a: 甲 | a\n  a: 乙 | b\n") == ["a"]


@pytest.mark.parametrize("name", FILES)
def test_every_chinese_word_is_chinese_and_no_sentence_is_stopped_twice(name: str) -> None:
    one = Words(name)
    terms = [*one.flat().values(), *(term for section in one.sections() for term in one.section(section).values())]
    assert len(terms) > 5
    for term in terms:
        assert re.search(r"[\u4e00-\u9fff]|^HTTP", term.zh), term
        assert not re.search(r"[。.]{2}|[\u4e00-\u9fff]\.", f"{term.zh} {term.zh_meaning}"), term
        assert term.zh_meaning.endswith("。") is bool(term.zh_meaning), term
        assert not re.search(r"[\u4e00-\u9fff]", f"{term.en} {term.en_meaning}"), term


def test_a_line_that_is_not_in_both_languages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planted.yaml").write_text("colour: 颜色 | colour | 颜色。\n", encoding="utf-8")
    monkeypatch.setattr(words, "_FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"planted.yaml: .*颜色"):
        Words("planted").find("colour")


def test_a_scope_goes_before_the_word_alone() -> None:
    def zh(name: str, *scopes: str) -> str:
        return FIELDS.name(name, "zh", *scopes)

    assert (zh("name", "AttachedFile"), zh("name", "NewContact"), zh("name", "Elsewhere")) == (
        "文件名",
        "联系人姓名",
        "名称",
    )
    assert FIELDS.find("after") is None
    assert FIELDS.name("unheard_of", "zh") == "unheard_of"


def test_a_state_is_called_as_its_noun_calls_it() -> None:
    assert STATES.name("returned", "zh", "applications") == "已退回"
    assert STATES.name("returned", "zh", "deliberations") == "退回重议"
    assert STATES.find("returned") is None
    assert value_name("enterprise", "zh", "ApplicantKind") == "企业"
    assert value_name("office", "en") == "leading group's office"
    assert value_name("nonsense", "zh", "brands") == "nonsense"


def test_a_term_shows_itself_in_both_languages() -> None:
    term = Term("荣誉", "honour", "荣誉的代码。", "The code of the honour.")
    assert (term.both, term.meaning) == ("荣誉 honour", "荣誉的代码。The code of the honour.")
    assert term.as_json() == {"zh": "荣誉", "en": "honour"}


def test_the_files_hold_the_sections_that_their_readers_ask_for() -> None:
    assert list(NOUNS.sections()) == ["services", "nouns", "documents"]
    assert list(ADVICE.sections()) == ["status", "codes"]
    assert yaml.safe_load((FOLDER / "fields.yaml").read_text("utf-8")).keys() >= {"on", "in"}
