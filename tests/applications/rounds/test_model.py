from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from applications_service.rules.rounds.lifecycle import State
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.refusals import (
    AcceptanceAlreadyConcluded,
    CasesStillOpen,
    EditionNotInForce,
    NothingExtended,
    OutsideCycle,
    RoundPeriodEmpty,
    RoundPeriodTooFar,
    RoundTooSoon,
    RoundWindowsDisordered,
    WindowShortened,
)
from applications_service.rules.rounds.windows import FARTHEST
from common.contracts.applications.rounds import (
    AcceptanceConcluded,
    AcceptanceOverdue,
    RoundClosed,
    RoundExtended,
    RoundOpened,
)
from common.kernel.digests import digest
from common.kernel.errors import ActionNotAllowed, MingpaiError
from support.casts import programmes
from support.casts.applying import HONOUR, RULES, new_round, new_windows, published_edition
from support.service.alone import START

TICK = timedelta(microseconds=1)
CLOSING = new_windows().closes_at


def opened(*, year: int = 2015, years_held: Sequence[int] = (), **windows: Any) -> Round:  # noqa: ANN401 -- instants
    """Open a round at START."""
    return Round.opened(
        round_id="rnd_1",
        programme=published_edition(),
        year=year,
        windows=new_windows(**windows),
        years_held=years_held,
        at=START,
    )


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
        recommendation_closes_at=round_.recommendation_closes_at,
        acceptance_closes_at=round_.acceptance_closes_at,
    )


def test_windows_that_are_not_given_are_as_long_as_the_programmes_terms() -> None:
    round_ = new_round()

    ends = (round_.windows.last_day, round_.recommendation_closes_at, round_.acceptance_closes_at)

    assert [str(each) for each in ends] == ["2015-11-30", "2015-12-28 16:00:00+00:00", "2016-02-02 16:00:00+00:00"]


@pytest.mark.parametrize(
    ("refusal", "pointer", "windows"),
    [
        (RoundPeriodEmpty, "/closes_at", {"closes_at": START}),
        (RoundPeriodTooFar, "/opens_at", {"opens_at": START - FARTHEST - TICK}),
        (RoundPeriodTooFar, "/acceptance_closes_at", {"acceptance_closes_at": START + FARTHEST + TICK}),
        (RoundWindowsDisordered, "/recommendation_closes_at", {"recommendation_closes_at": CLOSING - TICK}),
        (RoundWindowsDisordered, "/acceptance_closes_at", {"acceptance_closes_at": CLOSING}),
    ],
)
def test_windows_that_cannot_be_are_refused(refusal: type[MingpaiError], pointer: str, windows: dict[str, Any]) -> None:
    with pytest.raises(refusal) as refused:
        opened(**windows)

    assert getattr(refused.value, "pointer", None) == pointer


def test_an_edition_opens_no_round_before_it_is_in_force() -> None:
    early = START.replace(month=9, day=30)

    with pytest.raises(EditionNotInForce):
        opened(opens_at=early)

    assert opened(opens_at=START.replace(day=1)).state is State.OPEN


@pytest.mark.parametrize(
    "period",
    [
        {"closes_at": CLOSING.replace(month=12, day=31) + TICK},
        {"opens_at": START.replace(year=2016, month=3), "closes_at": CLOSING.replace(year=2016)},
    ],
)
def test_a_round_takes_applications_in_the_months_of_the_cycle(period: dict[str, Any]) -> None:
    with pytest.raises(OutsideCycle):
        opened(**{"year": period.get("opens_at", START).year, **period})


def test_no_round_takes_applications_after_its_year() -> None:
    with pytest.raises(OutsideCycle):
        opened(year=2014)

    assert opened(year=2016).state is State.OPEN


@pytest.mark.parametrize(("every_years", "held", "allowed"), [(1, 2014, True), (2, 2014, False), (2, 2013, True)])
def test_a_round_comes_round_when_the_cycle_says(*, every_years: int, held: int, allowed: bool) -> None:
    definition = programmes.definition(HONOUR)
    definition["cycle"]["every_years"] = every_years

    def open_it() -> Round:
        return Round.opened(
            round_id="rnd_1",
            programme=published_edition(definition),
            year=2015,
            windows=new_windows(),
            years_held=[held],
            at=START,
        )

    if allowed:
        assert open_it().state is State.OPEN
        return
    with pytest.raises(RoundTooSoon):
        open_it()


def test_a_round_takes_applications_from_its_opening_until_just_before_its_closing() -> None:
    round_ = new_round()

    open_at = [round_.is_open(at) for at in (START - TICK, START, round_.closes_at - TICK, round_.closes_at)]

    assert open_at == [False, True, True, False]


def test_a_closed_round_takes_nothing_and_waits_for_the_end_of_its_acceptance() -> None:
    round_ = new_round()

    round_.close()

    assert round_.state is State.CLOSED
    assert not round_.is_open(START)
    assert round_.recorded[-1].event == RoundClosed(round_id="rnd_1", honour=HONOUR, year=2015)
    assert (round_.waits_for, round_.due_on) == ("recognition_officer", date(2016, 2, 2))
    with pytest.raises(ActionNotAllowed) as refused:
        round_.close()
    assert (refused.value.current_state, refused.value.allowed_actions) == (
        "closed",
        ("extend", "fall_due", "conclude_acceptance"),
    )


def test_an_extension_moves_ends_to_later_instants_and_is_published() -> None:
    round_ = new_round()
    later = round_.acceptance_closes_at + timedelta(days=10)

    round_.extend(reason="汛期交通中断。", at=START, acceptance_closes_at=later, closes_at=None)

    assert (round_.closes_at, round_.acceptance_closes_at) == (CLOSING, later)
    event = round_.recorded[-1].event
    assert isinstance(event, RoundExtended)
    assert (event.acceptance_closes_at, event.closes_at, event.reason) == (later, CLOSING, "汛期交通中断。")


def test_no_window_is_shortened_nor_opened_again() -> None:
    round_ = new_round()

    with pytest.raises(NothingExtended):
        round_.extend(reason="x", at=START, closes_at=CLOSING, acceptance_closes_at=None)
    with pytest.raises(WindowShortened):
        round_.extend(reason="x", at=START, closes_at=CLOSING - TICK)
    with pytest.raises(WindowShortened):
        round_.extend(reason="x", at=CLOSING, closes_at=CLOSING + TICK)
    with pytest.raises(RoundWindowsDisordered):
        round_.extend(reason="x", at=START, closes_at=round_.acceptance_closes_at + TICK)

    assert round_.windows == new_round().windows


def test_an_extended_acceptance_falls_due_later() -> None:
    round_ = new_round()
    round_.close()

    round_.extend(reason="x", at=START, acceptance_closes_at=round_.acceptance_closes_at + timedelta(days=1))

    assert round_.due_on == date(2016, 2, 3)


def test_acceptance_is_concluded_when_nothing_is_open_and_names_what_was_accepted() -> None:
    round_ = new_round()
    round_.close()

    with pytest.raises(CasesStillOpen):
        round_.conclude_acceptance(accepted=["app_2"], still_open=1, at=START)
    round_.conclude_acceptance(accepted=["app_2", "app_1"], still_open=0, at=START)

    assert (round_.state, round_.waits_for, round_.due_on) == (State.CONCLUDED, None, None)
    assert round_.recorded[-1].event == AcceptanceConcluded(
        round_id="rnd_1",
        honour=HONOUR,
        year=2015,
        accepted_count=2,
        accepted_digest=digest(["app_1", "app_2"]),
        concluded_at=START,
    )
    with pytest.raises(AcceptanceAlreadyConcluded):
        round_.close()


def test_an_acceptance_that_is_late_is_published() -> None:
    round_ = new_round()
    round_.close()

    round_.fall_due()

    late = AcceptanceOverdue(round_id="rnd_1", honour=HONOUR, year=2015, due_on=date(2016, 2, 2))
    assert round_.recorded[-1].event == late


def test_an_open_round_is_not_concluded() -> None:
    with pytest.raises(ActionNotAllowed):
        new_round().conclude_acceptance(accepted=[], still_open=0, at=START)
