"""The texts of a definition: each gets a mark of its own, which must be shown where people read the text."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from common.programme.leaves import leaves
from common.programme.parts import Prose, Words
from common.programme.wording.whole import in_words
from support.casts.programmes import set_at
from support.leaves import intake
from support.leaves.edition import at_first, fullest, rules

PAGE: Final = "the rules in words"
FURTHER_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "applicant_kinds[].name": ("refusal",),
    "materials.kinds[].name": ("problems",),
    "eligibility_rules[].text": ("check",),
    "eligibility_rules[].source_department.name": ("check",),
    "veto_rules[].text": ("check",),
    "veto_rules[].source_department.name": ("check",),
    "review.indicators.tree[].name": ("sheet",),
    "review.indicators.tree[].guidance": ("sheet",),
    "review.indicators.standard": ("sheet",),
    "review.panel.seats[].name": ("sheet",),
    "review.statement.text": ("sheet",),
    "review.recusal[].text": ("sheet",),
    "notice.text": ("notice",),
    "objections.text": ("notice",),
    "decision.recognition.body": ("announcement",),
    "decision.confirmation.organisation": ("announcement",),
}
"""Where a text is shown besides the page of the programme, in both languages; the review shows the last ones."""
IN_REVIEW: Final = frozenset({"sheet", "notice", "announcement"})


def text_leaves(model: type[BaseModel]) -> Iterator[str]:
    """Yield the paths of the leaves that are texts for people: in two languages, a source, or a document's number."""
    for path, section in leaves(model).items():
        last = path.rpartition(".")[2]
        if issubclass(section, Words | Prose) or last.endswith("source") or path.endswith("].number"):
            yield path


def mark(path: str) -> str:
    """Return the text that is put in the place of a leaf, found nowhere else."""
    head = "default: " if path.rpartition(".")[2].endswith("source") else ""
    return f"{head}‹{path.replace('.', '/')}›"


def both(path: str) -> dict[str, str]:
    """Return a text whose Chinese and English are marked."""
    return {lang: mark(f"{path.rpartition('.')[0]}.{lang}") for lang in ("zh", "en")}


def marked(model: type[BaseModel]) -> dict[str, Any]:
    """Return the fullest definition with a mark in each of its texts."""
    given = fullest()
    for path in text_leaves(model):
        set_at(given, at_first(path), mark(path))
    return given


def places(given: dict[str, Any]) -> dict[str, str]:
    """Return what is shown, by the place, without a database."""
    programme = rules(given)
    return {
        PAGE: str([(each.zh, each.en, each.source) for each in in_words(programme)]),
        "refusal": intake.refused_kind(given),
        "problems": str(programme.check_materials([])),
        "check": str(intake.checked(given)),
    }


def shown_at(path: str) -> tuple[str, ...]:
    """Return every place where a text leaf must be shown."""
    section = path.rpartition(".")[0]
    return (PAGE, *FURTHER_PLACES.get(section, ()))
