"""The proofs of the leaves of review and quota."""

from collections.abc import Mapping
from typing import Final

from support.leaves import reviewing
from support.leaves.edition import Change, all_of, publishing, put
from support.leaves.proof import Proof, each

_TREE: Final = "/review/indicators/tree/0"
_DOUBLE: Final = {"level": "double", "withheld_answers": [], "withheld_materials": [], "source": "default: ours"}
_FOUR: Final = all_of(put("/review/panel/size", 4), put("/review/panel/seats/0/count", 2))
_TWO_PLACES: Final = all_of(put("/quota/total", 2), put("/quota/reserve", 1))


def _double(**withheld: list[str]) -> Change:
    return put("/review/blind", _DOUBLE | withheld)


REVIEW: Final[Mapping[str, Proof]] = {
    **each(
        reviewing.scoring,
        {"review.indicators.unit": "1", "review.indicators.tree[].children": []},
    ),
    "review.indicators.tree[].code": Proof(reviewing.scoring, put(f"{_TREE}/children/2/code", "market_abroad")),
    "review.indicators.tree[].cap": Proof(
        reviewing.scoring, all_of(put(f"{_TREE}/children/0/cap", "80"), put(f"{_TREE}/children/1/cap", "100"))
    ),
    "review.panel.size": Proof(reviewing.seated, _FOUR),
    "review.panel.minimum_sheets": Proof(reviewing.score_of_two, put("/review/panel/minimum_sheets", 2)),
    "review.panel.seats[].role": Proof(reviewing.seated, put("/review/panel/seats/0/role", "tasting")),
    "review.panel.seats[].count": Proof(reviewing.seated, _FOUR),
    "review.panel.seats[].knows_category": Proof(
        reviewing.seated_strangers, put("/review/panel/seats/0/knows_category", False)
    ),
    "review.blind.level": Proof(reviewing.read_by_experts, _double()),
    "review.blind.withheld_answers": Proof(
        reviewing.read_by_experts, _double(withheld_answers=["/established_on"]), _double()
    ),
    "review.blind.withheld_materials": Proof(
        reviewing.read_by_experts, _double(withheld_materials=["licence"]), _double()
    ),
    "review.recusal[].code": Proof(reviewing.seated_neighbours, put("/review/recusal/4/code", "same_city")),
    "review.recusal[].look_back_years": Proof(reviewing.seated_advisers, put("/review/recusal/1/look_back_years", 10)),
    "review.aggregation.method": Proof(publishing, put("/review/aggregation/method", "median")),
    "review.aggregation.trim_from": Proof(reviewing.score_of_four, put("/review/aggregation/trim_from", 4)),
    "review.aggregation.round_to": Proof(reviewing.score_of_three, put("/review/aggregation/round_to", "1")),
    "review.threshold.points": Proof(reviewing.ranked, put("/review/threshold/points", "500"), _TWO_PLACES),
    "quota.total": Proof(reviewing.ranked, put("/quota/total", 3), _TWO_PLACES),
    "quota.tie_order": Proof(
        reviewing.ranked, put("/quota/tie_order", ["total", "market", "quality", "ticket"]), _TWO_PLACES
    ),
    "quota.reserve": Proof(reviewing.ranked, put("/quota/reserve", 0), _TWO_PLACES),
    "quota.reserve_call.rule": Proof(reviewing.refilled, put("/quota/reserve_call/rule", "never")),
    **each(reviewing.sheets_due, {"clocks.scoring.days": 12, "clocks.scoring.kind": "calendar"}),
}
