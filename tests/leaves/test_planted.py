"""Three idle fields in a model of the test's own: the walk finds each, unproved or with a proof that shows nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from common.programme import Programme
from common.programme.definition.award import Objections, Title, Validity
from common.programme.leaves import leaves
from common.programme.parts import Words
from common.programme.wording.whole import in_words
from support.casts.programmes import set_at
from support.leaves import texts
from support.leaves.edition import fullest
from support.leaves.of_award import AWARD
from support.leaves.of_intake import INTAKE
from support.leaves.of_review import REVIEW
from support.leaves.of_services import SERVICES
from support.leaves.proof import unproved


class IdleValidity(Validity):
    """A planted number that nothing reads."""

    grace_days: int = 0


class IdleTitle(Title):
    """A planted text that is nowhere shown."""

    validity: IdleValidity
    motto: Words | None = None


class IdleObjections(Objections):
    """A planted demand that nothing makes."""

    oral: bool = False


class IdleProgramme(Programme):
    """A programme that prints three fields which nothing applies."""

    title: IdleTitle
    objections: IdleObjections


def last_day(programme: IdleProgramme) -> object:
    """Return until when a title is valid."""
    return programme.title.valid_until(date(2015, 12, 20))


def page(programme: IdleProgramme) -> object:
    """Return the rules in words."""
    return list(in_words(programme))


PLANTED: Final[dict[str, tuple[object, object, Callable[[IdleProgramme], object]]]] = {
    "/title/validity/grace_days": (0, 30, last_day),
    "/title/motto": ({"zh": "质量第一", "en": "Quality first"}, {"zh": "诚信", "en": "Good faith"}, page),
    "/objections/oral": (False, True, page),
}


def test_each_planted_field_is_found_because_nothing_proves_it() -> None:
    known = [*INTAKE, *REVIEW, *AWARD, *SERVICES, *texts.text_leaves(Programme)]
    assert unproved(Programme, known) == []
    assert sorted(unproved(IdleProgramme, known)) == [
        "objections.oral",
        "title.motto.en",
        "title.motto.zh",
        "title.validity.grace_days",
    ]


@pytest.mark.parametrize("pointer", PLANTED)
def test_a_planted_field_is_found_because_its_scene_shows_no_difference(pointer: str) -> None:
    value, another, scene = PLANTED[pointer]
    seen = [scene(IdleProgramme.from_definition(_with(pointer, each))) for each in (value, another)]
    assert seen[0] == seen[1]


def test_a_planted_text_is_found_because_its_mark_is_nowhere_shown() -> None:
    (planted,) = set(texts.text_leaves(IdleProgramme)) - set(texts.text_leaves(Programme)) - {"title.motto.en"}
    assert texts.mark(planted) not in str(
        page(IdleProgramme.from_definition(_with("/title/motto", texts.both(planted))))
    )


def test_a_field_of_a_section_within_its_like_is_a_leaf() -> None:
    assert "review.indicators.tree[].children" in leaves(Programme)


def _with(pointer: str, value: object) -> dict[str, Any]:
    given = fullest()
    set_at(given, pointer, value)
    return given
