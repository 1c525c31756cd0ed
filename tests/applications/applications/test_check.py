"""`POST /v1/applications/{id}/checks`: every rule answered, without submitting."""

from typing import Any

from support.casts.applying import (
    APPLICANT,
    COUNTY,
    OBSERVER,
    OFFICER,
    RULES,
    STRANGER,
    begin,
    bring_to,
    complete,
    do,
    draft,
    open_round,
    read,
    register,
)
from support.casts.programmes import answers
from support.service.alone import Alone


async def checked(service: Alone, application_id: str, who: str = APPLICANT) -> dict[str, Any]:
    answer = await service.send("POST", f"/v1/applications/{application_id}/checks", who=who)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def verdicts(answer: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {one["code"]: (one["verdict"], one["values"]) for one in answer["results"]}


async def test_every_rule_is_answered_for_a_draft_and_nothing_changes(service: Alone) -> None:
    application_id = str((await draft(service))["id"])
    before, audited = await read(service, application_id), await service.rows("audit")

    incomplete = await checked(service, application_id)
    await complete(service, application_id)
    whole = await checked(service, application_id)

    programmes = [*(each.code for each in RULES.eligibility_rules), *(each.code for each in RULES.veto_rules)]
    register = ["applicant-barred", "title-held-by-another", "industry-outside-category"]
    assert list(verdicts(whole)) == ["application-incomplete", "application-overlaps", *register, *programmes]
    verdict, values = verdicts(incomplete)["application-incomplete"]
    assert verdict == "failed"
    assert {one["code"] for one in values["problems"]} == {"material_missing"}
    assert {verdict for verdict, _ in verdicts(whole).values()} == {"passed"}
    assert (whole["edition"], whole["programme_digest"]) == (1, RULES.digest)
    assert whole["checked_at"] == "2015-10-08T01:00:00Z"
    attached = [row for row in await service.rows("audit") if row["action"] == "attach"]
    assert await service.rows("audit") == [*audited, *attached]
    after = await read(service, application_id)
    assert (after["state"], after["formal_check"], before["formal_check"]) == ("draft", None, None)


async def test_a_rule_that_is_broken_says_by_which_values(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)
    await register(on_sqlite)
    foreign = answers("FAMOUS_PRODUCT")["trademark"] | {"owner_place": "elsewhere"}
    application_id = (await begin(on_sqlite, round_["id"], trademark=foreign))["id"]

    found = verdicts(await checked(on_sqlite, application_id))

    assert found["foreign_trademark"] == ("failed", {"answers.trademark.owner_place": "elsewhere"})


async def test_the_same_item_in_the_same_round_is_an_overlap_before_it_is_submitted(on_sqlite: Alone) -> None:
    first = await read(on_sqlite, await bring_to(on_sqlite, "submitted"))
    second = (await begin(on_sqlite, first["round_id"]))["id"]
    other = await begin(on_sqlite, first["round_id"], product_category="new_energy")

    assert verdicts(await checked(on_sqlite, second))["application-overlaps"] == ("failed", {"applications": [1]})
    assert verdicts(await checked(on_sqlite, other["id"]))["application-overlaps"][0] == "passed"


async def test_an_agency_s_answers_are_about_what_was_submitted(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "returned")
    spoiled = answers("FAMOUS_PRODUCT") | {"models": []}
    version = (await read(on_sqlite, application_id))["version"]
    path = f"/v1/applications/{application_id}"
    await on_sqlite.send("PUT", path, {"answers": spoiled}, who=APPLICANT, If_Match=f'"{version}"')

    own, agency = await checked(on_sqlite, application_id), await checked(on_sqlite, application_id, COUNTY)

    assert verdicts(own)["application-incomplete"][0] == "failed"
    assert verdicts(agency)["application-incomplete"][0] == "passed"


async def test_who_sees_the_application_may_ask_and_others_find_nothing(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    path = f"/v1/applications/{application_id}/checks"

    answers_ = {who: (await on_sqlite.send("POST", path, who=who)).status_code for who in (OFFICER, STRANGER, OBSERVER)}

    assert answers_ == {OFFICER: 200, STRANGER: 404, OBSERVER: 403}
    await do(on_sqlite, application_id, "withdrawals", APPLICANT, {"reason": "不再申报。"})
    assert (await on_sqlite.send("POST", path, who=OFFICER)).status_code == 200
