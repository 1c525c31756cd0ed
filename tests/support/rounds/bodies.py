"""What each operation of a random round sends: a function of the row that it acts on, and how often it is chosen.

Weights say how likely an act is beside the others that are lawful at the same time: what brings a case on is chosen
more often than what ends it, so that rounds come far before everybody falls silent.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from common.programme import Programme
from support.casts import programmes

Row = Mapping[str, Any]
REASON: Final = {"reason": "随机演练中的一步。"}
REMOVABLE: Final = ("shortlisted", "outside")


@dataclass
class Given:
    """What a body may depend on beside its row."""

    drawn: random.Random
    rules: Programme
    today: date
    seen: Mapping[str, list[dict[str, Any]]]
    number: int
    """A number that no other body of the round has."""


Body = Callable[[Given, Row], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is played."""

    weight: float
    body: Body = lambda _given, _row: None
    when: Callable[[Given, Row], bool] = lambda _given, _row: True
    """Whether somebody with sense would try it, by what he sees."""


def nothing_open(given: Given, _row: Row) -> bool:
    """Return whether every application seen is accepted or ended."""
    ended = {"accepted", "withdrawal_requested", "rejected", "withdrawn", "lapsed"}
    return all(one["state"] in ended for one in given.seen["applications"])


def nobody_in_time(given: Given, row: Row) -> bool:
    """Return whether no sheet of the case is open and in time."""
    return not any(
        one["review_id"] == row["id"] and one["state"] == "open" and given.today <= one["due_on"]
        for one in given.seen["sheets"]
    )


def shown(given: Given, row: Row) -> bool:
    """Return whether the notices of the list that are seen have ended."""
    return all(one["closes_on"] < given.today for one in given.seen["notices"] if one["ranking_id"] == row["id"])


def reason(_given: Given, _row: Row) -> dict[str, Any]:
    """Return a reason."""
    return REASON


def acceptance(given: Given, row: Row) -> dict[str, Any]:
    """Decide the rules that the facts did not decide, nearly always for the applicant."""
    results = (row["formal_check"] or {"results": []})["results"]
    unknown = [each["code"] for each in results if each["verdict"] == "unknown"]
    holds = given.drawn.random() < 0.95
    return {"decisions": [{"rule": code, "holds": holds, "reason": "已核对。"} for code in unknown]}


def scores(given: Given, _row: Row) -> dict[str, Any]:
    """Score the whole sheet, from poor to excellent."""
    share = given.drawn.choice(["0.4", "0.7", "0.8", "0.9", "1"])
    return {"scores": programmes.full_scores(given.rules.honour, share=share)}


def removal(given: Given, row: Row) -> dict[str, Any]:
    """Take a case of the list off it, for a veto or by the office's decision."""
    cases = [one for one in given.seen["reviews"] if one["state"] in REMOVABLE and one["round_id"] == row["round_id"]]
    veto = given.drawn.random() < 0.5
    return REASON | {
        "review_id": given.drawn.choice(cases)["id"] if cases else "rev_none",
        "ground": "veto" if veto else "office_decision",
        "veto_rule": given.rules.veto_rules[0].code if veto else None,
    }


def ballots(given: Given, row: Row) -> dict[str, Any]:
    """Record a vote: most seats in favour, sometimes too few of them, sometimes too few present."""
    share = given.drawn.choice([1.0, 1.0, 0.8, 0.5])
    kinds = ["against", "abstained", "absent"]
    votes = ["for" if given.drawn.random() < share else given.drawn.choice(kinds) for _ in range(seats(given.rules))]
    return vote(row["id"], votes)


def vote(ranking_id: str, votes: list[str], *, of: str = "member") -> dict[str, Any]:
    """Return the record of a vote, seat by seat."""
    named = [{"seat": at, "member": f"{of}-{at}", "vote": one} for at, one in enumerate(votes, start=1)]
    return {"ranking_id": ranking_id, "votes": named, "minutes": "会议审议了名单。"}


def seats(rules: Programme) -> int:
    """Return how many seats vote."""
    return rules.decision.recognition.seats


def announcement(given: Given, row: Row) -> dict[str, Any]:
    """Announce a confirmed list, to take effect today or later."""
    later = given.drawn.choice([0, 0, 0, 5])
    return announced(row["id"], number=given.number, effective_on=given.today + timedelta(days=later))


def announced(deliberation_id: str, *, number: int, effective_on: date) -> dict[str, Any]:
    """Return the body of an announcement under a document number of its own."""
    named = f"鲁名牌字〔2015〕{number}号"
    return {"deliberation_id": deliberation_id, "document_number": named, "effective_on": effective_on.isoformat()}


def ruling(action: str) -> Body:
    """Return the body of a proposal to warn, suspend, revoke, cancel or reinstate a brand, on any ground for it."""

    def proposal(given: Given, _row: Row) -> dict[str, Any]:
        grounds = getattr(given.rules.title.grounds, action)
        return REASON | {
            "grounds": given.drawn.choice(grounds).code,
            "document_number": f"鲁名牌办〔2015〕{given.number}号",
            "effective_on": given.today.isoformat(),
        }

    return proposal


def extension(given: Given, row: Row) -> dict[str, Any]:
    """Move the ends of the later windows by some days."""
    days = timedelta(days=given.drawn.randint(1, 9))
    ends = ("recommendation_closes_at", "acceptance_closes_at")
    return REASON | {end: _text(row[end] + days) for end in ends}


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


OPERATIONS: Final[Mapping[str, Plan]] = {
    "close_round": Plan(0.05),
    "extend_round": Plan(0.05, extension),
    "conclude_acceptance": Plan(20, when=nothing_open),
    "edit_application": Plan(0.1, lambda _, row: {"answers": row["answers"]}),
    "submit_application": Plan(6),
    "request_supplement": Plan(0.7, reason),
    "extend_supplement": Plan(1, reason),
    "supplement_application": Plan(2, lambda _, row: {"answers": row["answers"]}),
    "accept_application": Plan(6, acceptance),
    "reject_application": Plan(0.8, lambda *_: {"reasons": ["不符合申报条件。"]}),
    "withdraw_application": Plan(0.02, reason),
    "recommend_application": Plan(5, lambda *_: {"opinion": "同意推荐。", "confirms_division": True}),
    "return_application": Plan(0.25, reason),
    "hand_back_application": Plan(0.6, reason),
    "declare_recusal": Plan(0),
    "lift_recusal": Plan(0.2, reason),
    "edit_expert": Plan(0),
    "pause_expert": Plan(0.004, reason),
    "resume_expert": Plan(0.1),
    "end_expert": Plan(0.002, reason),
    "declare_conflict": Plan(0),
    "hold_review": Plan(0.08, reason),
    "release_review": Plan(0.5, reason),
    "propose_redraw": Plan(0.15, reason),
    "approve_redraw": Plan(1),
    "refuse_redraw": Plan(0.5, reason),
    "fill_seats": Plan(0.5),
    "close_panel": Plan(1, reason, nobody_in_time),
    "fill_in_sheet": Plan(5, scores, lambda _, row: not row["scores"]),
    "submit_sheet": Plan(5, when=lambda _, row: bool(row["scores"])),
    "recuse_from_sheet": Plan(0.25, lambda *_: {"ground": "near_relative", "reason": "近亲属任职。"}),
    "void_sheet": Plan(0.1, reason, lambda _, row: row["state"] == "open"),
    "replace_expert": Plan(2, reason, lambda given, row: row["due_on"] < given.today),
    "propose_ranking": Plan(0),
    "remove_case": Plan(0.4, removal),
    "call_reserve": Plan(1.5, reason, lambda given, _: any(one["on_reserve"] for one in given.seen["reviews"])),
    "close_list": Plan(0.5),
    "publish_notice": Plan(
        8, lambda _, row: {"ranking_id": row["id"]},
        lambda given, _: any(one["state"] == "shortlisted" and not one["shown_until"] for one in given.seen["reviews"]),
    ),
    "attach_evidence": Plan(3, when=lambda _, row: not row["evidence"]),
    "file_objection": Plan(3),
    "open_hearing": Plan(4, lambda *_: {"question": "请说明。"}),
    "state_position": Plan(4, lambda *_: {"statement": "情况属实。"}),
    "answer_objection": Plan(
        4, lambda given, _: REASON | {"verdict": given.drawn.choice(["upheld", "rejected", "rejected"])}
    ),
    "record_deliberation": Plan(8, ballots, shown),
    "attach_to_deliberation": Plan(8),
    "discard_deliberation": Plan(0.5, reason),
    "conclude_deliberation": Plan(8),
    "hold_list": Plan(0.5, reason),
    "confirm_list": Plan(6),
    "return_list": Plan(0.8, reason),
    "refuse_list": Plan(0.1, reason),
    "publish_announcement": Plan(8, announcement),
    **{f"propose_{name}": Plan(weight, ruling(action)) for name, action, weight in (
        ("warning", "warn", 0.3),
        ("suspension", "suspend", 0.3),
        ("reinstatement", "reinstate", 0.5),
        ("revocation", "revoke", 1),
        ("cancellation", "cancel", 0.2),
    )},
    "approve_act": Plan(4),
    "refuse_act": Plan(0.4, reason),
    "release_registration": Plan(0.2, reason),
}  # fmt: skip
"""Every operation that makes a move of a noun; those of weight 0 begin something new, at the player's own choice."""

RARE: Final = 1
"""Weights below this one are disturbances: each round has some of them seldom, some often and some never."""


def weights_of_round(drawn: random.Random) -> dict[str, float]:
    """Return the weights of one round, which differ from round to round in what disturbs it."""
    return {
        operation: plan.weight * (drawn.choice([0, 0.3, 1, 4]) if plan.weight < RARE else 1)
        for operation, plan in OPERATIONS.items()
    }


LEFT_OUT: Final[Mapping[str, str]] = {
    "propose_programme": "the rules of a round are published before it opens",
    "publish_programme": "as before",
    "open_round": "a random round is one round",
    "create_application": "the player begins each case once",
    "attach_file": "the programme of a random round asks for no material",
    "detach_file": "as before",
    "admit_uscc": "every code of a random round is valid",
    "draft_objection": "the player begins it from a notice",
    "move_application": "every case of a random round begins at its right desk",
    "enter_expert": "the player enters the pool",
    "refuse_registration": "it is for a recognition whose grounds are forged or lost",
    "redeliver_message": "no mail is sent",
}
"""Operations that make a move and are not chosen at random."""
