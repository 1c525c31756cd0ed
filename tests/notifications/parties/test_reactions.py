from support.casts.casenews import (
    CITY,
    COUNTY,
    FIRM,
    accepted,
    completed,
    corrected,
    moved,
    registered,
    revoked,
    submitted,
)
from support.service.alone import Alone

EVERYONE = sorted([FIRM, COUNTY, CITY])


async def messages(service: Alone) -> list[tuple[str, str]]:
    return sorted((row["event_type"], row["org"]) for row in await service.rows("messages"))


async def test_a_submission_names_the_applicant_and_an_acceptance_the_recommenders_once(service: Alone) -> None:
    await service.deliver(submitted())
    event_id = await service.deliver(accepted())
    await service.deliver(accepted(), event_id=event_id)
    await service.deliver(accepted())

    (row,) = await service.rows("parties")
    assert (row["id"], row["applicant"], row["recommenders"]) == ("app_1", FIRM, [COUNTY, CITY])
    assert row["brand_id"] is None
    assert await messages(service) == [("ApplicationAccepted", FIRM), ("ApplicationSubmitted", FIRM)]


async def test_the_outcome_waits_for_the_acceptance_and_reaches_everybody_once(service: Alone) -> None:
    event_id = await service.deliver(completed())
    await service.deliver(submitted())
    waiting = [(row["key"], row["waiting_for"]) for row in await service.rows("parked")]

    await service.deliver(accepted())
    await service.deliver(completed(), event_id=event_id)
    await service.deliver(completed())

    assert waiting == [("rev_1", "parties:app_1")]
    assert [one for one in await messages(service) if one[0] == "ReviewCompleted"] == [
        ("ReviewCompleted", org) for org in EVERYONE
    ]


async def test_a_registration_waits_for_the_recognition_and_later_acts_wait_behind_it(service: Alone) -> None:
    await service.deliver(submitted())
    await service.deliver(accepted())
    await service.deliver(registered())
    await service.deliver(revoked())

    assert [(row["key"], row["waiting_for"]) for row in await service.rows("parked")] == [
        ("brd_1", "outcome:app_1"),
        ("brd_1", None),
    ]
    assert [one for one in await messages(service) if one[0].startswith("Brand")] == []

    await service.deliver(completed())

    expected = [("BrandRegistered", org) for org in EVERYONE] + [("BrandRevoked", org) for org in EVERYONE]
    assert [one for one in await messages(service) if one[0].startswith("Brand")] == expected
    assert await service.rows("parked") == []
    assert [row["brand_id"] for row in await service.rows("parties")] == ["brd_1"]


async def test_nobody_is_written_to_about_a_brand_of_no_known_case(service: Alone) -> None:
    await service.deliver(revoked(brand_id="brd_9"))

    assert await messages(service) == []
    assert [row["reason_code"] for row in await service.rows("dead_letters")] == ["contradicts-parties"]


async def test_a_case_that_is_moved_or_comes_back_from_elsewhere_keeps_its_parties(on_sqlite: Alone) -> None:
    await on_sqlite.deliver(submitted())
    await on_sqlite.deliver(moved())
    (after_move,) = await on_sqlite.rows("parties")
    await on_sqlite.deliver(submitted())
    (after_return,) = await on_sqlite.rows("parties")

    assert (after_move["division"], after_return["division"]) == ("370103", "370102")
    assert await on_sqlite.rows("dead_letters") == []
    assert [one for one in await messages(on_sqlite) if one[0] == "ApplicationMoved"] == [("ApplicationMoved", FIRM)]


async def test_an_applicant_that_was_corrected_gets_one_message(on_sqlite: Alone) -> None:
    event_id = await on_sqlite.deliver(corrected())
    await on_sqlite.deliver(corrected(), event_id=event_id)

    assert await messages(on_sqlite) == [("ApplicantCorrected", FIRM)]
