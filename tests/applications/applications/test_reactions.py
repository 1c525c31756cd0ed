from itertools import permutations

import pytest

from common.contracts.applications.applications import ApplicationWithdrawn
from common.contracts.review.reviews import Outcome, WithdrawalOutcome
from common.kernel.event import Event
from support.casts.applying import APPLICANT, OFFICER, bring_to, read
from support.casts.following import NUMBER, Following
from support.service.alone import Alone


async def _deliver_all(service: Alone, *events: Event) -> list[str]:
    return [await service.deliver(event) for event in events]


async def test_the_applicant_sees_the_stage_through_to_the_award_and_after(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)
    stages = []

    for event in (
        of.opened(),
        of.listed(),
        of.on_notice(),
        of.completed(),
        of.registered(),
        of.in_force(),
        of.ruled(),
        of.expired(),
    ):
        await service.deliver(event)
        stages.append((await read(service, one))["stage"])

    assert stages == [
        "under_review",
        "shortlisted",
        "on_notice",
        "recognised",
        "registered",
        "brand_active",
        "brand_revoked",
        "brand_expired",
    ]
    seen = await read(service, one)
    assert (seen["state"], seen["outcome"], seen["brand_number"]) == ("accepted", "recognised", NUMBER)
    assert seen["allowed_actions"] == []


async def test_a_case_outside_the_list_sees_so_and_how_it_ends(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)

    await service.deliver(of.listed(admitted=False))
    outside = await read(service, one)
    await service.deliver(of.completed(Outcome.NOT_RECOGNISED))
    ended = await read(service, one)

    assert (outside["stage"], outside["outcome"]) == ("outside_shortlist", None)
    assert (ended["stage"], ended["outcome"]) == ("not_recognised", "not_recognised")


async def test_an_event_that_comes_twice_has_its_effect_once(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)
    event = of.opened()
    event_id = await service.deliver(event)
    before = await read(service, one)

    await service.deliver(event, event_id=event_id)

    assert await read(service, one) == before
    causes = [(row["action"], row["actor_sub"], row["caused_by"]) for row in await service.rows("audit")]
    assert causes[-1] == ("advance", "system", event_id)
    assert [cause[0] for cause in causes].count("advance") == 1


async def test_events_in_another_order_lead_to_the_same_stage(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)

    await _deliver_all(
        service,
        of.registered(),
        of.completed(),
        of.on_notice(),
        of.listed(),
        of.opened(),
    )

    seen = await read(service, one)
    assert (seen["stage"], seen["outcome"], seen["brand_number"]) == ("registered", "recognised", NUMBER)
    assert await service.rows("parked") == []


@pytest.mark.parametrize("count", [1, 2])
async def test_after_the_award_a_withdrawal_is_too_late(service: Alone, count: int) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)
    await _deliver_all(service, *[of.completed(), of.registered()][:count])

    refused = await service.send("POST", f"/v1/applications/{one}/withdrawals", {"reason": "不再申报。"}, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (409, "recognition-stands")
    assert (await read(service, one))["allowed_actions"] == []


async def test_a_granted_withdrawal_ends_the_application_once_and_is_published(service: Alone) -> None:
    one = await bring_to(service, "withdrawal_requested")
    event = (await Following.of(service, one)).settled(WithdrawalOutcome.WITHDRAWN)

    event_id = await service.deliver(event)
    await service.deliver(event, event_id=event_id)

    seen = await read(service, one)
    assert (seen["state"], seen["stage"], seen["withdrawal"]["outcome"]) == ("withdrawn", "withdrawn", "withdrawn")
    (published,) = await service.published(ApplicationWithdrawn)
    assert (published["key"], published["data"]["reason"]) == (one, "不再申报。")
    assert await service.rows("dead_letters") == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_withdrawal_that_is_too_late_shows_the_note_beside_the_award(
    on_sqlite: Alone, order: tuple[int, ...]
) -> None:
    one = await bring_to(on_sqlite, "withdrawal_requested")
    of = await Following.of(on_sqlite, one)
    events = (of.completed(), of.registered(), of.settled(WithdrawalOutcome.TOO_LATE))

    await _deliver_all(on_sqlite, *(events[place] for place in order))

    seen = await read(on_sqlite, one)
    assert (seen["state"], seen["stage"], seen["outcome"], seen["brand_number"]) == (
        "accepted",
        "registered",
        "recognised",
        NUMBER,
    )
    assert (seen["withdrawal"]["outcome"], seen["withdrawal"]["note"]) == ("too_late", "评审已终结。")
    assert seen["allowed_actions"] == []
    assert await on_sqlite.published(ApplicationWithdrawn) == []


async def test_a_stage_that_is_only_late_does_not_move_what_has_ended(service: Alone) -> None:
    one = await bring_to(service, "withdrawn")
    of = await Following.of(service, one)
    before = await read(service, one)

    await _deliver_all(service, of.opened(), of.on_notice())

    assert await read(service, one) == before
    assert await service.rows("dead_letters") == []


@pytest.mark.parametrize("award", ["completed", "registered", "ruled"])
async def test_an_award_of_what_was_withdrawn_is_set_aside_with_the_contradiction(service: Alone, award: str) -> None:
    one = await bring_to(service, "withdrawn")
    contradicting: Event = getattr(await Following.of(service, one), award)()
    before = await read(service, one)

    await service.deliver(contradicting)

    assert await read(service, one) == before
    letters = await service.rows("dead_letters")
    assert {(letter["key"], letter["reason_code"]) for letter in letters} == {
        (contradicting.subject, "contradicts-application")
    }
    groups = ["applications"] if award == "completed" else ["applications", "applications-standing"]
    assert sorted(letter["consumer"] for letter in letters) == groups
    assert await service.rows("holdings") == []
    assert (await read(service, one, OFFICER))["stage"] == "withdrawn"


async def test_a_case_that_is_called_up_from_the_reserve_is_shown_on_the_shortlist(service: Alone) -> None:
    one = await bring_to(service, "accepted")
    of = await Following.of(service, one)
    await service.deliver(of.listed(admitted=False))

    await service.deliver(of.called_up())

    assert (await read(service, one))["stage"] == "shortlisted"
