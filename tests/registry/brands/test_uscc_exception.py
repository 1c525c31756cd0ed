"""A holder whose code has a wrong check character that was admitted: registered, marked, and found everywhere."""

from common.contracts.applications.usccs import UsccException
from common.contracts.registry.brands import BrandRegistered
from support.casts.registering import NUMBER, read, register
from support.service.alone import START, Alone

CODE = "91350203M0001QKT19"
ADMITTED = UsccException(reason="早期赋码。", agency="SD-BODY", admitted_at=START)
MARK = {"reason": "早期赋码。", "agency": "SD-BODY", "admitted_at": "2015-10-08T01:00:00Z"}


async def test_the_brand_carries_the_mark_and_every_look_up_takes_the_code(service: Alone) -> None:
    await register(service, applicant=CODE, uscc_exception=ADMITTED)

    by_code = (await service.send("GET", f"/v1/brands?uscc={CODE.lower()}")).json()["items"]
    by_words = (await service.send("GET", f"/v1/brands?q={CODE}")).json()["items"]
    holder = await service.send("GET", f"/v1/holders/{CODE.lower()}")
    verified = (await service.send("GET", f"/v1/brands/{NUMBER}/verification")).json()

    assert (await read(service))["uscc_exception"] == MARK
    (event,) = await service.published(BrandRegistered)
    assert (event["data"]["uscc"], event["data"]["uscc_exception"]) == (CODE, MARK)
    assert [one["number"] for one in by_code] == [one["number"] for one in by_words] == [NUMBER]
    assert (holder.status_code, holder.json()["uscc"], holder.json()["titles"]) == (200, CODE, 1)
    assert verified["genuine"]["answer"] is True


async def test_every_other_brand_has_none(on_sqlite: Alone) -> None:
    await register(on_sqlite)

    assert (await read(on_sqlite))["uscc_exception"] is None
