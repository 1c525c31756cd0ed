from support.service import Alone

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


async def test_only_an_administrator_enters_agencies(service: Alone) -> None:
    refused = await service.send("POST", "/v1/agencies", AGENCY, who="office|SD-OFFICE")

    assert refused.status_code == 403
    assert refused.json()["code"] == "role-missing"
