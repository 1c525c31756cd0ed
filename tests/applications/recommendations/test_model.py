import pytest

from applications_service.recommendations.model import Recommendation, Verdict
from support.service import START


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_decision_is_noted_with_its_opinion(verdict: Verdict) -> None:
    decision = Recommendation(
        id="rec_1",
        application_id="app_1",
        agency="SD-370102",
        level="county",
        verdict=verdict,
        opinion="材料属实。",
        decided_by="person",
        decided_at=START,
    )

    decision.enter()

    (happened,) = decision.recorded
    assert (happened.action, happened.event, happened.reason) == (verdict.value, None, "材料属实。")
