from datetime import date, timedelta

import pytest

from common.kernel.clock import legal_date
from common.kernel.errors import ActionNotAllowed
from common.kernel.values.times import anniversary
from common.programme.definition.award import Act as ActKind
from registry_service.register.brands.model import Brand, Entry, Ruling
from registry_service.register.brands.refusals import BrandAlreadyRevoked
from registry_service.supervision.acts.lifecycle import State
from registry_service.supervision.acts.model import Act
from registry_service.supervision.acts.refusals import (
    ActDecided,
    ActLapsed,
    ApprovedByAnotherPerson,
    EffectiveBeforeTitle,
    EffectiveInFuture,
    GroundsUnknown,
)
from support.casts.actors import actor
from support.casts.programmes import programme
from support.casts.registering import ACTS, HONOUR, NUMBER, case
from support.service.alone import START

RULES = programme(HONOUR)
TODAY = date(2015, 10, 20)
ENTRY = Entry("chg_1", START)


def _brand(effective_on: str = "2015-10-08") -> Brand:
    event = case(effective_on=effective_on).completed
    assert event.registration is not None
    return Brand.registered(
        event,
        event.registration,
        brand_id="brd_1",
        title=RULES.title,
        serial=1,
        today=TODAY,
        entry=ENTRY,
    )


def _act(action: ActKind = "revoke", *, grounds: str | None = None, effective_on: date = TODAY) -> Act:
    return Act(
        id="act_1",
        number=NUMBER,
        action=action,
        grounds=grounds or ACTS[action][1],
        reason="弄虚作假。",
        document_number="鲁名牌办〔2015〕2号",
        acting_body="SD-OFFICE",
        effective_on=effective_on,
        proposed_by="office-1",
        proposed_at=START,
    )


def _proposed() -> Act:
    act = _act()
    act.propose(brand=_brand(), programme=RULES, today=TODAY)
    act.state = State.PROPOSED
    return act


def test_a_proposal_waits_for_the_office_and_publishes_nothing() -> None:
    act = _proposed()

    (happened,) = act.recorded
    assert (happened.action, happened.to_state, happened.event) == ("propose", "proposed", None)
    assert (happened.reason, act.waits_for) == ("弄虚作假。", "office")


def test_a_proposal_needs_a_ground_of_the_programme_for_this_very_act() -> None:
    for grounds in ("bad_weather", "mark_misuse"):
        with pytest.raises(GroundsUnknown) as refused:
            _act(grounds=grounds).propose(brand=_brand(), programme=RULES, today=TODAY)
        assert (refused.value.code, refused.value.pointer) == ("grounds-unknown", "/grounds")


def test_a_title_that_is_to_take_effect_may_end_from_the_day_of_its_registration_on() -> None:
    brand = _brand()
    brand.effective_on = date(2015, 12, 20)
    registered_on = legal_date(brand.registered_at)

    _act(effective_on=registered_on).propose(brand=brand, programme=RULES, today=TODAY)

    for day in (registered_on - timedelta(days=1), date.min):
        with pytest.raises(EffectiveBeforeTitle) as refused:
            _act(effective_on=day).propose(brand=brand, programme=RULES, today=TODAY)
        assert refused.value.params == {"effective_on": registered_on.isoformat()}


def test_an_act_counts_from_today_at_the_latest_and_from_the_title_at_the_earliest() -> None:
    with pytest.raises(EffectiveInFuture):
        _act(effective_on=date(2015, 10, 21)).propose(brand=_brand(), programme=RULES, today=TODAY)
    with pytest.raises(EffectiveBeforeTitle):
        _act(effective_on=date(2015, 10, 7)).propose(brand=_brand(), programme=RULES, today=TODAY)

    for act, brand in (
        (_act(effective_on=date(2015, 10, 8)), _brand()),
        (_act(effective_on=TODAY), _brand("2015-12-20")),
    ):
        act.propose(brand=brand, programme=RULES, today=TODAY)
        assert act.recorded[0].to_state == "proposed"


def test_what_the_brands_state_does_not_allow_is_not_proposed() -> None:
    brand = _brand()
    with pytest.raises(ActionNotAllowed):
        _act("reinstate").propose(brand=brand, programme=RULES, today=TODAY)
    brand.follow(_proposed().approve(by=actor("office", sub="office-2"), at=START), entry=ENTRY)

    with pytest.raises(BrandAlreadyRevoked):
        _act("warn").propose(brand=brand, programme=RULES, today=TODAY)


def test_an_approval_by_another_person_becomes_a_ruling_that_names_both() -> None:
    act = _proposed()

    ruling = act.approve(by=actor("office", sub="office-2"), at=START)

    assert ruling == Ruling(
        action="revoke",
        grounds="fraud",
        reason="弄虚作假。",
        document_number="鲁名牌办〔2015〕2号",
        acting_body="SD-OFFICE",
        effective_on=TODAY,
        barred_until=anniversary(TODAY, 3) - timedelta(days=1),
        proposed_by="office-1",
        approved_by="office-2",
    )
    assert (act.state, act.decided_by, act.decided_at, act.waits_for) == (State.APPROVED, "office-2", START, None)


def test_a_refusal_keeps_its_reason() -> None:
    act = _proposed()

    act.refuse(by=actor("office", sub="office-2"), reason="证据不足。", at=START)

    assert (act.state, act.refused_because, act.waits_for) == (State.REFUSED, "证据不足。", None)
    assert act.recorded[-1].reason == "证据不足。"


def test_who_proposed_decides_nothing() -> None:
    act = _proposed()

    with pytest.raises(ApprovedByAnotherPerson):
        act.approve(by=actor("office", sub="office-1"), at=START)
    with pytest.raises(ApprovedByAnotherPerson):
        act.refuse(by=actor("office", sub="office-1"), reason="x", at=START)

    assert (act.state, act.decided_by) == (State.PROPOSED, None)


def test_an_act_that_its_brand_allows_no_more_lapses_and_is_not_decided_after() -> None:
    act, brand = _proposed(), _brand()

    act.follow(brand)
    still_open = act.state
    brand.follow(_proposed().approve(by=actor("office", sub="office-2"), at=START), entry=ENTRY)
    act.follow(brand)

    assert (still_open, act.state, act.lapsed_because) == (State.PROPOSED, State.LAPSED, "brand_revoked")
    assert (act.waits_for, act.decided_by, act.recorded[-1].reason) == (None, None, "brand_revoked")
    with pytest.raises(ActLapsed):
        act.approve(by=actor("office", sub="office-2"), at=START)
    with pytest.raises(ActLapsed):
        act.refuse(by=actor("office", sub="office-2"), reason="x", at=START)


@pytest.mark.parametrize("state", [State.APPROVED, State.REFUSED])
def test_an_act_is_decided_once(state: State) -> None:
    act = _proposed()
    act.state = state

    with pytest.raises(ActDecided) as refused:
        act.approve(by=actor("office", sub="office-2"), at=START)

    assert (refused.value.current_state, refused.value.allowed_actions) == (state, ())
