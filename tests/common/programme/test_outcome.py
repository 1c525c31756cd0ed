"""Votes, validity, numbers, grounds and sell-through."""

from datetime import date
from typing import Any

import pytest

from common.programme import ClockName, Ground, Programme, ProgrammeInvalid
from support.casts.programmes import definition, programme

PRODUCT = programme("FAMOUS_PRODUCT")
GROUND = {"code": "fault", "text": {"zh": "过失。", "en": "A fault."}, "source": "default: ours"}


def title_with(**validity: object) -> Programme:
    changed = definition("FAMOUS_PRODUCT")
    changed["title"]["validity"] |= validity
    return Programme.from_definition(changed)


@pytest.mark.parametrize(("present", "needed"), [(10, 7), (11, 8), (12, 8), (15, 10)])
def test_two_thirds_of_those_present_carry_a_list(present: int, needed: int) -> None:
    assert PRODUCT.decision.quorum == 10
    assert PRODUCT.decision.votes_needed(present) == needed


def test_two_thirds_of_all_seats_carry_a_list_where_the_rules_say_so() -> None:
    changed = definition("FAMOUS_PRODUCT")
    changed["decision"]["recognition"] |= {"majority_of": "seats", "seats": 16}
    rules = Programme.from_definition(changed)
    assert (rules.decision.quorum, rules.decision.votes_needed(11)) == (11, 11)


@pytest.mark.parametrize(
    ("ends", "effective_on", "until"),
    [
        ("day_before_anniversary", date(2015, 12, 30), date(2018, 12, 29)),
        ("day_before_anniversary", date(2016, 1, 1), date(2018, 12, 31)),
        ("day_before_anniversary", date(2016, 2, 29), date(2019, 2, 28)),
        ("day_before_anniversary", date(2017, 3, 1), date(2020, 2, 29)),
        ("year_end", date(2015, 12, 30), date(2018, 12, 31)),
    ],
)
def test_a_title_ends_on_its_last_day(ends: str, effective_on: date, until: date) -> None:
    assert title_with(ends=ends).title.valid_until(effective_on) == until


def test_a_title_without_years_has_no_end() -> None:
    rules = title_with(years=None)
    assert (rules.title.validity_years, rules.title.valid_until(date(2015, 12, 30))) == (None, None)


def test_a_number_has_room_for_its_serials_and_no_more() -> None:
    assert PRODUCT.title.number(year=2015, serial=99_999) == "SDMP-2015-99999"
    for serial in (0, -1, 100_000):
        with pytest.raises(ValueError, match="does not fit"):
            PRODUCT.title.number(year=2015, serial=serial)


def test_a_ground_is_known_for_its_own_act_only() -> None:
    ground = PRODUCT.title.ground("revoke", "fraud")
    assert ground is not None
    assert (ground.bar_years, ground.sell_through) == (3, False)
    assert PRODUCT.title.ground("warn", "fraud") is None


@pytest.mark.parametrize(
    ("bar", "until"),
    [
        ({"bar_years": 3}, date(2018, 10, 7)),
        ({"bar_years": 1}, date(2016, 10, 7)),
        ({"barred_for_life": True}, date(2299, 12, 31)),
        ({}, None),
    ],
)
def test_a_ground_bars_from_the_act_s_day_for_its_years_or_for_life(bar: dict[str, Any], until: date | None) -> None:
    ground = Ground.model_validate({**GROUND, **bar})
    assert ground.barred_until(date(2015, 10, 8)) == until


@pytest.mark.parametrize(
    ("act", "bar", "pointer"),
    [
        ("warn", {"bar_years": 1}, "/title/grounds/warn/0"),
        ("suspend", {"bar_years": 1}, "/title/grounds/suspend/0"),
        ("cancel", {"barred_for_life": True}, "/title/grounds/cancel/0"),
        ("reinstate", {"bar_years": 1}, "/title/grounds/reinstate/0"),
        ("revoke", {"bar_years": 1, "barred_for_life": True}, "/title/grounds/revoke/0/bar_years"),
    ],
)
def test_only_a_revocation_bars_and_for_years_or_for_life(act: str, bar: dict[str, Any], pointer: str) -> None:
    changed = definition("FAMOUS_PRODUCT")
    changed["title"]["grounds"][act][0] |= bar
    with pytest.raises(ProgrammeInvalid) as refused:
        Programme.from_definition(changed)
    assert refused.value.pointer == pointer


def test_old_packaging_may_be_used_to_the_end_of_the_year_unless_the_ground_forbids_it() -> None:
    ended_on = date(2017, 5, 4)
    title = PRODUCT.title
    assert title.sell_through_until(ended_on) == date(2017, 12, 31)
    assert title.sell_through_until(ended_on, ground=title.ground("revoke", "mark_abuse")) == date(2017, 12, 31)
    assert title.sell_through_until(ended_on, ground=title.ground("revoke", "safety_fault")) == ended_on


@pytest.mark.parametrize(
    ("name", "days", "kind"),
    [("supplement", 5, "working"), ("change_report", 30, "calendar"), ("county_recommendation", 10, "working")],
)
def test_a_clock_is_found_by_its_name(name: ClockName, days: int, kind: str) -> None:
    clock = PRODUCT.clock(name)
    assert (clock.days, clock.kind) == (days, kind)


def test_a_level_out_of_the_chain_has_no_clock() -> None:
    changed = definition("FAMOUS_PRODUCT")
    del changed["recommendation"][0], changed["clocks"]["county_recommendation"]
    rules = Programme.from_definition(changed)
    assert rules.levels == ("city",)
    with pytest.raises(LookupError, match="county_recommendation"):
        rules.clock("county_recommendation")


def test_the_notice_has_its_own_term() -> None:
    assert (PRODUCT.notice.days, PRODUCT.notice.kind) == (7, "working")
