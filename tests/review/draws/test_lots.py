"""The plain seeded draw: a pure function, by examples and by properties over random pools."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from common.programme import Programme
from review_service.cases.reviews.lifecycle import Help
from review_service.panel.draws.lots import Candidate, Case, Panel, Seat, Skip, Tie, draw_panel, seats_of, ticket
from support.casts.programmes import programme

ON, UNTIL = date(2015, 10, 8), date(2015, 10, 29)
GROUNDS = {
    "employment": None,
    "consulting": 3,
    "near_relative": None,
    "reviewed_last_year": 1,
    "same_county": None,
}
CASE = Case(review_id="rev_1", applicant="FIRM", division="370102", year=2015, on=ON, until=UNTIL, grounds=GROUNDS)
SEATS = tuple(Seat(number, "technical", "tourism") for number in (1, 2, 3))


def candidate(number: int, **other: object) -> Candidate:
    content: dict[str, object] = {
        "division": "370302",
        "roles": frozenset({"technical"}),
        "specialities": frozenset({"tourism"}),
        "employers": (Tie(f"ORG-{number}"),),
    }
    return Candidate(id=f"exp_{number}", sub=f"sub-{number}", **content | other)  # type: ignore[arg-type]  # of one field each


POOL = [candidate(number) for number in range(20)]


def drawn(
    pool: list[Candidate], *, seed: str = "seed", case: Case = CASE, seats: tuple[Seat, ...] = SEATS
) -> list[str]:
    return [expert.id for _, expert in draw_panel(pool, case=case, seats=seats, seed=seed).seated]


def why(one: Candidate, *, case: Case = CASE, seat: Seat = SEATS[0]) -> str:
    """Return why this expert alone cannot take the seat."""
    panel = draw_panel([one], case=case, seats=[seat], seed="seed")
    assert panel.seated == ()
    (reason,) = panel.vacant[0].why
    return reason


def test_a_ticket_is_the_sha_256_of_seed_review_and_expert_on_three_lines() -> None:
    assert ticket("s", "rev_1", "exp_1") == hashlib.sha256(b"s\nrev_1\nexp_1").digest()


def test_the_lowest_tickets_win_in_their_order() -> None:
    by_hand = sorted(POOL, key=lambda each: hashlib.sha256(f"seed\nrev_1\n{each.id}".encode()).hexdigest())

    assert drawn(POOL) == [each.id for each in by_hand[:3]]


def test_the_order_in_which_the_pool_is_given_changes_nothing() -> None:
    shuffled = POOL[10:] + POOL[9::-1]

    assert shuffled != POOL
    assert drawn(shuffled) == drawn(POOL)


def test_another_seed_or_another_case_draws_others() -> None:
    many = tuple(Seat(number, "technical") for number in range(1, 11))
    assert drawn(POOL, seed="other", seats=many) != drawn(POOL, seats=many)
    assert drawn(POOL, case=replace(CASE, review_id="rev_2"), seats=many) != drawn(POOL, seats=many)


def test_many_seeds_reach_everybody() -> None:
    reached = {each for seed in range(200) for each in drawn(POOL, seed=str(seed))}

    assert reached == {each.id for each in POOL}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (candidate(1, employers=(Tie("FIRM"),)), "employment"),
        (candidate(1, employers=(Tie("FIRM", until_on=date(1999, 1, 1)),)), "employment"),
        (candidate(1, conflicts=(Tie("ELSE", ground="consulting"), Tie("FIRM", ground="consulting"))), "consulting"),
        (candidate(1, conflicts=(Tie("FIRM", ground="consulting", until_on=date(2012, 10, 8)),)), "consulting"),
        (candidate(1, conflicts=(Tie("FIRM", ground="near_relative", until_on=date(1990, 1, 1)),)), "near_relative"),
        (candidate(1, conflicts=(Tie("FIRM", ground="of_another_programme"),)), "of_another_programme"),
        (candidate(1, reviewed=frozenset({("FIRM", 2014)})), "reviewed_last_year"),
        (candidate(1, division="370102"), "same_county"),
        (candidate(1, employers=(Tie("FIRM"),), division="370102"), "employment"),
        (candidate(1, paused=True), Skip.PAUSED),
        (candidate(1, absences=((date(2015, 10, 29), date(2015, 11, 3)),)), Skip.ABSENT),
        (candidate(1, absences=((date(2015, 9, 1), date(2015, 10, 8)),)), Skip.ABSENT),
        (candidate(1, recused=frozenset({"FIRM"})), Skip.RECUSED),
        (candidate(1, load=4, most=4), Skip.LOAD_REACHED),
        (candidate(1, roles=frozenset({"finance"})), Skip.ROLE_MISSING),
        (candidate(1, specialities=frozenset({"logistics"})), Skip.SPECIALITY_MISSING),
    ],
)
def test_an_expert_who_must_or_can_not_is_passed_over_with_the_first_reason(one: Candidate, reason: str) -> None:
    assert why(one) == reason


@pytest.mark.parametrize(
    "one",
    [
        candidate(1),
        candidate(1, division="370103"),
        candidate(1, conflicts=(Tie("ELSE", ground="consulting"),)),
        candidate(1, conflicts=(Tie("FIRM", ground="consulting", until_on=date(2012, 10, 7)),)),
        candidate(1, reviewed=frozenset({("FIRM", 2013), ("ELSE", 2014), ("FIRM", 2015)})),
        candidate(1, absences=((date(2015, 9, 1), date(2015, 10, 7)), (date(2015, 10, 30), date(2015, 11, 3)))),
        candidate(1, load=3, most=4),
        candidate(1, load=400),
    ],
)
def test_an_expert_whom_no_rule_touches_is_drawn(one: Candidate) -> None:
    assert drawn([one], seats=SEATS[:1]) == ["exp_1"]


@pytest.mark.parametrize(
    ("ground", "one"),
    [
        ("employment", candidate(1, employers=(Tie("FIRM"),))),
        ("reviewed_last_year", candidate(1, reviewed=frozenset({("FIRM", 2014)}))),
        ("same_county", candidate(1, division="370102")),
    ],
)
def test_a_ground_that_the_programme_does_not_have_keeps_nobody_away(ground: str, one: Candidate) -> None:
    without = replace(CASE, grounds={code: years for code, years in GROUNDS.items() if code != ground})

    assert why(one) == ground
    assert drawn([one], case=without, seats=SEATS[:1]) == ["exp_1"]


def test_an_organisation_has_one_expert_on_a_panel_and_a_former_employer_counts_no_more() -> None:
    colleagues = [candidate(number, employers=(Tie("ONE"),)) for number in range(5)]
    former = candidate(9, employers=(Tie("ONE", until_on=date(2015, 10, 7)), Tie("TWO")))

    panel = draw_panel([*colleagues, former], case=CASE, seats=SEATS, seed="seed")

    assert sorted(org for _, one in panel.seated for org in one.organisations(ON)) == ["ONE", "TWO"]
    assert dict(panel.vacant[0].why) == {Skip.ON_THIS_PANEL: 2, Skip.ORGANISATION_ON_PANEL: 4}


def test_seats_are_of_the_programme_in_its_order() -> None:
    assert seats_of(programme("SERVICE_BRAND"), "tourism") == (
        Seat(1, "technical", "tourism"),
        Seat(2, "quality_management"),
        Seat(3, "finance"),
    )


def test_seats_of_a_role_are_as_many_as_the_programme_says() -> None:
    changed = programme("SERVICE_BRAND").definition | {}
    seats = [{"role": "any", "name": {"zh": "专家", "en": "Expert"}, "count": 3, "knows_category": True}]
    changed["review"] = changed["review"] | {"panel": changed["review"]["panel"] | {"seats": seats}}

    assert seats_of(Programme.from_definition(changed), "tourism") == tuple(
        Seat(number, "any", "tourism") for number in (1, 2, 3)
    )


def test_a_vacant_seat_says_why_and_what_would_help() -> None:
    pool = [
        candidate(1, roles=frozenset()),
        candidate(2, specialities=frozenset()),
        candidate(3, load=1, most=1),
        candidate(4, paused=True),
        candidate(5, absences=((ON, ON),)),
        candidate(6, division="370102"),
    ]

    (vacancy,) = draw_panel(pool, case=CASE, seats=SEATS[:1], seed="seed").vacant

    assert vacancy.as_json() == {
        "seat": 1,
        "role": "technical",
        "category": "tourism",
        "why": {
            "absent": 1,
            "load_reached": 1,
            "paused": 1,
            "role_missing": 1,
            "same_county": 1,
            "speciality_missing": 1,
        },
        "helps": [
            Help.ENTER_EXPERTS,
            Help.AWAIT_RETURN,
            Help.RAISE_LOAD,
            Help.RESUME_EXPERTS,
            Help.ADD_ROLES,
            Help.ADD_SPECIALITIES,
        ],
    }


def test_the_next_in_the_order_of_the_lots_takes_the_seat_of_one_who_left() -> None:
    first, second, third = drawn(POOL)
    order = drawn(POOL, seats=tuple(Seat(number, "technical", "tourism") for number in range(1, 21)))

    panel = draw_panel(
        POOL, case=CASE, seats=SEATS[1:2], seed="seed", sitting=[first, third], left=[first, second, third]
    )

    assert [(seat.number, expert.id) for seat, expert in panel.seated] == [(2, order[3])]


def test_a_replacement_is_of_no_organisation_that_sits_already() -> None:
    first, *others = (candidate(number, employers=(Tie("ONE"),)) for number in range(4))

    panel = draw_panel([first, *others], case=CASE, seats=SEATS[1:2], seed="seed", sitting=[first.id])

    assert panel.seated == ()
    assert dict(panel.vacant[0].why) == {Skip.ON_THIS_PANEL: 1, Skip.ORGANISATION_ON_PANEL: 3}


ROLES = st.frozensets(st.sampled_from(["technical", "finance", "quality_management"]))
TIES = st.lists(st.builds(Tie, st.sampled_from(["FIRM", "ONE", "TWO", "SIX"])), max_size=2).map(tuple)
POOLS = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        sub=st.just("sub"),
        division=st.sampled_from(["370102", "370302"]),
        roles=ROLES,
        specialities=st.frozensets(st.sampled_from(["tourism", "logistics"])),
        employers=TIES,
        conflicts=st.lists(st.builds(Tie, st.sampled_from(["FIRM", "ELSE"]), ground=st.just("consulting"))).map(tuple),
        paused=st.booleans(),
        load=st.integers(0, 2),
        most=st.none() | st.integers(1, 2),
        reviewed=st.frozensets(st.tuples(st.sampled_from(["FIRM", "ELSE"]), st.integers(2013, 2015)), max_size=2),
    ),
    max_size=12,
)
MIXED = (Seat(1, "technical", "tourism"), Seat(2, "quality_management"), Seat(3, "finance"))


def lawful(panel: Panel, pool: list[Candidate]) -> None:
    seated = [expert for _, expert in panel.seated]
    assert len({expert.id for expert in seated}) == len(seated)
    assert max(Counter(org for one in seated for org in one.organisations(ON)).values(), default=0) <= 1
    for seat, expert in panel.seated:
        assert seat.role in expert.roles
        assert seat.category is None or seat.category in expert.specialities
        assert CASE.ground(expert) is None
        assert "FIRM" not in {tie.organisation for tie in (*expert.employers, *expert.conflicts)}
        assert not expert.paused
        assert expert.most is None or expert.load < expert.most
    assert sorted([seat.number for seat, _ in panel.seated] + [each.seat.number for each in panel.vacant]) == [1, 2, 3]
    for vacancy in panel.vacant:
        assert sum(vacancy.why.values()) == len(pool), "everybody has a reason"
        assert vacancy.helps[0] is Help.ENTER_EXPERTS


@given(POOLS, st.text(max_size=5))
def test_whatever_the_pool_a_panel_is_lawful_and_every_vacancy_is_explained(pool: list[Candidate], seed: str) -> None:
    panel = draw_panel(pool, case=CASE, seats=MIXED, seed=seed)

    lawful(panel, pool)
    assert draw_panel(pool[::-1], case=CASE, seats=MIXED, seed=seed) == panel


@given(POOLS, st.text(max_size=5), st.integers(1, 3))
def test_an_expert_who_leaves_is_replaced_lawfully_and_never_by_himself(
    pool: list[Candidate], seed: str, number: int
) -> None:
    panel = draw_panel(pool, case=CASE, seats=MIXED, seed=seed)
    staying = [(seat, expert) for seat, expert in panel.seated if seat.number != number]
    had_seats = [expert.id for _, expert in panel.seated]

    again = draw_panel(
        pool,
        case=CASE,
        seats=[seat for seat in MIXED if seat not in [one for one, _ in staying]],
        seed=seed,
        sitting=[expert.id for _, expert in staying],
        left=had_seats,
    )

    assert not {expert.id for _, expert in again.seated}.intersection(had_seats)
    lawful(replace(again, seated=(*staying, *again.seated)), pool)


@given(POOLS, st.text(max_size=5))
def test_a_conflict_with_an_applicant_of_no_case_changes_nothing(pool: list[Candidate], seed: str) -> None:
    tied = [replace(one, conflicts=(*one.conflicts, Tie("UNUSED", ground="consulting"))) for one in pool]

    ids = [expert.id for _, expert in draw_panel(pool, case=CASE, seats=MIXED, seed=seed).seated]
    assert [expert.id for _, expert in draw_panel(tied, case=CASE, seats=MIXED, seed=seed).seated] == ids
