from collections.abc import Callable
from datetime import date

import pytest

from common.contracts.envelope import Event
from common.contracts.registry import BrandExpired, BrandRegistered, BrandRevoked, BrandState
from common.contracts.review import (
    NoticeItem,
    NoticePublished,
    Outcome,
    RankedCase,
    ReviewCompleted,
    ReviewOpened,
    ShortlistProposed,
)
from support.applying import APPLICANT, OFFICER, USCC, bring_to, do, read
from support.service import Alone

NUMBER = "SDMP-2015-00001-B"
DAY = date(2015, 12, 20)


def _about(application_id: str) -> dict[str, str]:
    return {
        "review_id": "rev_1",
        "application_id": application_id,
        "round_id": "rnd_1",
        "honour": "FAMOUS_PRODUCT",
        "applicant": USCC,
        "division": "370102",
    }


def _completed(application_id: str, outcome: Outcome = Outcome.RECOGNISED) -> ReviewCompleted:
    return ReviewCompleted(
        **_about(application_id),
        outcome=outcome,
        rank=1,
        reasons=(),
        announcement_id="ann_1",
        applicant_name="济南虚泉精密机械有限公司",
        recommenders=("SD-370102",),
        registration=None,
    )


def _listed(application_id: str, *, admitted: bool) -> ShortlistProposed:
    case = RankedCase(review_id="rev_1", application_id=application_id, applicant=USCC, rank=1, admitted=admitted)
    return ShortlistProposed(ranking_id="rnk_1", round_id="rnd_1", honour="FAMOUS_PRODUCT", quota=300, items=(case,))


def _on_notice(application_id: str) -> NoticePublished:
    item = NoticeItem(application_id=application_id, applicant=USCC, applicant_name="虚泉", item="虚泉牌数控车床")
    return NoticePublished(
        notice_id="ntc_1",
        round_id="rnd_1",
        honour="FAMOUS_PRODUCT",
        year=2015,
        opens_on=date(2015, 11, 20),
        closes_on=date(2015, 12, 1),
        estimated=False,
        items=(item,),
    )


BRAND = {
    "brand_id": "brd_1",
    "number": NUMBER,
    "honour": "FAMOUS_PRODUCT",
    "year": 2015,
    "uscc": USCC,
    "version_before": 0,
    "version_after": 1,
}


def _registered(application_id: str) -> BrandRegistered:
    return BrandRegistered(
        **BRAND,
        state=BrandState.ACTIVE,
        holder_name="虚泉",
        item="虚泉牌数控车床",
        granted_on=DAY,
        effective_on=DAY,
        valid_until=None,
        document_number="鲁名牌字〔2015〕1号",
        application_id=application_id,
        division="370102",
    )


def _revoked() -> BrandRevoked:
    return BrandRevoked(
        **BRAND,
        state=BrandState.REVOKED,
        grounds="fraud",
        reason="弄虚作假。",
        document_number="鲁名牌办〔2016〕1号",
        acting_body="SD-OFFICE",
        effective_on=DAY,
    )


async def _tell_all(service: Alone, *events: Event) -> list[str]:
    return [await service.tell(event) for event in events]


async def test_the_applicant_sees_the_stage_through_to_the_award_and_after(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    stages = []

    for event in (
        ReviewOpened(**_about(one)),
        _listed(one, admitted=True),
        _on_notice(one),
        _completed(one),
        _registered(one),
        _revoked(),
        BrandExpired(**BRAND, state=BrandState.EXPIRED, expired_on=DAY),
    ):
        await service.tell(event)
        stages.append((await read(service, one))["stage"])

    assert stages == [
        "under_review",
        "shortlisted",
        "on_notice",
        "recognised",
        "registered",
        "brand_revoked",
        "brand_expired",
    ]
    seen = await read(service, one)
    assert (seen["state"], seen["outcome"], seen["brand_number"]) == ("accepted", "recognised", NUMBER)
    assert seen["allowed_actions"] == []


async def test_a_case_outside_the_list_sees_so_and_how_it_ends(service: Alone) -> None:
    one = await bring_to(service, "accepted")

    await service.tell(_listed(one, admitted=False))
    outside = await read(service, one)
    await service.tell(_completed(one, Outcome.NOT_RECOGNISED))
    ended = await read(service, one)

    assert (outside["stage"], outside["outcome"]) == ("outside_shortlist", None)
    assert (ended["stage"], ended["outcome"]) == ("not_recognised", "not_recognised")


async def test_an_event_that_comes_twice_has_its_effect_once(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    event = ReviewOpened(**_about(one))
    event_id = await service.tell(event)
    before = await read(service, one)

    await service.tell(event, event_id=event_id)

    assert await read(service, one) == before
    causes = [(row["action"], row["actor_sub"], row["caused_by"]) for row in await service.rows("audit")]
    assert causes[-1] == ("advance", "system", event_id)
    assert [cause[0] for cause in causes].count("advance") == 1


async def test_what_comes_in_a_foreign_order_ends_at_the_same_stage(service: Alone) -> None:
    one = await bring_to(service, "accepted")

    await _tell_all(
        service,
        _registered(one),
        _completed(one),
        _on_notice(one),
        _listed(one, admitted=True),
        ReviewOpened(**_about(one)),
    )

    seen = await read(service, one)
    assert (seen["stage"], seen["outcome"], seen["brand_number"]) == ("registered", "recognised", NUMBER)


@pytest.mark.parametrize("late", [_completed, _registered])
async def test_after_the_award_a_withdrawal_is_too_late(service: Alone, late: Callable[[str], Event]) -> None:
    one = await bring_to(service, "accepted")
    await service.tell(late(one))

    refused = await service.send("POST", f"/v1/applications/{one}/withdrawals", {"reason": "不再申报。"}, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (409, "recognition-stands")
    assert (await read(service, one))["allowed_actions"] == []


async def test_an_application_that_has_ended_is_not_moved_by_what_comes_late(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    await do(service, one, "withdrawals", APPLICANT, {"reason": "不再申报。"})
    before = await read(service, one)

    await _tell_all(service, ReviewOpened(**_about(one)), _completed(one), _revoked())

    assert await read(service, one) == before
    assert await service.rows("dead_letters") == []
    assert (await read(service, one, OFFICER))["stage"] == "withdrawn"
