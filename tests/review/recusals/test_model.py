import pytest

from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from review_service.cases.recusals.model import Recusal
from review_service.cases.recusals.refusals import LiftedByAnother, RecusalLiftedAlready
from support.casts.actors import actor
from support.service.alone import START

ABOUT = {"recusal_id": "rcs_1", "person": "person-1", "applicant": "91370102FAKE00013R"}


def _recusal() -> Recusal:
    return Recusal(
        id="rcs_1",
        person="person-1",
        applicant="91370102FAKE00013R",
        reason="近亲属任职。",
        declared_at=START,
        declared_by="person-1",
    )


def test_a_recusal_binds_until_another_person_lifts_it() -> None:
    recusal = _recusal()
    recusal.declare()
    with pytest.raises(LiftedByAnother):
        recusal.lift(by=actor("office", sub="person-1"), reason="无关。")
    assert recusal.in_force

    recusal.lift(by=actor("office", sub="person-2"), reason="核实无关。")

    declared, lifted = recusal.recorded
    assert (declared.action, declared.to_state, declared.event) == ("declare", "declared", RecusalDeclared(**ABOUT))
    assert (lifted.action, lifted.to_state, lifted.event) == ("lift", "lifted", RecusalLifted(**ABOUT))
    assert not recusal.in_force
    with pytest.raises(RecusalLiftedAlready):
        recusal.lift(by=actor("office", sub="person-2"), reason="再次。")
