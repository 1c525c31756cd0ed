import pytest

from support.service.alone import Alone

ADMINISTRATOR = "administrator|OPS"
CITY = {"code": "SD-370100", "kind": "city", "name": "济南市局", "division": "370100", "parent": None}
COUNTY = {"code": "SD-370102", "kind": "county", "name": "历下区局", "division": "370102", "parent": "SD-370100"}
RIGHT = {"name": "历城区局", "division": "370112", "parent": None, "reason": "录入有误。"}
PATH = "/v1/agencies/SD-370102"


async def entered(service: Alone) -> None:
    for body in (CITY, COUNTY):
        answer = await service.send("POST", "/v1/agencies", body, who=ADMINISTRATOR)
        assert answer.status_code == 201, answer.text


async def test_a_wrong_entry_is_corrected_with_a_reason(service: Alone) -> None:
    await entered(service)

    corrected = await service.send("PUT", PATH, RIGHT, who=ADMINISTRATOR, If_Match='"1"')

    assert corrected.status_code == 200
    assert corrected.json() == {
        "id": "SD-370102",
        "version": 2,
        "kind": "county",
        "name": "历城区局",
        "division": "370112",
        "parent": None,
    }
    assert (await service.send("GET", PATH)).json() == corrected.json()
    (row,) = [row for row in await service.rows("audit") if row["action"] == "correct"]
    assert (row["actor_sub"], row["subject_id"], row["reason"]) == ("person-administrator", "SD-370102", "录入有误。")


@pytest.mark.parametrize(
    ("path", "changes", "code"),
    [
        (PATH, {"parent": "SD-370102"}, "agency-parent-unfit"),
        (PATH, {"parent": "SD-999"}, "agency-parent-unfit"),
        ("/v1/agencies/SD-370100", {"division": "370100", "parent": "SD-370102"}, "agency-parent-unfit"),
        (PATH, {"division": "370100"}, "agency-level-unfit"),
        (PATH, {"division": "999999"}, "division_unknown"),
        (PATH, {"reason": " "}, "text_blank"),
    ],
)
async def test_what_cannot_be_is_no_correction(on_sqlite: Alone, path: str, changes: dict[str, str], code: str) -> None:
    await entered(on_sqlite)
    before = await on_sqlite.rows("agencies")

    refused = await on_sqlite.send("PUT", path, RIGHT | changes, who=ADMINISTRATOR, If_Match='"1"')

    assert (refused.status_code, [each["code"] for each in refused.json()["errors"]]) == (422, [code])
    assert await on_sqlite.rows("agencies") == before


async def test_only_an_administrator_corrects_and_says_which_version_he_saw(on_sqlite: Alone) -> None:
    await entered(on_sqlite)

    by_office = await on_sqlite.send("PUT", PATH, RIGHT, who="office|SD-OFFICE", If_Match='"1"')
    stale = await on_sqlite.send("PUT", PATH, RIGHT, who=ADMINISTRATOR, If_Match='"9"')
    unknown = await on_sqlite.send("PUT", "/v1/agencies/SD-1", RIGHT, who=ADMINISTRATOR, If_Match='"1"')

    assert (by_office.status_code, by_office.json()["code"]) == (403, "role-missing")
    assert (stale.status_code, unknown.status_code) == (412, 404)
