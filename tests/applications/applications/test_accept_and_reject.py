from common.contracts.applications.applications import ApplicationAccepted, ApplicationRejected
from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    HONOUR,
    OFFICER,
    RULES,
    begin,
    bring_to,
    complete,
    do,
    last_audit,
    open_round,
    read,
    register,
)
from support.casts.programmes import answers
from support.service.alone import Alone


async def test_an_acceptance_hands_the_snapshot_and_the_recommenders_to_the_review(service: Alone) -> None:
    application_id = await bring_to(service, "recommended")

    accepted = await do(service, application_id, "acceptances", OFFICER)

    (row,) = await service.rows("applications")
    assert (accepted["state"], accepted["stage"], accepted["allowed_actions"]) == ("accepted", "accepted", [])
    assert (row["state"], row["waits_for"]) == ("accepted", None)
    (event,) = await service.published(ApplicationAccepted)
    assert event["data"] == {
        "application_id": application_id,
        "round_id": row["round_id"],
        "honour": "FAMOUS_PRODUCT",
        "applicant_id": row["applicant_id"],
        "applicant": row["applicant"],
        "division": "370102",
        "uscc_exception": None,
        "digest": row["digest"],
        "programme_digest": RULES.digest,
        "edition": 1,
        "accepted_at": "2015-10-08T01:00:00Z",
        "recommenders": ["SD-370102", "SD-370100"],
        "snapshot": row["snapshot"],
    }
    assert await last_audit(service) == (
        "person-recognition_officer",
        "accept",
        application_id,
        "recommended",
        "accepted",
        None,
    )


async def test_a_rejection_gives_every_reason_and_ends_it(service: Alone) -> None:
    application_id = await bring_to(service, "recommended")
    reasons = ["不在申报目录内。", "检验报告过期。"]

    rejected = await do(service, application_id, "rejections", OFFICER, {"reasons": reasons})

    joined = "不在申报目录内；检验报告过期。"
    assert (rejected["state"], rejected["reason"], rejected["allowed_actions"]) == ("rejected", joined, [])
    (event,) = await service.published(ApplicationRejected)
    assert event["data"]["reasons"] == reasons
    assert [row["state"] for row in await service.rows("applications")] == ["rejected"]


async def test_what_a_rule_forbids_is_not_accepted_and_the_refusal_names_the_rule(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)
    await register(on_sqlite)
    licensed = answers(HONOUR)["trademark"] | {"owned": False}
    application_id = (await begin(on_sqlite, round_["id"], trademark=licensed))["id"]
    await complete(on_sqlite, application_id)
    await do(on_sqlite, application_id, "submissions", APPLICANT)
    for who in (COUNTY, CITY):
        await do(on_sqlite, application_id, "recommendations", who, {"opinion": "同意推荐。"})

    refused = await on_sqlite.send("POST", f"/v1/applications/{application_id}/acceptances", who=OFFICER)

    (rule,) = (each.text.zh for each in RULES.eligibility_rules if each.code == "has_a_registered_trademark")
    assert (refused.status_code, refused.json()["code"]) == (409, "application-not-eligible")
    assert refused.json()["detail"] == f"不符合申报条件：{rule.removesuffix('。')}。"
    assert await on_sqlite.published(ApplicationAccepted) == []
    assert (await read(on_sqlite, application_id))["state"] == "recommended"
