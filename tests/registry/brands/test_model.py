from datetime import date
from typing import Any

import pytest

from common.contracts.registry.brands import (
    BrandActEvent,
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandTookEffect,
    BrandWarned,
)
from common.kernel.errors import ActionNotAllowed
from common.programme.definition.award import Act
from registry_service.register.brands.lifecycle import LIFECYCLE, State
from registry_service.register.brands.model import Brand, Change, Entry, Ruling
from registry_service.register.brands.refusals import BrandAlreadyCancelled, BrandAlreadyExpired, BrandAlreadyRevoked
from support.casts.actors import id_of
from support.casts.programmes import item_members, programme
from support.casts.registering import HONOUR, NUMBER, USCC, case
from support.service.alone import START

TITLE = programme(HONOUR).title
ABOUT: dict[str, Any] = {
    "brand_id": "brd_1",
    "number": NUMBER,
    "honour": HONOUR,
    "year": 2015,
    "applicant_id": id_of(USCC),
    "uscc": USCC,
    "application_id": "app_1",
    "recorded_at": START,
}
EVENTS: dict[Act, type[BrandActEvent]] = {
    "warn": BrandWarned,
    "suspend": BrandSuspended,
    "reinstate": BrandReinstated,
    "revoke": BrandRevoked,
    "cancel": BrandCancelled,
}
TARGET = {"warn": "warned", "suspend": "suspended", "reinstate": "active", "revoke": "revoked", "cancel": "cancelled"}
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "pending_effect": ("take_effect", "revoke", "cancel"),
    "active": ("warn", "suspend", "revoke", "cancel", "expire"),
    "warned": ("suspend", "reinstate", "revoke", "cancel", "expire"),
    "suspended": ("reinstate", "revoke", "cancel", "expire"),
    "revoked": (),
    "cancelled": (),
    "expired": (),
}
ENTRY = Entry("chg_1", START)
BARRED_UNTIL = date(2018, 10, 7)
FINAL = {"revoked": BrandAlreadyRevoked, "cancelled": BrandAlreadyCancelled, "expired": BrandAlreadyExpired}


def _brand(state: str = "active", *, effective_on: str = "2015-10-08") -> Brand:
    event = case(effective_on=effective_on, application_id="app_1").completed
    assert event.registration is not None
    brand = Brand.registered(
        event,
        event.registration,
        brand_id="brd_1",
        title=TITLE,
        serial=1,
        today=date(2015, 10, 8),
        entry=ENTRY,
    )
    if state != "active":
        brand.state = State(state)
        brand.recorded.clear()
    return brand


def _ruling(action: Act) -> Ruling:
    return Ruling(
        action=action,
        grounds="fraud",
        reason="弄虚作假。",
        document_number="鲁名牌办〔2015〕2号",
        acting_body="SD-OFFICE",
        effective_on=date(2015, 10, 8),
        barred_until=BARRED_UNTIL if action == "revoke" else None,
        proposed_by="office-1",
        approved_by="office-2",
    )


@pytest.mark.parametrize(
    ("effective_on", "action", "state", "valid_until"),
    [
        ("2015-10-08", "register", "active", date(2018, 10, 7)),
        ("2015-10-09", "enter_pending", "pending_effect", date(2018, 10, 8)),
    ],
)
def test_a_title_is_pending_until_its_day(effective_on: str, action: str, state: str, valid_until: date) -> None:
    brand = _brand(effective_on=effective_on)

    (happened,) = brand.recorded
    assert (happened.action, happened.from_state, happened.to_state) == (action, None, state)
    assert happened.event == BrandRegistered(
        **ABOUT,
        state=state,
        version_before=0,
        version_after=1,
        holder_name="济南虚泉精密机械有限公司",
        item="虚泉牌数控车床",
        **item_members(HONOUR),
        granted_on=date.fromisoformat(effective_on),
        effective_on=date.fromisoformat(effective_on),
        valid_until=valid_until,
        document_number="鲁名牌字〔2015〕1号",
        programme_digest=programme(HONOUR).digest,
        division="370102",
    )


@pytest.mark.parametrize("state", MAY_FOLLOW)
@pytest.mark.parametrize("action", list(EVENTS))
def test_a_ruling_is_followed_where_it_may_and_has_its_own_event(state: str, action: Act) -> None:
    brand = _brand(state)
    brand.recorded.clear()

    if action not in MAY_FOLLOW[state]:
        with pytest.raises(FINAL.get(state, ActionNotAllowed)) as refused:
            brand.follow(_ruling(action), entry=ENTRY)
        assert (refused.value.current_state, refused.value.allowed_actions) == (state, MAY_FOLLOW[state])
        assert (brand.state, brand.grounds, brand.recorded) == (state, None, [])
        return
    brand.follow(_ruling(action), entry=ENTRY)

    (happened,) = brand.recorded
    assert (happened.from_state, happened.to_state, brand.grounds) == (state, TARGET[action], "fraud")
    bar = {"barred_until": BARRED_UNTIL} if action == "revoke" else {}
    assert brand.barred_until == bar.get("barred_until")
    assert happened.event == EVENTS[action](
        **ABOUT,
        **bar,
        state=TARGET[action],
        version_before=0,
        version_after=1,
        grounds="fraud",
        reason="弄虚作假。",
        document_number="鲁名牌办〔2015〕2号",
        acting_body="SD-OFFICE",
        effective_on=date(2015, 10, 8),
    )


def test_a_title_takes_effect_on_the_announced_day_and_it_is_published() -> None:
    brand = _brand("pending_effect")

    brand.take_effect(entry=ENTRY)

    published = BrandTookEffect(
        **ABOUT, state="active", version_before=0, version_after=1, effective_on=date(2015, 10, 8)
    )
    assert (brand.state, brand.recorded[0].event) == (State.ACTIVE, published)


def _line(change: Change) -> dict[str, object]:
    names = ("id", "brand_id", "action", "from_state", "to_state", "effective_on", "recorded_at", "document_number")
    ruled = ("acting_body", "grounds", "reason", "proposed_by", "approved_by")
    return {name: getattr(change, name) for name in (*names, *ruled)}


LINE: dict[str, object] = {
    "id": "chg_1",
    "brand_id": "brd_1",
    "recorded_at": START,
    "effective_on": date(2015, 10, 8),
    "document_number": "鲁名牌字〔2015〕1号",
    "acting_body": None,
    "grounds": None,
    "reason": None,
    "proposed_by": "system",
    "approved_by": "system",
}


def test_a_ruling_enters_the_history_with_its_document_and_both_persons() -> None:
    assert _line(_brand("warned").follow(_ruling("suspend"), entry=ENTRY)) == {
        **LINE,
        "action": "suspend",
        "from_state": "warned",
        "to_state": "suspended",
        "document_number": "鲁名牌办〔2015〕2号",
        "acting_body": "SD-OFFICE",
        "grounds": "fraud",
        "reason": "弄虚作假。",
        "proposed_by": "office-1",
        "approved_by": "office-2",
    }


def test_what_the_calendar_does_enters_the_history_in_the_systems_name() -> None:
    moved = {"action": "take_effect", "from_state": "pending_effect", "to_state": "active"}
    assert _line(_brand("pending_effect").take_effect(entry=ENTRY)) == {**LINE, **moved}

    ended = {"action": "expire", "from_state": "active", "to_state": "expired", "effective_on": date(2018, 10, 8)}
    assert _line(_brand().expire(entry=ENTRY)) == {**LINE, **ended}


def test_no_move_is_made_without_a_line_of_history() -> None:
    brand = _brand()

    with pytest.raises(TypeError, match="line of history"):
        brand.record(LIFECYCLE.move(brand.state, "warn"))


@pytest.mark.parametrize("state", ["active", "warned", "suspended"])
def test_a_live_title_expires_on_the_day_after_its_last(state: str) -> None:
    brand = _brand(state)
    brand.recorded.clear()

    assert brand.expire(entry=ENTRY).effective_on == date(2018, 10, 8)

    published = BrandExpired(**ABOUT, state="expired", version_before=0, version_after=1, expired_on=date(2018, 10, 8))
    assert (brand.state, brand.recorded[0].event) == (State.EXPIRED, published)


def test_a_title_without_end_does_not_expire() -> None:
    brand = _brand()
    brand.valid_until = None

    with pytest.raises(ValueError, match="does not expire"):
        brand.expire(entry=ENTRY)
