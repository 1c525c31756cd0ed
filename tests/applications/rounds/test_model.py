from datetime import timedelta

import pytest

from applications_service.rounds.lifecycle import State
from applications_service.rounds.model import Round
from applications_service.rounds.refusals import RoundAlreadyClosed, RoundPeriodEmpty
from common.contracts.applications import RoundClosed, RoundOpened
from support.applying import HONOUR, RULES, new_edition, new_round
from support.service import START


def test_a_round_pins_the_edition_it_was_opened_under() -> None:
    round_ = new_round()

    (happened,) = round_.recorded
    assert round_.state is State.OPEN
    assert happened.event == RoundOpened(
        round_id="rnd_1",
        programme_id="prg_1",
        honour=HONOUR,
        edition=1,
        programme_digest=RULES.digest,
        year=2015,
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
    )


def test_a_round_that_closes_when_it_opens_is_none() -> None:
    with pytest.raises(RoundPeriodEmpty) as refused:
        Round.opened(round_id="rnd_1", programme=new_edition(), year=2015, opens_at=START, closes_at=START)

    assert (refused.value.code, refused.value.pointer) == ("round-period-empty", "/closes_at")


def test_a_round_takes_applications_from_its_opening_until_just_before_its_closing() -> None:
    round_ = new_round()
    tick = timedelta(microseconds=1)

    open_at = [round_.is_open(at) for at in (START - tick, START, round_.closes_at - tick, round_.closes_at)]

    assert open_at == [False, True, True, False]


def test_a_closed_round_takes_nothing_and_is_closed_for_good() -> None:
    round_ = new_round()

    round_.close()

    assert round_.state is State.CLOSED
    assert not round_.is_open(START)
    assert round_.recorded[-1].event == RoundClosed(round_id="rnd_1", honour=HONOUR, year=2015)
    with pytest.raises(RoundAlreadyClosed) as refused:
        round_.close()
    assert (refused.value.current_state, refused.value.allowed_actions) == ("closed", ())
