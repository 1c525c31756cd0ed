import pytest

from applications_service.intake.recommendations.model import Recommendation, Verdict
from common.contracts.applications.applications import ChainStage
from support.service.alone import START


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_decision_is_noted_with_its_opinion(verdict: Verdict) -> None:
    decision = Recommendation(
        id="rec_1",
        application_id="app_1",
        round_id="rnd_1",
        agency="SD-370102",
        chain_stage=ChainStage.COUNTY,
        verdict=verdict,
        opinion="材料属实。",
        decided_by="person",
        decided_at=START,
    )

    decision.enter()

    (happened,) = decision.recorded
    assert (happened.action, happened.event, happened.reason) == (verdict.value, None, "材料属实。")
