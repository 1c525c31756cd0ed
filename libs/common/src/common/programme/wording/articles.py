"""An article: one rule of a programme as people read it, with the source of what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from common.codes.vocabulary.words import value_name
from common.kernel.errors import Lang
from common.programme.parts import Prose, Words
from common.programme.programme import Programme
from common.programme.rules.forms import label_of

LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")
Both = tuple[str, str]
"""A text in Chinese and in English."""


class Chapter(StrEnum):
    """The chapters of the rules, in their order."""

    BASIS = "basis"
    CALL = "call"
    APPLICATION = "application"
    CONDITIONS = "conditions"
    PROCEDURE = "procedure"
    REVIEW = "review"
    PLACES = "places"
    DECISION = "decision"
    TITLE = "title"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Article:
    """One rule in both languages; `source` is where it comes from, `in_force` is false for what does not act yet."""

    chapter: Chapter
    zh: str
    en: str
    source: str | None = None
    in_force: bool = True


def both(text: Words | Prose) -> Both:
    """Return a text of the definition in both languages."""
    return text.zh, text.en


def named(code: str, *scopes: str) -> Both:
    """Return a value's name in the vocabulary, in both languages."""
    zh, en = (value_name(code, lang, *scopes) for lang in LANGS)
    return zh, en


def listed(texts: Iterable[Both]) -> Both:
    """Return several texts as one list, in both languages."""
    found = list(texts)
    return "、".join(zh for zh, _ in found), ", ".join(en for _, en in found)


def answers_named(programme: Programme, pointers: Iterable[str]) -> Both:
    """Return the labels that the form gives the answers at these pointers."""
    return listed(label_of(programme.form.answers, tuple(each.split("/")[1:])) for each in pointers)


def years(count: int | None) -> Both:
    """Return a window of years that a rule looks back, empty when it looks back without end."""
    if count is None:
        return "", ""
    return f"（近{count}年）", " (in the last year)" if count == 1 else f" (in the last {count} years)"


def length(days: int, kind: str) -> Both:
    """Return a length of time in working or calendar days."""
    return (f"{days}个工作日", f"{days} working days") if kind == "working" else (f"{days}日", f"{days} calendar days")
