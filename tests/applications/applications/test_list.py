import pytest

from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    OBSERVER,
    OFFICER,
    OTHER_CITY,
    STRANGER,
    begin,
    bring_to,
    do,
    read,
)
from support.service.alone import Alone


async def _ids(service: Alone, query: str, who: str) -> list[str]:
    answer = await service.send("GET", f"/v1/applications{query}", who=who)
    assert answer.status_code == 200
    return [one["id"] for one in answer.json()["items"]]


async def test_each_lists_what_is_his_to_see(service: Alone) -> None:
    handed_in = await bring_to(service, "submitted")
    round_id = (await read(service, handed_in))["round_id"]
    service.legal.move(minutes=1)
    draft = (await begin(service, round_id))["id"]

    assert await _ids(service, "", APPLICANT) == [draft, handed_in]
    assert await _ids(service, "?state=draft", APPLICANT) == [draft]
    assert await _ids(service, f"?round_id={round_id}&state=submitted&state=returned", APPLICANT) == [handed_in]
    assert await _ids(service, "?round_id=rnd_none", APPLICANT) == []
    assert [await _ids(service, "", who) for who in (COUNTY, CITY, OFFICER, OBSERVER)] == [[handed_in]] * 4
    assert [await _ids(service, "", who) for who in (STRANGER, OTHER_CITY)] == [[], []]


@pytest.mark.parametrize("who", ["expert|SD-POOL|370000", ""])
async def test_others_have_no_list(on_sqlite: Alone, who: str) -> None:
    refused = await on_sqlite.send("GET", "/v1/applications", who=who)

    assert refused.status_code == (403 if who else 401)


async def test_a_worklist_holds_what_waits_for_me_and_empties_when_i_have_done_it(service: Alone) -> None:
    waiting = "?waiting_for=me"
    application_id = await bring_to(service, "submitted")
    everybody = (APPLICANT, COUNTY, CITY, OFFICER)

    assert [await _ids(service, waiting, who) for who in everybody] == [[], [application_id], [], []]
    await do(service, application_id, "recommendations", COUNTY, {"opinion": "同意推荐。"})
    assert [await _ids(service, waiting, who) for who in everybody] == [[], [], [application_id], []]
    await do(service, application_id, "recommendations", CITY, {"opinion": "同意推荐。"})
    assert [await _ids(service, waiting, who) for who in everybody] == [[], [], [], [application_id]]
    await do(service, application_id, "returns", OFFICER, {"reason": "请更换检验报告。"})
    assert [await _ids(service, waiting, who) for who in everybody] == [[application_id], [], [], []]


async def test_a_list_can_be_limited_to_one_priority_field_of_the_call(service: Alone) -> None:
    handed_in = await bring_to(service, "submitted")

    assert (await read(service, handed_in, OFFICER))["priorities"] == ["emerging_industry"]
    assert await _ids(service, "?priority=emerging_industry", OFFICER) == [handed_in]
    assert await _ids(service, "?priority=emerging", OFFICER) == []
