"""What every verb of the recognition body has in common: whose it is, when it may be done, and from which version."""

import pytest

from support.casts.applying import APPLICANT, COUNTY, OBSERVER, OFFICER, REASON, bring_to, read
from support.service.alone import Alone

VERBS = {
    "supplement-requests": REASON,
    "acceptances": None,
    "rejections": {"reasons": ["不在申报目录内。"]},
}


@pytest.mark.parametrize("verb", VERBS)
async def test_it_is_the_recognition_bodys_alone(on_sqlite: Alone, verb: str) -> None:
    application_id = await bring_to(on_sqlite, "recommended")
    path = f"/v1/applications/{application_id}/{verb}"
    before = await read(on_sqlite, application_id)

    refused = [await on_sqlite.send("POST", path, VERBS[verb], who=who) for who in (APPLICANT, COUNTY, OBSERVER)]
    unknown = await on_sqlite.send("POST", f"/v1/applications/app_none/{verb}", VERBS[verb], who=OFFICER)
    stale = await on_sqlite.send("POST", path, VERBS[verb], who=OFFICER, If_Match='"1"')

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "role-missing")] * 3
    assert (unknown.status_code, unknown.json()["code"]) == (404, "application-not-found")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert stale.headers["ETag"] == f'"{before["version"]}"'
    assert await read(on_sqlite, application_id) == before


async def test_it_waits_for_the_recommendations(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")

    early = await on_sqlite.send("POST", f"/v1/applications/{application_id}/acceptances", who=OFFICER)

    problem = early.json()
    assert (early.status_code, problem["code"], problem["current_state"]) == (409, "action-not-allowed", "submitted")
    assert problem["allowed_actions"] == ["return"]


async def test_it_does_not_follow_an_end(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "rejected")

    late = await on_sqlite.send("POST", f"/v1/applications/{application_id}/acceptances", who=OFFICER)

    problem = late.json()
    assert (late.status_code, problem["code"], problem["current_state"]) == (409, "application-closed", "rejected")
    assert problem["allowed_actions"] == []
