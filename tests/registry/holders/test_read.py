from common.contracts.registry.brands import BrandRegistered
from support.casts.actors import id_of
from support.casts.registering import NUMBER, USCC, act, register
from support.service.alone import Alone

PERSON = "NATURAL-370102-7"


async def test_a_holder_is_read_with_its_latest_name_and_its_titles(service: Alone) -> None:
    await register(service)
    service.legal.move(days=1)
    await register(service, item="虚泉牌磨床", applicant_name="虚泉机械集团有限公司")
    before = await service.send("GET", f"/v1/holders/{USCC.lower()}")

    await act(service, "suspend")

    after = await service.send("GET", f"/v1/holders/{USCC}")
    holder = {
        "applicant_id": id_of(USCC),
        "uscc": USCC,
        "name": "虚泉机械集团有限公司",
        "titles": 2,
        "barred_until": None,
    }
    assert (before.status_code, before.json()) == (200, holder | {"titles_in_force": 2})
    assert after.json() == holder | {"titles_in_force": 1}

    await act(service, "revoke", effective_on="2015-10-09")

    barred = await service.send("GET", f"/v1/holders/{USCC}")
    assert barred.json() == holder | {"titles_in_force": 1, "barred_until": "2018-10-08"}


async def test_a_holder_without_a_code_is_found_by_the_id_of_the_applicant(on_sqlite: Alone) -> None:
    await register(on_sqlite, applicant=PERSON, applicant_id="apl_7", has_uscc=False)
    (row,) = await on_sqlite.rows("brands")

    by_id = (await on_sqlite.send("GET", "/v1/holders/apl_7")).json()
    listed = (await on_sqlite.send("GET", "/v1/brands?applicant_id=apl_7")).json()["items"]
    others = (await on_sqlite.send("GET", "/v1/brands?applicant_id=apl_8")).json()["items"]
    by_account = await on_sqlite.send("GET", f"/v1/holders/{PERSON}")

    assert (row["uscc"], row["holder"]) == (None, PERSON)
    assert (by_id["applicant_id"], by_id["uscc"], by_id["titles"]) == ("apl_7", None, 1)
    assert ([(one["number"], one["uscc"]) for one in listed], others) == ([(NUMBER, None)], [])
    assert (PERSON in str(listed), by_account.status_code) == (False, 404)
    (event,) = await on_sqlite.published(BrandRegistered)
    assert (event["data"]["applicant_id"], event["data"]["uscc"]) == ("apl_7", None)


async def test_two_ids_of_one_code_are_one_holder(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    await register(on_sqlite, item="虚泉牌磨床", applicant_id="apl_2")

    found = [(await on_sqlite.send("GET", f"/v1/holders/{key}")).json() for key in (USCC, "apl_2", id_of(USCC))]

    assert [(one["applicant_id"], one["titles"]) for one in found] == [("apl_2", 2)] * 3


async def test_who_never_held_a_title_is_not_found(on_sqlite: Alone) -> None:
    unknown = await on_sqlite.send("GET", f"/v1/holders/{USCC}")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "holder-not-found")
