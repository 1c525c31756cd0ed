"""Scenes of the review: the draw, the sheets, the score, the ranking and the reserve."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from common.codes.calendar import WorkingCalendar
from common.programme import Entry, Programme
from common.programme.terms import Terms
from review_service.cases.reviews.lifecycle import State as CaseState
from review_service.cases.reviews.model import Review
from review_service.decision.rankings.model import Ranking
from review_service.panel.draws.commands import case_of
from review_service.panel.draws.lots import Candidate, Panel, Tie, draw_panel, seats_of
from support.casts import programmes
from support.casts.actors import id_of
from support.leaves.edition import rules
from support.leaves.intake import HONOUR, TODAY, verdict
from support.service.alone import START

FIRM: Final = "91370102FAKE00013R"
CATEGORY: Final = "high_end_equipment"
CASES: Final = ("rev_1", "rev_2", "rev_3", "rev_4")


def _expert(number: int, **other: Any) -> Candidate:  # noqa: ANN401 -- fields of a candidate
    content = {
        "division": "370302",
        "roles": frozenset({"technical", "quality_management", "finance"}),
        "specialities": frozenset({CATEGORY}),
        "employers": (Tie(f"ORG-{number}"),),
    }
    return Candidate(id=f"exp_{number}", sub=f"sub-{number}", **content | other)


def _draw(given: dict[str, Any], pool: list[Candidate]) -> Panel:
    programme = rules(given)
    review = SimpleNamespace(id="rev_1", applicant=FIRM, division="370102")
    case = case_of(review, programme=programme, year=2015, on=TODAY, until=date(2015, 10, 29))  # type: ignore[arg-type]  # what the draw reads of a review
    return draw_panel(pool, case=case, seats=seats_of(programme, CATEGORY), seed="seed")


def seated(given: dict[str, Any]) -> list[str]:
    """Return the roles that ten experts of every role fill."""
    return [seat.role for seat, _ in _draw(given, [_expert(number) for number in range(10)]).seated]


def seated_strangers(given: dict[str, Any]) -> list[str]:
    """Return the roles that experts of another field fill."""
    pool = [_expert(number, specialities=frozenset({"chemicals"})) for number in range(10)]
    return [seat.role for seat, _ in _draw(given, pool).seated]


def seated_advisers(given: dict[str, Any]) -> int:
    """Return how many seats experts fill who advised the firm until five years ago."""
    tie = Tie(FIRM, until_on=date(2010, 10, 8), ground="consulting")
    return len(_draw(given, [_expert(number, conflicts=(tie,)) for number in range(10)]).seated)


def seated_neighbours(given: dict[str, Any]) -> int:
    """Return how many seats experts of the firm's county fill."""
    return len(_draw(given, [_expert(number, division="370102") for number in range(10)]).seated)


def sheet(programme: Programme, share: str = "0.8", **points: str) -> dict[str, Decimal]:
    """Return a whole sheet of a programme with these points."""
    full = {leaf: (programme.score_cap(leaf) * Decimal(share)).quantize(Decimal(1)) for leaf in programme.leaves}
    return full | {leaf: Decimal(each) for leaf, each in points.items()}


def scoring(given: dict[str, Any]) -> object:
    """Return what is taken of a sheet: a half point, 90 for sales, and an indicator of exports."""
    programme = rules(given)
    tried = ({"market_sales": "10.5"}, {"market_sales": "90"}, {"market_exports": "10"})
    return [verdict(programme.check_scores, {leaf: Decimal(points) for leaf, points in one.items()}) for one in tried]


def officially(given: dict[str, Any], count: int) -> object:
    """Return the official score of so many sheets that differ, or why there is none."""
    programme = rules(given)
    sheets = [sheet(programme, share) for share in ("0.61", "0.72", "0.73", "0.74", "0.95")[:count]]
    ended = verdict(programme.official_score, sheets)
    return str(programme.official_score(sheets).official) if ended == "done" else ended


def score_of_two(given: dict[str, Any]) -> object:
    return officially(given, 2)


def score_of_three(given: dict[str, Any]) -> object:
    return officially(given, 3)


def score_of_four(given: dict[str, Any]) -> object:
    return officially(given, 4)


def ranked(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the places of four cases: two of equal points with other strengths, a weaker one, and one of 550."""
    programme = rules(given)
    strong = {"market_sales": "80", "quality_level": "110"}
    other = {"market_sales": "100", "quality_level": "90"}
    sheets = [
        sheet(programme, **strong),
        sheet(programme, **other),
        sheet(programme, "0.7"),
        sheet(programme, "0.55"),
    ]
    traces = [programme.official_score([one] * 3).as_json() for one in sheets]
    entries = [Entry.of(case, trace) for case, trace in zip(CASES, traces, strict=True)]
    return [(each.id, each.place.value) for each in programme.rank(entries, seed="seed")]


def refilled(given: dict[str, Any]) -> list[str]:
    """Return who is on the list after one of it has left, with one case on the reserve list."""
    rule, cases = rules(given).quota.reserve_call.rule, [_case("rev_1"), _case("rev_2")]
    cases[1].place(rank=2, admitted=False, on_reserve=True, reasons=["outside_quota"])
    ranking = Ranking(
        id="rnk_1",
        round_id="rnd_1",
        honour=HONOUR,
        year=2015,
        quota=1,
        seed="seed",
        proposed_at=START,
        proposed_by="officer-1",
        recognition_body="SD-BODY",
        items=[],
    )
    ranking.go("publish_notice")
    ranking.refill(cases[1:], rule=rule, at=START)
    return [case.id for case in cases if case.state is CaseState.SHORTLISTED]


def _case(review_id: str) -> Review:
    snapshot = programmes.snapshot(HONOUR)
    review = Review(
        id=review_id,
        application_id=f"app_{review_id}",
        round_id="rnd_1",
        honour=HONOUR,
        edition=1,
        programme_digest="sha256:1",
        applicant_id=id_of(FIRM),
        applicant=FIRM,
        applicant_name="济南虚泉精密机械有限公司",
        division="370102",
        item="虚泉牌数控车床",
        digest="sha256:1",
        snapshot=snapshot,
        recommenders=[],
        opened_at=START,
    )
    review.state = CaseState.SCORED
    return review


def read_by_experts(given: dict[str, Any]) -> object:
    """Return whether an expert sees the applicant, the day of his founding, and his licence."""
    programme = rules(given)
    whole = programmes.handed_in(
        HONOUR, application_id="app_1", round_id="rnd_1", digest=programme.digest, item="虚泉牌数控车床", org=FIRM
    )
    seen = programme.blinded(whole)
    kinds = {each["kind"] for each in seen["attachments"]}
    return "applicant" in seen, "established_on" in seen["answers"], programme.materials.kinds[0].kind in kinds


def sheets_due(given: dict[str, Any]) -> date:
    """Return the last day of a sheet that is given out today."""
    return Terms(rules(given), WorkingCalendar(), TODAY).of("scoring").due_on
