import pytest

from support.service.alone import Alone

ADMINISTRATOR = "administrator|OPS"
AGENCY = {"code": "SD-370102", "kind": "county", "name": "历下区局", "division": "370102", "parent": None}


async def test_an_entered_agency_is_read_by_everybody_and_leaves_an_audit_row(service: Alone) -> None:
    entered = await service.send("POST", "/v1/agencies", AGENCY, who=ADMINISTRATOR)

    assert entered.status_code == 201
    assert entered.headers["Location"] == "/v1/agencies/SD-370102"
    assert (await service.send("GET", "/v1/agencies/SD-370102")).json() == entered.json()
    (row,) = await service.rows("audit")
    assert (row["actor_sub"], row["action"], row["subject_id"]) == ("person-administrator", "enter", "SD-370102")


async def test_a_code_is_given_once(service: Alone) -> None:
    await service.send("POST", "/v1/agencies", AGENCY, who=ADMINISTRATOR)

    again = await service.send("POST", "/v1/agencies", AGENCY, who=ADMINISTRATOR)

    assert again.status_code == 409
    assert again.json()["code"] == "agency-code-taken"


async def test_a_double_click_enters_one_agency_and_gets_the_same_answer(service: Alone) -> None:
    first = await service.send("POST", "/v1/agencies", AGENCY, who=ADMINISTRATOR, key="click")

    second = await service.send("POST", "/v1/agencies", AGENCY, who=ADMINISTRATOR, key="click")

    assert second.status_code == 201
    assert second.content == first.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(await service.rows("agencies")) == 1


async def test_only_an_administrator_enters_agencies(on_sqlite: Alone) -> None:
    refused = await on_sqlite.send("POST", "/v1/agencies", AGENCY, who="office|SD-OFFICE")

    assert refused.status_code == 403
    assert refused.json()["code"] == "role-missing"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"division": "999999"}, "/division", "division_unknown"),
        ({"division": "370199"}, "/division", "division_unknown"),
        ({"division": "370100"}, "/division", "agency-level-unfit"),
        ({"kind": "city"}, "/division", "agency-level-unfit"),
        ({"kind": "recognition_body"}, "/division", "agency-level-unfit"),
        ({"kind": "leading_group_office", "division": "370100"}, "/division", "agency-level-unfit"),
        ({"parent": "SD-370100"}, "/parent", "agency-parent-unfit"),
        ({"parent": "SD-370102"}, "/parent", "agency-parent-unfit"),
    ],
)
async def test_what_cannot_be_is_not_entered(
    on_sqlite: Alone, changes: dict[str, str], pointer: str, code: str
) -> None:
    refused = await on_sqlite.send("POST", "/v1/agencies", AGENCY | changes, who=ADMINISTRATOR)

    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]
    assert await on_sqlite.rows("agencies") == []


@pytest.mark.parametrize(
    ("kind", "division"),
    [
        ("county", "370102"),
        ("county", "110105"),
        ("city", "370100"),
        ("recognition_body", "370000"),
        ("leading_group_office", "370000"),
        ("member_department", "370000"),
    ],
)
async def test_each_kind_acts_at_its_level(on_sqlite: Alone, kind: str, division: str) -> None:
    body = AGENCY | {"kind": kind, "division": division}
    assert (await on_sqlite.send("POST", "/v1/agencies", body, who=ADMINISTRATOR)).status_code == 201
