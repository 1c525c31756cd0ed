import pytest

from common.contracts.review.rankings import (
    LeavingGround,
    ListChange,
    RankedCase,
    ShortlistChanged,
    ShortlistProposed,
)
from common.kernel.errors import ActionNotAllowed, Refused
from common.programme.definition.reviewing import ReserveRule
from review_service.cases.reviews.lifecycle import State as CaseState
from review_service.cases.reviews.model import Review
from review_service.decision.rankings.lifecycle import State
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.refusals import (
    ListDecided,
    ListNotEmpty,
    NoPlaceVacant,
    ReserveEmpty,
    ReserveNeverCalled,
    VersionUnknown,
)
from review_service.decision.rankings.versions import shortlist_at
from support.casts.actors import id_of
from support.casts.reviewing import accepted, definition
from support.service.alone import START

CASES = [
    RankedCase(
        review_id="rev_1",
        application_id="app_1",
        applicant_id=id_of("91370102FAKE00013R"),
        applicant="91370102FAKE00013R",
        rank=1,
        admitted=True,
    ),
    RankedCase(
        review_id="rev_2",
        application_id="app_2",
        applicant_id=id_of("91370202FAKE0003XH"),
        applicant="91370202FAKE0003XH",
        rank=2,
        admitted=False,
    ),
]
TARGETS = {
    ("proposed", "publish_notice"): "on_notice",
    ("on_notice", "publish_notice"): "on_notice",
    ("on_notice", "deliberate"): "deliberated",
    ("deliberated", "take_back"): "on_notice",
    ("deliberated", "refuse"): "refused",
    ("deliberated", "announce"): "announced",
    ("deliberated", "announce_part"): "on_notice",
    ("proposed", "close"): "closed",
    ("on_notice", "close"): "closed",
}
ACTIONS = tuple(dict.fromkeys(action for _, action in TARGETS))


def _ranking(state: str = "proposed") -> Ranking:
    ranking = Ranking(
        id="rnk_1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        year=2015,
        quota=1,
        seed="seed",
        proposed_at=START,
        proposed_by="officer-1",
        recognition_body="SD-BODY",
        items=[],
    )
    ranking.state = State(state)
    return ranking


def test_a_proposed_list_is_published_with_every_place() -> None:
    ranking = _ranking()

    ranking.propose(CASES)

    (happened,) = ranking.recorded
    assert (happened.action, happened.from_state, happened.to_state) == ("propose", None, "proposed")
    assert happened.event == ShortlistProposed(
        ranking_id="rnk_1", round_id="rnd_1", honour="SERVICE_BRAND", quota=1, items=tuple(CASES)
    )


@pytest.mark.parametrize("state", [str(state) for state in State])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_list_follows_notice_deliberation_and_announcement_in_their_order(state: str, action: str) -> None:
    ranking = _ranking(state)
    target = TARGETS.get((state, action))

    if target is None:
        refusal: type[Refused] = ListDecided if state in {"announced", "refused", "closed"} else ActionNotAllowed
        with pytest.raises(refusal) as refused:
            ranking.go(action)
        assert refused.value.current_state == state
        assert (ranking.state, ranking.recorded) == (state, [])
        return
    ranking.go(action)

    assert [(one.action, one.from_state, one.to_state, one.event) for one in ranking.recorded] == [
        (action, state, target, None)
    ]


def _cases(*states: str) -> list[Review]:
    """Return cases ranked in this order; `reserve` is outside and on the reserve list."""
    cases = []
    for rank, state in enumerate(states, start=1):
        one = Review.opened(accepted(definition(), rank), review_id=f"rev_{rank}", at=START)
        one.recorded.clear()
        one.state = CaseState("outside" if state == "reserve" else state)
        one.rank, one.on_reserve = rank, state == "reserve"
        cases.append(one)
    return cases


def test_the_reserve_is_called_in_its_order_and_the_list_keeps_what_changed() -> None:
    ranking, cases = _ranking("on_notice"), _cases("not_recognised", "withdrawn", "reserve", "reserve", "outside")

    called = ranking.call_reserve(cases, rule="by_officer", reason="依次递补。", at=START)

    assert (called.id, called.state, called.on_reserve, called.reasons) == ("rev_3", "shortlisted", False, [])
    (happened,) = ranking.recorded
    assert (happened.action, happened.from_state, happened.to_state) == ("call_reserve", "on_notice", "on_notice")
    assert happened.event == ShortlistChanged(
        ranking_id="rnk_1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        list_version=2,
        change=ListChange.CALLED_UP,
        review_id="rev_3",
        application_id="app_3",
        applicant_id=called.applicant_id,
        applicant=called.applicant,
        rank=3,
        ground=None,
        veto_rule=None,
        reason="依次递补。",
    )
    assert (ranking.list_version, [one["review_id"] for one in ranking.changes]) == (2, ["rev_3"])


@pytest.mark.parametrize(
    ("states", "rule", "refusal"),
    [
        (("withdrawn", "reserve"), "never", ReserveNeverCalled),
        (("shortlisted", "reserve"), "by_officer", NoPlaceVacant),
        (("recognised", "reserve"), "automatic", NoPlaceVacant),
        (("withdrawn", "outside", "not_recognised"), "by_officer", ReserveEmpty),
    ],
)
def test_nobody_is_called_up_beyond_the_quota_or_against_the_programme(
    states: tuple[str, ...], rule: ReserveRule, refusal: type[Refused]
) -> None:
    ranking = _ranking("on_notice")

    with pytest.raises(refusal):
        ranking.call_reserve(_cases(*states), rule=rule, reason="递补。", at=START)

    assert (ranking.list_version, ranking.recorded) == (1, [])


@pytest.mark.parametrize(("rule", "called"), [("automatic", ["rev_2"]), ("by_officer", []), ("never", [])])
def test_only_an_automatic_reserve_fills_a_vacant_place_by_itself(rule: ReserveRule, called: list[str]) -> None:
    ranking, cases = _ranking("deliberated"), _cases("withdrawn", "reserve", "reserve")

    ranking.refill(cases, rule=rule, at=START)

    assert [case.id for case in cases if case.state is CaseState.SHORTLISTED] == called


@pytest.mark.parametrize(
    ("states", "rule", "target", "ended"),
    [
        (("recognised", "reserve", "outside"), "by_officer", "announced", ["rev_2", "rev_3"]),
        (("shortlisted", "reserve", "outside"), "automatic", "on_notice", ["rev_3"]),
        (("not_recognised", "reserve", "outside"), "by_officer", "on_notice", ["rev_3"]),
        (("not_recognised", "reserve", "outside"), "never", "announced", ["rev_2", "rev_3"]),
    ],
)
def test_while_somebody_is_to_be_decided_an_announcement_leaves_the_reserve(
    states: tuple[str, ...], rule: ReserveRule, target: str, ended: list[str]
) -> None:
    ranking = _ranking("deliberated")

    assert [case.id for case in ranking.announce(_cases(*states), rule=rule, at=START)] == ended

    assert (ranking.state, ranking.announced_at) == (target, START)


def test_a_list_is_closed_when_nobody_is_left_on_it_and_by_itself_only_after_an_announcement() -> None:
    open_, empty = _ranking("on_notice"), _ranking("on_notice")
    nobody = _cases("withdrawn", "outside")
    with pytest.raises(ListNotEmpty):
        open_.close(_cases("shortlisted"))
    assert empty.end_when_over(nobody, rule="automatic") == []
    empty.announced_at = START

    assert empty.end_when_over(nobody, rule="automatic") == nobody[1:]

    assert (open_.state, empty.state) == ("on_notice", "closed")


def test_every_version_of_the_list_can_be_read_again() -> None:
    ranking, cases = _ranking("on_notice"), _cases("shortlisted", "reserve")
    ranking.items = [{"id": "rev_1", "rank": 1, "place": "admitted"}, {"id": "rev_2", "rank": 2, "place": "reserve"}]
    cases[0].remove(grounds=["veto", "tax_evasion"], reason="查实。")
    ranking.strike_off(cases[0], ground=LeavingGround.VETO, veto_rule="tax_evasion", reason="查实。", at=START)
    ranking.refill(cases, rule="automatic", at=START)

    versions = [shortlist_at(version, ranking.items, ranking.changes) for version in (1, 2, 3)]

    assert versions == [[("rev_1", 1)], [], [("rev_2", 2)]]
    for unknown in (0, 4):
        with pytest.raises(VersionUnknown):
            shortlist_at(unknown, ranking.items, ranking.changes)
