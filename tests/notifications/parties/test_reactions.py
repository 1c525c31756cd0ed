from support.casenews import CITY, COUNTY, FIRM, accepted, completed, registered, revoked
from support.service import Alone


async def told(service: Alone) -> list[tuple[str, str]]:
    return sorted((row["event_type"], row["org"]) for row in await service.rows("messages"))


async def test_an_acceptance_teaches_the_parties_once_and_tells_the_applicant(service: Alone) -> None:
    event_id = await service.tell(accepted())
    await service.tell(accepted(), event_id=event_id)

    (row,) = await service.rows("parties")
    assert (row["id"], row["applicant"], row["recommenders"]) == ("app_1", FIRM, [COUNTY, CITY])
    assert (row["brand_id"], await told(service)) == (None, [("ApplicationAccepted", FIRM)])


async def test_the_outcome_reaches_applicant_and_recommenders_each_once(service: Alone) -> None:
    event_id = await service.tell(completed())
    await service.tell(completed(), event_id=event_id)

    assert await told(service) == [("ReviewCompleted", org) for org in sorted([FIRM, COUNTY, CITY])]


async def test_a_registration_waits_for_the_parties_and_later_acts_wait_behind_it(service: Alone) -> None:
    await service.tell(registered())
    await service.tell(revoked())

    assert [(row["key"], row["waiting_for"]) for row in await service.rows("parked")] == [
        ("brd_1", "parties:app_1"),
        ("brd_1", None),
    ]
    assert await told(service) == []

    await service.tell(accepted())

    everyone = sorted([FIRM, COUNTY, CITY])
    expected = [("ApplicationAccepted", FIRM)]
    expected += [("BrandRegistered", org) for org in everyone] + [("BrandRevoked", org) for org in everyone]
    assert await told(service) == expected
    assert await service.rows("parked") == []
    assert [row["brand_id"] for row in await service.rows("parties")] == ["brd_1"]


async def test_a_brand_of_no_known_case_is_told_to_its_holder(service: Alone) -> None:
    event_id = await service.tell(revoked(brand_id="brd_9"))
    await service.tell(revoked(brand_id="brd_9"), event_id=event_id)

    assert await told(service) == [("BrandRevoked", FIRM)]
