"""The titles of the register as the applications service learns them, and what they forbid or warn of."""

from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import update

from applications_service.standing.holdings.model import Holding
from common.contracts.registry.brands import (
    BrandActEvent,
    BrandCancelled,
    BrandEvent,
    BrandExpired,
    BrandRevoked,
    BrandState,
    BrandSuspended,
    BrandWarned,
)
from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    OFFICE,
    OFFICER,
    OTHER_USCC,
    PERIOD,
    STRANGER,
    begin,
    bring_to,
    complete,
    do,
    made,
    read,
    register,
)
from support.casts.following import NUMBER, Following
from support.casts.programmes import item_members
from support.service.alone import Alone

TITLE: Final = {"number": NUMBER, "honour": "FAMOUS_PRODUCT", "uscc": "91370102FAKE00013R", "holder_name": "虚泉"}
OTHER_MARK: Final = "90000009"


async def holder(service: Alone, *changes: type[BrandEvent]) -> Following:
    """Have the firm's first application recognised and registered, and its title changed."""
    of = await Following.of(service, await bring_to(service, "accepted"))
    await service.deliver(of.completed())
    await service.deliver(of.registered())
    states = {BrandRevoked: BrandState.REVOKED, BrandCancelled: BrandState.CANCELLED}
    for kind in changes:
        if kind is BrandExpired:
            await service.deliver(of.expired())
        elif issubclass(kind, BrandActEvent):
            await service.deliver(of.ruled(kind, states.get(kind, BrandState.SUSPENDED)))
    return of


async def next_round(service: Alone) -> str:
    """Open the round of the year after under the same edition."""
    (programme,) = await service.rows("programmes")
    body = {"programme_id": programme["id"], "year": 2016, **PERIOD}
    return str((await made(service, "/v1/rounds", body, OFFICE))["id"])


async def apply_again(service: Alone, *, mark: str | None = None, who: str = APPLICANT) -> str:
    """Begin and complete an application in the next round, for the same item or under another trademark."""
    changes: dict[str, Any] = {}
    if mark is not None:
        (first, *_) = await service.rows("applications")
        changes = {"trademark": first["answers"]["trademark"] | {"registration_number": mark}}
    application_id = str((await begin(service, await next_round(service), who, **changes))["id"])
    await complete(service, application_id, who=who)
    return application_id


async def recommended_again(service: Alone, **given: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401 -- goes on to `apply_again`
    """Bring another application to the recognition body; returns its id and its receipt."""
    application_id = await apply_again(service, **given)
    receipt = await do(service, application_id, "submissions", APPLICANT)
    for who in (COUNTY, CITY):
        await do(service, application_id, "recommendations", who, {"opinion": "同意推荐。"})
    return application_id, receipt


async def test_a_title_is_learned_with_its_item_and_its_end_and_follows_every_change(service: Alone) -> None:
    of = await holder(service)

    (learned,) = await service.rows("holdings")
    members = item_members("FAMOUS_PRODUCT") | {"models": list(item_members("FAMOUS_PRODUCT")["models"])}
    assert {name: learned[name] for name in (*TITLE, *members)} == TITLE | members
    assert (learned["state"], learned["valid_until"], learned["barred_until"]) == ("active", None, None)

    await service.deliver(of.ruled(BrandWarned, BrandState.WARNED))
    await service.deliver(of.ruled(BrandRevoked, BrandState.REVOKED))

    (followed,) = await service.rows("holdings")
    assert (followed["state"], followed["grounds"], followed["barred_until"]) == (
        "revoked", "fraud", date(2018, 12, 19),
    )  # fmt: skip
    audited = [row["action"] for row in await service.rows("audit") if row["subject_type"] == "holdings"]
    assert audited == ["learn", "follow", "follow"]


async def test_a_firm_that_is_barred_is_warned_at_submission_and_refused_at_acceptance(service: Alone) -> None:
    await holder(service, BrandRevoked)

    application_id, receipt = await recommended_again(service, mark=OTHER_MARK)
    refused = await service.send("POST", f"/v1/applications/{application_id}/acceptances", who=OFFICER)

    bars = {"bars": [{"number": NUMBER, "until_on": "2018-12-19"}]}
    assert [(one["code"], one["values"]) for one in receipt["warnings"]] == [("applicant-barred", bars)]
    assert (refused.status_code, refused.json()["code"]) == (409, "applicant-barred")
    assert "2018-12-19" in refused.json()["detail"] or "2018年12月19日" in refused.json()["detail"]
    shown = await read(service, application_id, OFFICER)
    assert (shown["state"], shown["stage"]) == ("recommended", "recommended")


async def test_a_bar_ends_with_its_last_day(on_sqlite: Alone) -> None:
    await holder(on_sqlite, BrandRevoked)
    application_id, _ = await recommended_again(on_sqlite, mark=OTHER_MARK)

    on_sqlite.legal.at = on_sqlite.legal.at.replace(year=2018, month=12, day=19, hour=15)
    on_the_last = await on_sqlite.send("POST", f"/v1/applications/{application_id}/checks", who=OFFICER)
    on_sqlite.legal.move(hours=2)
    after = await on_sqlite.send("POST", f"/v1/applications/{application_id}/checks", who=OFFICER)

    def verdict(answer: Any) -> str:  # noqa: ANN401 -- an answer
        (found,) = (one["verdict"] for one in answer.json()["results"] if one["code"] == "applicant-barred")
        return str(found)

    assert (verdict(on_the_last), verdict(after)) == ("failed", "passed")


async def test_a_live_title_in_scope_bars_by_the_programme_s_own_rule(on_sqlite: Alone) -> None:
    await holder(on_sqlite)

    application_id, receipt = await recommended_again(on_sqlite)
    refused = await on_sqlite.send("POST", f"/v1/applications/{application_id}/acceptances", who=OFFICER)

    assert [one["code"] for one in receipt["warnings"]] == ["live_title_in_scope"]
    assert (refused.status_code, refused.json()["code"]) == (409, "application-not-eligible")


@pytest.mark.parametrize("ended", [BrandCancelled, BrandExpired])
async def test_a_title_that_has_ended_bars_nobody(on_sqlite: Alone, ended: type[BrandEvent]) -> None:
    await holder(on_sqlite, ended)

    application_id, receipt = await recommended_again(on_sqlite)
    accepted = await do(on_sqlite, application_id, "acceptances", OFFICER)

    assert (receipt["warnings"], accepted["state"]) == ([], "accepted")


@pytest.mark.parametrize(
    ("changes", "mark", "answer"),
    [
        ((), None, (409, "title-held-by-another")),
        ((BrandSuspended,), None, (409, "title-held-by-another")),
        ((BrandCancelled,), None, (201, None)),
        ((), OTHER_MARK, (201, None)),
    ],
)
async def test_another_firm_s_live_title_for_the_same_trademark_and_category_is_an_overlap(
    on_sqlite: Alone, changes: tuple[type[BrandEvent], ...], mark: str | None, answer: tuple[int, str | None]
) -> None:
    await holder(on_sqlite, *changes)
    await register(on_sqlite, uscc=OTHER_USCC, division="370202", name="青岛虚帆精密机械有限公司")
    application_id = await apply_again(on_sqlite, mark=mark, who=STRANGER)

    submitted = await on_sqlite.send("POST", f"/v1/applications/{application_id}/submissions", who=STRANGER)

    assert (submitted.status_code, submitted.json().get("code")) == answer


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({"applicant_id": "apl_2"}, "live_title_in_scope"),
        ({"uscc": None}, "live_title_in_scope"),
        ({"applicant_id": "apl_2", "uscc": None}, "title-held-by-another"),
        ({"applicant_id": "apl_2", "uscc": OTHER_USCC}, "title-held-by-another"),
    ],
    ids=["same code", "same id", "neither, without a code", "neither"],
)
async def test_a_title_is_the_applicant_s_by_its_id_and_also_by_its_code(
    on_sqlite: Alone, changed: dict[str, str | None], broken: str
) -> None:
    await holder(on_sqlite)
    application_id = await apply_again(on_sqlite)
    async with on_sqlite.runtime.storage.database.write() as connection:
        await connection.execute(update(Holding).values(changed))
        await connection.commit()

    answered = await on_sqlite.send("POST", f"/v1/applications/{application_id}/checks", who=APPLICANT)

    assert [one["code"] for one in answered.json()["results"] if one["verdict"] == "failed"] == [broken]


async def test_what_was_answered_at_acceptance_stays_with_the_edition(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "recommended")
    at_submission = (await read(on_sqlite, application_id))["formal_check"]
    on_sqlite.legal.move(days=1)

    accepted = await do(on_sqlite, application_id, "acceptances", OFFICER)

    kept = accepted["formal_check"]
    assert (kept["edition"], kept["programme_digest"]) == (1, accepted["programme_digest"])
    assert (at_submission["checked_at"], kept["checked_at"]) == ("2015-10-08T01:00:00Z", "2015-10-09T01:00:00Z")
    assert {one["verdict"] for one in kept["results"]} == {"passed"}
    assert [one["code"] for one in kept["results"]][:2] == ["applicant-barred", "title-held-by-another"]


async def test_the_bar_of_a_firm_that_was_merged_is_one_of_the_firm_that_remains(on_sqlite: Alone) -> None:
    await holder(on_sqlite, BrandRevoked)
    await register(on_sqlite, uscc=OTHER_USCC, division="370202")
    application_id = await apply_again(on_sqlite, mark=OTHER_MARK, who=STRANGER)
    before = (await on_sqlite.send("POST", f"/v1/applications/{application_id}/checks", who=STRANGER)).json()

    merger = {"into": OTHER_USCC, "changed_on": "2015-10-01", "document": "济市监合并字〔2015〕3号"}
    await made(on_sqlite, f"/v1/applicants/{TITLE['uscc']}/mergers", merger, OFFICER)

    after = (await on_sqlite.send("POST", f"/v1/applications/{application_id}/checks", who=STRANGER)).json()
    assert [one["verdict"] for one in (before["results"] + after["results"]) if one["code"] == "applicant-barred"] == [
        "passed", "failed",
    ]  # fmt: skip


async def test_a_refusal_by_the_register_says_what_the_officer_may_do_instead(on_sqlite: Alone) -> None:
    await holder(on_sqlite, BrandRevoked)
    application_id, _ = await recommended_again(on_sqlite, mark=OTHER_MARK)

    refused = await on_sqlite.send("POST", f"/v1/applications/{application_id}/acceptances", who=OFFICER)

    assert (refused.json()["code"], refused.json()["current_state"]) == ("applicant-barred", "recommended")
    assert refused.json()["allowed_actions"] == (await read(on_sqlite, application_id, OFFICER))["allowed_actions"]
    assert "reject" in refused.json()["allowed_actions"]
