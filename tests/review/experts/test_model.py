from datetime import timedelta
from typing import Any

import pytest

from common.kernel.actor import Actor, Role
from review_service.panel.experts.lifecycle import State
from review_service.panel.experts.model import Expert, Grade
from review_service.panel.experts.refusals import ExpertEnded, PeriodReversed
from support.service.alone import START

OFFICER = Actor(sub="officer-1", org="SD-BODY", roles=frozenset({Role.RECOGNITION_OFFICER}))
FIRM = "91370300FAKE10000X"
TIE = {"organisation": FIRM, "since_on": None, "until_on": None}


CONTENT: dict[str, Any] = {
    "name": "示范专家",
    "division": "370300",
    "grade": Grade.SENIOR,
    "roles": ["technical"],
    "specialities": ["tourism"],
    "organisations": [TIE],
    "absences": [],
    "yearly_load": None,
}


def expert(**other: object) -> Expert:
    content: dict[str, Any] = {**CONTENT, **other}
    return Expert(id="exp_1", sub="expert-1", conflicts=[], **content)


def test_an_expert_enters_pauses_resumes_and_ends_without_an_event() -> None:
    one = expert()

    one.enter()
    one.pause(reason="出国。")
    one.resume()
    one.end(reason="退休。")

    assert [(each.action, each.event, each.to_state) for each in one.recorded] == [
        ("enter", None, "active"),
        ("pause", None, "paused"),
        ("resume", None, "active"),
        ("end", None, "ended"),
    ]
    assert (one.state, one.reason) == (State.ENDED, "退休。")
    with pytest.raises(ExpertEnded):
        one.edit(**CONTENT)
    with pytest.raises(ExpertEnded):
        one.pause(reason="再停。")
    with pytest.raises(ExpertEnded):
        one.resume()


@pytest.mark.parametrize("field", ["organisations", "absences"])
def test_a_period_that_ends_before_it_begins_is_refused_at_its_place(field: str) -> None:
    wrong = TIE | {"since_on": "2015-02-01", "until_on": "2015-01-31"}
    one = expert()
    one.enter()

    with pytest.raises(PeriodReversed) as refused:
        expert(**{field: [TIE | {"since_on": "2015-01-31", "until_on": "2015-01-31"}, wrong]}).enter()
    with pytest.raises(PeriodReversed):
        one.edit(**CONTENT | {field: [wrong]})

    assert refused.value.pointer == f"/{field}/1/until_on"


def test_a_declared_conflict_keeps_who_declared_it_and_earlier_ones() -> None:
    one = expert()
    one.enter()

    one.declare_conflict(TIE | {"ground": "consulting"}, by=OFFICER, at=START)
    one.declare_conflict(TIE | {"ground": "near_relative"}, by=OFFICER, at=START + timedelta(days=1))

    assert [each["ground"] for each in one.conflicts] == ["consulting", "near_relative"]
    assert one.conflicts[0] == TIE | {
        "ground": "consulting",
        "declared_by": "officer-1",
        "declared_at": START.isoformat(),
    }
