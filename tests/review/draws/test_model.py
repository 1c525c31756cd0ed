from review_service.panel.draws.model import Draw
from support.service.alone import START


def test_a_draw_keeps_its_protocol_without_an_event() -> None:
    draw = Draw(
        id="drw_1",
        round_id="rnd_1",
        seed="seed",
        panel_size=3,
        drawn_at=START,
        drawn_by="officer-1",
        agency="SD-BODY",
        panels=[{"review_id": "rev_1", "experts": ["exp_1", "exp_2", "exp_3"]}],
    )

    draw.enter()

    assert [(one.action, one.event, one.to_state) for one in draw.recorded] == [("draw", None, None)]
