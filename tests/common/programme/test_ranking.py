"""The list: order, quota, ties, explanations."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from common.programme import Entry, Place, Ranked, rank, ticket
from support.casts.programmes import programme

SEED = "2015-FAMOUS_PRODUCT"
BETTER_FIRST = [Place.ADMITTED, Place.RESERVE, Place.OUTSIDE_QUOTA, Place.BELOW_LINE]


def entry(name: str, total: str, quality: str = "0", market: str = "0") -> Entry:
    return Entry(name, Decimal(total), {"quality": Decimal(quality), "market": Decimal(market)})


def ranked(entries: Sequence[Entry], *, quota: int = 2, reserve: int = 1, line: str | None = "60") -> list[Ranked]:
    return rank(
        entries,
        quota=quota,
        reserve=reserve,
        criteria=("quality", "market"),
        threshold=Decimal(line) if line else None,
        seed=SEED,
    )


def test_the_best_are_admitted_the_next_in_reserve_and_none_below_the_line() -> None:
    places = ranked([entry("a", "59.99"), entry("b", "70"), entry("c", "90"), entry("d", "80"), entry("e", "60")])
    assert [(each.id, each.rank, each.place) for each in places] == [
        ("c", 1, Place.ADMITTED),
        ("d", 2, Place.ADMITTED),
        ("b", 3, Place.RESERVE),
        ("e", 4, Place.OUTSIDE_QUOTA),
        ("a", 5, Place.BELOW_LINE),
    ]


def test_places_stay_vacant_when_too_few_reach_the_line() -> None:
    places = ranked([entry("a", "70"), entry("b", "59")], quota=5)
    assert [each.place for each in places] == [Place.ADMITTED, Place.BELOW_LINE]


def test_equal_totals_are_parted_by_the_criteria_in_their_order() -> None:
    places = ranked([entry("a", "80", "30", "50"), entry("b", "80", "40", "10"), entry("c", "80", "40", "20")])
    assert [each.id for each in places] == ["c", "b", "a"]
    assert [each.tie.params["decided_by"] for each in places if each.tie] == ["market", "market", "quality"]


def test_full_equality_is_parted_by_the_ticket_of_the_seed() -> None:
    names = [f"app_{number}" for number in range(6)]
    by_hand = sorted(names, key=lambda name: hashlib.sha256(f"{SEED}{name}".encode()).hexdigest())
    places = ranked([entry(name, "80") for name in names])
    assert [each.id for each in places] == by_hand
    assert {each.tie.code for each in places if each.tie} == {"tie-by-ticket"}
    assert places[0].ticket == ticket(SEED, places[0].id)


def test_another_seed_draws_other_lots() -> None:
    entries = [entry(f"app_{number}", "80") for number in range(20)]
    orders = {
        tuple(
            each.id
            for each in rank(entries, quota=1, reserve=0, criteria=("quality",), threshold=None, seed=f"seed {number}")
        )
        for number in range(5)
    }
    assert len(orders) == 5


def test_an_explanation_says_how_much_was_missing() -> None:
    places = ranked([entry("a", "90"), entry("b", "81.36"), entry("c", "81.2"), entry("d", "70"), entry("e", "59.5")])
    assert [each.explanation.text("zh") for each in places] == [
        "得分 90，第 1 名，在 2 个名额之内。",
        "得分 81.36，第 2 名，在 2 个名额之内。",
        "得分 81.2，第 3 名，2 个名额已满（末位得分 81.36，差 0.16），列递补第 1 名。",
        "得分 70，第 4 名，2 个名额已满（末位得分 81.36，差 11.36）。",
        "得分 59.5，未达到分数线 60（差 0.5）。",
    ]
    assert (
        places[3].explanation.text("en")
        == "70 points, place 4: the quota of 2 is full (last admitted 81.36, 11.36 short)."
    )
    assert places[3].reasons == ("outside-quota",)


def test_a_tie_at_the_line_of_the_quota_is_explained() -> None:
    places = ranked([entry("a", "90"), entry("b", "80", "40"), entry("c", "80", "39.5"), entry("d", "70")])
    assert [each.tie is not None for each in places] == [False, True, True, False]
    tie = places[2].tie
    assert tie is not None
    assert tie.text("zh") == "与另外 1 个申报同为 80 分，依次比较后由“quality”分出先后（本申报 39.5）。"
    assert tie.params["neighbour"] == "b"
    assert places[2].reasons == ("reserve", "tie-by-criterion")


def test_a_programme_ranks_by_its_own_quota_line_and_names() -> None:
    rules = programme("SERVICE_BRAND")
    criteria = {"service_quality": Decimal(30), "satisfaction": Decimal(20)}
    entries = [Entry(f"app_{number:03}", Decimal("80.00"), criteria) for number in range(160)]
    places = rules.rank([*entries, Entry("low", Decimal("59.99"), criteria)], seed=SEED)
    assert [each.place for each in places] == (
        [Place.ADMITTED] * 150 + [Place.RESERVE] * 5 + [Place.OUTSIDE_QUOTA] * 5 + [Place.BELOW_LINE]
    )
    better = rules.rank([entries[0], Entry("b", Decimal("80.00"), criteria | {"satisfaction": Decimal(21)})], seed=SEED)
    assert better[0].tie is not None
    assert "顾客满意" in better[0].tie.text("zh")
    assert "Customer satisfaction" in better[0].tie.text("en")


def test_an_entry_is_read_back_from_its_trace() -> None:
    arithmetic = {"official": "81.20", "criteria": {"quality": "30.5", "market": "1"}}
    assert Entry.of("a", arithmetic) == entry("a", "81.20", "30.5", "1")
    with pytest.raises(ValueError, match="no official score"):
        Entry.of("a", None)


def test_a_place_as_json_holds_no_decimal_but_text() -> None:
    (place,) = ranked([entry("a", "81.20")])
    assert place.as_json() == {
        "id": "a",
        "rank": 1,
        "place": "admitted",
        "total": "81.20",
        "ticket": ticket(SEED, "a"),
        "explanation": {
            "code": "admitted",
            "zh": "得分 81.20，第 1 名，在 2 个名额之内。",
            "en": "81.20 points, place 1: within the quota of 2.",
            "params": {"total": "81.20", "rank": "1", "quota": "2"},
        },
        "tie": None,
    }


@pytest.mark.parametrize(
    ("entries", "changes"),
    [
        ([entry("a", "1"), entry("a", "2")], {}),
        ([Entry("a", Decimal(1), {"quality": Decimal(1)})], {}),
        ([Entry("a", 1.5, {"quality": Decimal(1), "market": Decimal(1)})], {}),  # type: ignore[arg-type]  # a float is what is refused
        ([entry("a", "NaN")], {}),
        ([entry("a", "1", "Infinity")], {}),
        ([entry("a", "1")], {"quota": -1}),
        ([entry("a", "1")], {"reserve": -1}),
    ],
)
def test_what_cannot_be_ranked_is_refused(entries: list[Entry], changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ranked(entries, **changes)


def test_a_list_without_a_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        rank([], quota=1, reserve=0, criteria=(), threshold=None, seed="")


few_points = st.integers(55, 65).map(Decimal)
entry_lists = st.lists(st.tuples(few_points, few_points, few_points), max_size=12).map(
    lambda rows: [
        Entry(f"app_{number}", total, {"quality": quality, "market": market})
        for number, (total, quality, market) in enumerate(rows)
    ]
)
quotas = st.integers(0, 6)


@given(entry_lists, quotas, st.integers(0, 4))
def test_the_quota_is_never_exceeded_nor_given_to_the_worse(entries: list[Entry], quota: int, reserve: int) -> None:
    places = ranked(entries, quota=quota, reserve=reserve)
    above = [each for each in places if each.total >= 60]
    assert [each.rank for each in places] == list(range(1, len(entries) + 1))
    assert sum(each.admitted for each in places) == min(quota, len(above))
    assert sum(each.place is Place.RESERVE for each in places) == min(reserve, max(0, len(above) - quota))
    assert {each.id for each in places if each.place is Place.BELOW_LINE} == {e.id for e in entries if e.total < 60}
    standing = [BETTER_FIRST.index(each.place) for each in places]
    assert standing == sorted(standing)


@given(entry_lists, quotas, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_changes_nothing(entries: list[Entry], quota: int, random: Random) -> None:
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert ranked(shuffled, quota=quota) == ranked(entries, quota=quota)


@given(entry_lists.filter(bool), quotas, st.data())
def test_more_points_never_make_a_place_worse(entries: list[Entry], quota: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    raised = Entry(entries[at].id, entries[at].total + data.draw(st.integers(1, 9)), entries[at].criteria)
    before = {each.id: each for each in ranked(entries, quota=quota)}[raised.id]
    after = {each.id: each for each in ranked([*entries[:at], raised, *entries[at + 1 :]], quota=quota)}[raised.id]
    assert after.rank <= before.rank
    assert BETTER_FIRST.index(after.place) <= BETTER_FIRST.index(before.place)


@given(entry_lists, quotas)
def test_a_larger_quota_takes_nobody_s_place(entries: list[Entry], quota: int) -> None:
    smaller = {each.id for each in ranked(entries, quota=quota) if each.admitted}
    larger = {each.id for each in ranked(entries, quota=quota + 1) if each.admitted}
    assert smaller <= larger


@given(entry_lists, quotas)
def test_every_text_of_every_place_can_be_read(entries: list[Entry], quota: int) -> None:
    for each in ranked(entries, quota=quota):
        texts = [each.explanation.text("zh"), each.explanation.text("en")]
        texts += [each.tie.text("zh"), each.tie.text("en")] if each.tie else []
        assert all(texts)
        assert "{" not in "".join(texts)
