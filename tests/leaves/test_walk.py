"""Every field of a programme acts: each leaf of the definition's model has a proof, or is listed as not acting yet.

A proof plays a small scene with the value and with another one, and sees another verdict, date, count, state or text;
the leaves come from the model itself, so that a new field without a proof fails here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from common.programme import Programme
from common.programme.leaves import leaves
from common.programme.not_yet import NOT_YET, acts
from support.casts.programmes import set_at
from support.leaves import texts
from support.leaves.edition import at_first
from support.leaves.of_award import AWARD
from support.leaves.of_intake import INTAKE
from support.leaves.of_review import REVIEW
from support.leaves.of_services import BEGINS_WITH, SERVICES
from support.leaves.playing import SCENES, Shown
from support.leaves.proof import Proof, unproved
from support.service.alone import alone

PROOFS: Final[Mapping[str, Proof]] = {**INTAKE, **REVIEW, **AWARD}
TEXTS: Final = frozenset(path for path in texts.text_leaves(Programme) if acts(path))
PLAYS: Final = sorted({(one.service, one.play) for one in SERVICES.values()})


async def played(scene: str, given: dict[str, Any], folder: Path) -> Shown:
    """Play a scene in a service of its own."""
    service, play = SCENES[scene]
    async with alone(service, f"sqlite:///{folder / 'service.db'}", folder) as running:
        return await play(running, given)


def room(folder: Path, name: str) -> Path:
    """Return a new folder for a service."""
    made = folder / name
    made.mkdir()
    return made


_BEFORE: Final[dict[str, Shown]] = {}
"""What each scene shows with the values that ship."""


async def before(scene: str, folder: Path) -> Shown:
    """Return what a scene shows with the values that ship; it is played once."""
    if scene not in _BEFORE:
        _BEFORE[scene] = await played(scene, BEGINS_WITH[scene](), room(folder, "before"))
    return _BEFORE[scene]


def test_every_leaf_has_one_proof_or_is_in_the_list_of_what_does_not_act_yet() -> None:
    assert unproved(Programme, [*PROOFS, *SERVICES, *TEXTS]) == []
    proved = [*PROOFS, *SERVICES, *TEXTS]
    assert len(proved) == len(set(proved))
    assert [path for path in proved if path not in leaves(Programme)] == []
    assert [path for path in proved if not acts(path)] == []


def test_the_list_of_what_does_not_act_yet_is_short_and_each_of_it_is_in_the_model() -> None:
    assert [each.field for each in NOT_YET] == ["renewal", "mark", "change_report", "rectification", "sell_through"]
    names = {name for path in leaves(Programme) for name in path.replace("[]", "").split(".")}
    assert {each.field for each in NOT_YET} <= names


@pytest.mark.parametrize("path", PROOFS)
def test_a_leaf_acts(path: str) -> None:
    seen, seen_with_another = PROOFS[path].seen()
    assert seen != seen_with_another


def test_every_text_is_shown_where_people_read_it() -> None:
    shown = texts.places(texts.marked(Programme))
    wanted = {(path, place) for path in TEXTS for place in texts.shown_at(path) if place not in texts.IN_REVIEW}
    missing = [(path, place) for path, place in sorted(wanted) if texts.mark(path) not in shown[place]]
    assert missing == []


@pytest.mark.parametrize(("scene", "play"), PLAYS)
async def test_a_leaf_acts_in_a_command(scene: str, play: str, tmp_path: Path) -> None:
    proofs = {path: one for path, one in SERVICES.items() if (one.service, one.play) == (scene, play)}
    given = BEGINS_WITH[scene]()
    for proof in proofs.values():
        proof.other(given)

    first, then = await before(scene, tmp_path), await played(scene, given, room(tmp_path, play))

    assert [path for path, proof in proofs.items() if first[proof.shows] == then[proof.shows]] == []


async def test_the_texts_of_the_review_are_shown_on_sheet_notice_and_announcement(tmp_path: Path) -> None:
    given = BEGINS_WITH["review"]()
    wanted = [(path, place) for path in sorted(TEXTS) for place in texts.shown_at(path) if place in texts.IN_REVIEW]
    for path, _ in wanted:
        set_at(given, at_first(path), texts.mark(path))

    first, then = await before("review", tmp_path), await played("review", given, room(tmp_path, "texts"))

    assert len(wanted) == 20
    assert [one for one in wanted if texts.mark(one[0]) not in str(then[one[1]])] == []
    assert [one for one in wanted if texts.mark(one[0]) in str(first[one[1]])] == []
