from datetime import date

import pytest

from common.contracts.registry import (
    BrandActEvent,
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandWarned,
)
from common.lifecycle import ActionNotAllowed
from common.programme.outcome import Act
from registry_service.brands.lifecycle import State
from registry_service.brands.model import Brand, Ruling, Serial
from registry_service.brands.refusals import BrandAlreadyCancelled, BrandAlreadyExpired, BrandAlreadyRevoked
from support.programmes import programme
from support.registering import HONOUR, NUMBER, USCC, review_completed
from support.service import START

TITLE = programme(HONOUR).title
ABOUT = {"brand_id": "brd_1", "number": NUMBER, "honour": HONOUR, "year": 2015, "uscc": USCC}
TOLD_BY: dict[Act, type[BrandActEvent]] = {
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
FINAL = {"revoked": BrandAlreadyRevoked, "cancelled": BrandAlreadyCancelled, "expired": BrandAlreadyExpired}


def _brand(state: str = "active", *, effective_on: str = "2015-10-08") -> Brand:
    brand = Brand.registered(
        review_completed(effective_on=effective_on),
        brand_id="brd_1",
        title=TITLE,
        serial=1,
        today=date(2015, 10, 8),
        at=START,
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
        granted_on=date.fromisoformat(effective_on),
        effective_on=date.fromisoformat(effective_on),
        valid_until=valid_until,
        document_number="鲁名牌字〔2015〕1号",
        application_id="app_1",
        division="370102",
    )


@pytest.mark.parametrize("state", MAY_FOLLOW)
@pytest.mark.parametrize("action", list(TOLD_BY))
def test_a_ruling_is_followed_where_it_may_and_told_by_its_own_event(state: str, action: Act) -> None:
    brand = _brand(state)
    brand.recorded.clear()

    if action not in MAY_FOLLOW[state]:
        with pytest.raises(FINAL.get(state, ActionNotAllowed)) as refused:
            brand.follow(_ruling(action))
        assert (refused.value.current_state, refused.value.allowed_actions) == (state, MAY_FOLLOW[state])
        assert (brand.state, brand.grounds, brand.recorded) == (state, None, [])
        return
    brand.follow(_ruling(action))

    (happened,) = brand.recorded
    assert (happened.from_state, happened.to_state, brand.grounds) == (state, TARGET[action], "fraud")
    assert happened.event == TOLD_BY[action](
        **ABOUT,
        state=TARGET[action],
        version_before=0,
        version_after=1,
        grounds="fraud",
        reason="弄虚作假。",
        document_number="鲁名牌办〔2015〕2号",
        acting_body="SD-OFFICE",
        effective_on=date(2015, 10, 8),
    )


def test_a_title_takes_effect_without_another_word() -> None:
    brand = _brand("pending_effect")

    brand.take_effect()

    assert (brand.state, brand.recorded[0].event) == (State.ACTIVE, None)


@pytest.mark.parametrize("state", ["active", "warned", "suspended"])
def test_a_live_title_expires_on_the_day_after_its_last(state: str) -> None:
    brand = _brand(state)
    brand.recorded.clear()

    assert brand.expire() == date(2018, 10, 8)

    told = BrandExpired(**ABOUT, state="expired", version_before=0, version_after=1, expired_on=date(2018, 10, 8))
    assert (brand.state, brand.recorded[0].event) == (State.EXPIRED, told)


def test_a_title_without_end_does_not_expire() -> None:
    brand = _brand()
    brand.valid_until = None

    with pytest.raises(ValueError, match="does not expire"):
        brand.expire()


def test_serials_are_counted_from_one() -> None:
    serial = Serial(id="FAMOUS_PRODUCT:2015")

    serial.last = 0

    assert [serial.take(), serial.take()] == [1, 2]
