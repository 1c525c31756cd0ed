"""A person who is recused from a firm acts on none of its applications, as the review says."""

import pytest

from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from support.casts.applying import COUNTY, OFFICER, REASON, USCC, bring_to
from support.service.alone import Alone

COUNTY_PERSON, OFFICER_PERSON = f"{COUNTY}|person-7", f"{OFFICER}|person-7"
DECLARED = RecusalDeclared(recusal_id="rcs_1", person="person-7", applicant=USCC)
LIFTED = RecusalLifted(recusal_id="rcs_1", person="person-7", applicant=USCC)


@pytest.mark.parametrize(
    ("state", "verb", "who", "body"),
    [
        ("submitted", "recommendations", COUNTY_PERSON, {"opinion": "同意推荐。"}),
        ("submitted", "returns", COUNTY_PERSON, REASON),
        ("recommended", "supplement-requests", OFFICER_PERSON, REASON),
        ("recommended", "acceptances", OFFICER_PERSON, None),
        ("recommended", "rejections", OFFICER_PERSON, {"reasons": ["不在目录内。"]}),
    ],
)
async def test_recommenders_and_officers_are_bound_until_the_recusal_is_lifted(
    on_sqlite: Alone, state: str, verb: str, who: str, body: dict[str, object] | None
) -> None:
    path = f"/v1/applications/{await bring_to(on_sqlite, state)}/{verb}"
    await on_sqlite.deliver(DECLARED)

    refused = await on_sqlite.send("POST", path, body, who=who)
    await on_sqlite.deliver(LIFTED)
    done = await on_sqlite.send("POST", path, body, who=who)

    assert (refused.status_code, refused.json()["code"]) == (403, "recused")
    assert done.status_code == 201, done.text


async def test_a_recusal_is_learned_once_and_binds_this_person_and_this_firm_only(service: Alone) -> None:
    event_id = await service.deliver(DECLARED)
    await service.deliver(DECLARED, event_id=event_id)
    await service.deliver(RecusalDeclared(recusal_id="rcs_2", person="person-8", applicant="91370202FAKE0003XH"))
    one = await bring_to(service, "submitted")

    other = await service.send(
        "POST", f"/v1/applications/{one}/recommendations", {"opinion": "同意。"}, who=f"{COUNTY}|person-8"
    )

    assert other.status_code == 201
    assert {row["id"]: row["in_force"] for row in await service.rows("recusals")} == {"rcs_1": True, "rcs_2": True}
