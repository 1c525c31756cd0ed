from collections.abc import Callable
from typing import Any

import pytest

from common.contracts.review.deliberations import (
    DeliberationConcluded,
    ListConfirmed,
    ListedCase,
    ListHeld,
    ListRefused,
    ListReturned,
    SeatVote,
    list_digest,
)
from common.files.store import StoredFile
from common.kernel.actor import Actor
from common.kernel.errors import ActionNotAllowed, MingpaiError, Refused
from common.kernel.event import Event
from review_service.decision.deliberations.lifecycle import State
from review_service.decision.deliberations.model import Deliberation
from review_service.decision.deliberations.refusals import (
    BallotsMissing,
    ConfirmedByAnotherOrganisation,
    DeliberationDecided,
    DeliberationDiscarded,
    QuorumMissing,
    SeatsDiffer,
    SecondPersonNeeded,
    VotesNotEnough,
)
from support.casts import programmes
from support.casts.actors import actor, id_of
from support.service.alone import START

RULES = programmes.programme("SERVICE_BRAND")
ABOUT = {"deliberation_id": "dlb_1", "ranking_id": "rnk_1", "round_id": "rnd_1", "honour": "SERVICE_BRAND"}
CASE = ListedCase(
    application_id="app_1",
    applicant_id=id_of("91370102FAKE00013R"),
    applicant="91370102FAKE00013R",
    rank=1,
    digest="sha256:1",
)
FILE = StoredFile(digest="sha256:" + "1" * 64, size=10, media_type="application/pdf")
BODY, REASON = "SD-BODY", "须补充说明。"
OFFICE, OWN = actor("office", org="SD-OFFICE"), actor("office", org=BODY)
DECISIONS: dict[str, Callable[[Deliberation, Actor], None]] = {
    "hold": lambda one, by: one.hold(by=by, reason=REASON),
    "confirm": lambda one, by: one.confirm({"rev_1": CASE}, by=by),
    "return": lambda one, by: one.return_(by=by, reason=REASON),
    "refuse": lambda one, by: one.refuse(by=by, reason=REASON),
}
EVENTS: dict[str, Event] = {
    "hold": ListHeld(**ABOUT, reason=REASON),
    "confirm": ListConfirmed(**ABOUT, list_digest=list_digest([CASE]), items=(CASE,)),
    "return": ListReturned(**ABOUT, reason=REASON),
    "refuse": ListRefused(**ABOUT, reason=REASON),
}
TARGETS = {"hold": "held", "confirm": "confirmed", "return": "returned", "refuse": "refused"}
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "recorded": ("attach", "discard", "conclude"),
    "concluded": ("hold", "confirm", "return", "refuse"),
    "held": ("confirm", "return", "refuse"),
    "confirmed": ("announce",),
    "returned": (),
    "refused": (),
    "announced": (),
    "discarded": (),
}
WAITS = {"hold": "office", "confirm": "office", "return": None, "refuse": None}


FINAL: dict[str, type[Refused]] = dict.fromkeys(("returned", "refused", "announced"), DeliberationDecided) | {
    "discarded": DeliberationDiscarded
}
OFFICER, OTHER = actor("recognition_officer", sub="officer-1"), actor("recognition_officer", sub="officer-2")


def _votes(votes_for: int, against: int = 0, abstained: int = 0, *, recused: int = 0) -> list[dict[str, Any]]:
    """Return the votes of fifteen seats; the first `recused` members are recused from `app_1`, the last are absent."""
    votes = ["for"] * votes_for + ["against"] * against + ["abstained"] * abstained
    votes += ["absent"] * (15 - len(votes))
    return [
        {"seat": seat, "member": f"m-{seat}", "vote": vote, "recused_from": ["app_1"] if seat <= recused else []}
        for seat, vote in enumerate(votes, start=1)
    ]


def _deliberation(state: str = "concluded", votes: list[dict[str, Any]] | None = None) -> Deliberation:
    deliberation = Deliberation(
        id="dlb_1",
        ranking_id="rnk_1",
        round_id="rnd_1",
        honour="SERVICE_BRAND",
        recognition_body=BODY,
        votes=_votes(10, 1, 1) if votes is None else votes,
        items=["rev_1"],
        minutes="会议纪要",
        recorded_at=START,
        recorded_by="officer-1",
        waits_for="office",
    )
    deliberation.state = State(state)
    return deliberation


@pytest.mark.parametrize("votes", [(10, 1, 1), (11, 3, 1), (7, 3, 0), (15, 0, 0)])
def test_a_vote_with_quorum_and_majority_waits_for_a_second_person_and_then_for_the_office(
    votes: tuple[int, int, int],
) -> None:
    deliberation = _deliberation(votes=_votes(*votes))

    deliberation.record_vote(RULES, {"rev_1": "app_1"})
    assert (deliberation.state, deliberation.waits_for) == ("recorded", "recognition_officer")
    for kind in ("ballots", "minutes"):
        deliberation.attach(kind=kind, name="扫描件.pdf", file=FILE)
    deliberation.conclude(["app_1"], by=OTHER, at=START)

    happened = deliberation.recorded
    assert [one.action for one in happened] == ["record", "attach", "attach", "conclude"]
    seats = tuple(SeatVote(seat=one["seat"], vote=one["vote"], recused_from=()) for one in deliberation.votes)
    assert happened[-1].event == DeliberationConcluded(
        **ABOUT, votes_for=votes[0], votes_against=votes[1], abstained=votes[2], votes=seats, items=("app_1",)
    )
    assert (deliberation.concluded_by, deliberation.waits_for) == ("officer-2", "office")


@pytest.mark.parametrize(
    ("votes", "refusal", "params"),
    [
        (_votes(9), QuorumMissing, {"application_id": "app_1", "present": 9, "quorum": 10}),
        (_votes(6, 4), VotesNotEnough, {"application_id": "app_1", "votes_for": 6, "needed": 7}),
        (_votes(6, 0, 4), VotesNotEnough, {"application_id": "app_1", "votes_for": 6, "needed": 7}),
        (_votes(10, recused=1), QuorumMissing, {"application_id": "app_1", "present": 9, "quorum": 10}),
        (_votes(8, 4, recused=2), VotesNotEnough, {"application_id": "app_1", "votes_for": 6, "needed": 7}),
        (_votes(15)[:14], SeatsDiffer, {"seats": 15}),
        ([*_votes(15), {"seat": 16, "member": "m-16", "vote": "for", "recused_from": []}], SeatsDiffer, {"seats": 15}),
        ([one | {"seat": 1} for one in _votes(15)], SeatsDiffer, {"seats": 15}),
        ([one | {"member": "m-1"} for one in _votes(15)], SeatsDiffer, {"seats": 15}),
    ],
)
def test_a_vote_that_the_programme_does_not_count_is_refused(
    votes: list[dict[str, Any]], refusal: type[MingpaiError], params: dict[str, Any]
) -> None:
    deliberation = _deliberation(votes=votes)

    with pytest.raises(refusal) as refused:
        deliberation.record_vote(RULES, {"rev_1": "app_1", "rev_2": "app_2"})

    assert refused.value.params == params
    assert deliberation.recorded == []


def test_a_recused_seat_is_not_counted_for_its_case_only() -> None:
    deliberation = _deliberation(votes=_votes(11, recused=1))

    deliberation.record_vote(RULES, {"rev_1": "app_1", "rev_2": "app_2"})

    assert (deliberation.votes_for, deliberation.items) == (11, ["rev_1", "rev_2"])


def test_a_vote_is_concluded_by_a_second_person_with_ballots_and_minutes() -> None:
    deliberation = _deliberation("recorded")
    with pytest.raises(SecondPersonNeeded):
        deliberation.conclude(["app_1"], by=OFFICER, at=START)
    deliberation.attach(kind="minutes", name="纪要.pdf", file=FILE)
    with pytest.raises(BallotsMissing):
        deliberation.conclude(["app_1"], by=OTHER, at=START)

    assert (deliberation.state, deliberation.concluded_at) == ("recorded", None)


def test_a_case_that_was_not_voted_on_cannot_be_confirmed() -> None:
    with pytest.raises(ValueError, match="not voted on"):
        _deliberation().confirm({"rev_2": CASE}, by=OFFICE)


@pytest.mark.parametrize("state", MAY_FOLLOW)
@pytest.mark.parametrize("action", DECISIONS)
def test_the_office_decides_where_the_state_allows_it(state: str, action: str) -> None:
    deliberation = _deliberation(state)

    if action not in MAY_FOLLOW[state]:
        with pytest.raises(FINAL.get(state, ActionNotAllowed)) as refused:
            DECISIONS[action](deliberation, OFFICE)
        assert (refused.value.current_state, refused.value.allowed_actions) == (state, MAY_FOLLOW[state])
        assert (deliberation.state, deliberation.reason, deliberation.recorded) == (state, None, [])
        return
    DECISIONS[action](deliberation, OFFICE)

    (happened,) = deliberation.recorded
    reason = None if action == "confirm" else REASON
    assert (happened.action, happened.from_state, happened.to_state) == (action, state, TARGETS[action])
    assert (happened.event, happened.reason) == (EVENTS[action], reason)
    assert (deliberation.waits_for, deliberation.reason) == (WAITS[action], reason)


@pytest.mark.parametrize("action", DECISIONS)
def test_the_recognition_body_does_not_decide_about_its_own_vote(action: str) -> None:
    deliberation = _deliberation()

    with pytest.raises(ConfirmedByAnotherOrganisation):
        DECISIONS[action](deliberation, OWN)

    assert (deliberation.state, deliberation.recorded) == ("concluded", [])


@pytest.mark.parametrize("state", MAY_FOLLOW)
def test_a_confirmed_list_is_announced_and_waits_for_nobody(state: str) -> None:
    deliberation = _deliberation(state)

    if state != "confirmed":
        with pytest.raises(Refused):
            deliberation.announce()
        assert (deliberation.waits_for, deliberation.recorded) == ("office", [])
        return
    deliberation.announce()

    assert [(one.action, one.to_state, one.event) for one in deliberation.recorded] == [("announce", "announced", None)]
    assert deliberation.waits_for is None


def test_a_list_that_was_not_confirmed_has_no_digest() -> None:
    deliberation = _deliberation()

    with pytest.raises(ValueError, match="no digest"):
        deliberation.confirmed_digest()

    deliberation.confirm({"rev_1": CASE}, by=OFFICE)
    assert deliberation.confirmed_digest() == list_digest([CASE])


def test_the_digest_of_a_list_says_which_cases_in_which_order_with_which_content() -> None:
    other = CASE.model_copy(update={"application_id": "app_2", "rank": 2})
    changed = [CASE.model_copy(update=change) for change in ({"rank": 2}, {"digest": "sha256:2"}, {"applicant": "X"})]

    digests = [list_digest(each) for each in ([CASE], [CASE, other], [other, CASE], *([one] for one in changed))]

    assert len(set(digests)) == len(digests)
