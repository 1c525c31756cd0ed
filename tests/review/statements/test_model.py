from review_service.panel.statements.model import Statement
from support.service.alone import START


def test_a_signature_is_recorded_without_an_event() -> None:
    statement = Statement(
        id="stm_1", round_id="rnd_1", expert_sub="expert-1", programme_digest="sha256:0", signed_at=START
    )

    statement.sign()

    assert [(one.action, one.event, one.to_state) for one in statement.recorded] == [("sign", None, None)]
