"""What each may do next in each state: written by hand and asked over HTTP, never computed from the table."""

import pytest

from support.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    OBSERVER,
    OFFICE,
    OFFICER,
    OTHER_CITY,
    STRANGER,
    bring_to,
)
from support.service import Alone

UNSEEN = None
DEPARTMENT = "department|SD-DEPT|370000"
PARTNER = "partner|BANK|370100"
EXPECTED: dict[str, tuple[list[str], list[str] | None, list[str] | None, list[str] | None, list[str] | None]] = {
    # state: applicant, county, city, recognition officer, everybody else who may look
    "draft": (["edit", "attach", "submit", "withdraw"], UNSEEN, UNSEEN, UNSEEN, UNSEEN),
    "submitted": (["withdraw"], ["recommend", "return"], [], ["return"], []),
    "returned": (["edit", "attach", "submit", "withdraw"], [], [], [], []),
    "recommended": (["withdraw"], [], [], ["return", "request_supplement", "accept", "reject"], []),
    "supplement_requested": (["attach", "supplement", "withdraw"], [], [], [], []),
    "accepted": (["withdraw"], [], [], [], []),
    "rejected": ([], [], [], [], []),
    "withdrawn": ([], [], [], [], []),
}


@pytest.mark.parametrize("state", EXPECTED)
async def test_each_is_told_what_he_may_do_next(service: Alone, state: str) -> None:
    application_id = await bring_to(service, state)

    async def offered(who: str) -> list[str] | None:
        answer = await service.send("GET", f"/v1/applications/{application_id}", who=who)
        if answer.status_code == 404:
            return UNSEEN
        actions: list[str] = answer.json()["allowed_actions"]
        return actions

    seen = [await offered(who) for who in (APPLICANT, COUNTY, CITY, OFFICER)]
    others = [await offered(who) for who in (OFFICE, OBSERVER, DEPARTMENT, PARTNER)]

    assert (*seen, others) == (*EXPECTED[state][:4], [EXPECTED[state][4]] * 4)
    assert [await offered(who) for who in (STRANGER, OTHER_CITY)] == [UNSEEN, UNSEEN]
