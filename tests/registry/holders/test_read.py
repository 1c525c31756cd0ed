from support.casts.registering import USCC, act, register
from support.service.alone import Alone


async def test_a_holder_is_read_with_its_latest_name_and_its_titles(service: Alone) -> None:
    await register(service)
    service.legal.move(days=1)
    await register(service, item="虚泉牌磨床", applicant_name="虚泉机械集团有限公司")
    before = await service.send("GET", f"/v1/holders/{USCC.lower()}")

    await act(service, "suspend")

    after = await service.send("GET", f"/v1/holders/{USCC}")
    holder = {"uscc": USCC, "name": "虚泉机械集团有限公司", "titles": 2, "barred_until": None}
    assert (before.status_code, before.json()) == (200, holder | {"titles_in_force": 2})
    assert after.json() == holder | {"titles_in_force": 1}

    await act(service, "revoke", effective_on="2015-10-09")

    barred = await service.send("GET", f"/v1/holders/{USCC}")
    assert barred.json() == holder | {"titles_in_force": 1, "barred_until": "2018-10-08"}


async def test_who_never_held_a_title_is_not_found(on_sqlite: Alone) -> None:
    unknown = await on_sqlite.send("GET", f"/v1/holders/{USCC}")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "holder-not-found")
