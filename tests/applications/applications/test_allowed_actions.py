"""What each actor may do next in each state: written by hand, asked over HTTP, and tried by every actor.

What is offered is accepted, what is not offered is refused: the view and the commands ask one rule.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from common.kernel.digests import digest_bytes
from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    HONOUR,
    OBSERVER,
    OFFICE,
    OFFICER,
    OTHER_CITY,
    PDF,
    REASON,
    STRANGER,
    attach,
    bring_to,
    complete,
    pass_term,
)
from support.casts.programmes import answers
from support.service.alone import Alone

UNSEEN = None
TABLE: dict[str, tuple[list[str], list[str] | None, list[str] | None, list[str] | None, list[str] | None]] = {
    # state: applicant, county, city, recognition officer, everybody else who may look
    "draft": (["edit", "attach", "detach", "submit", "withdraw"], UNSEEN, UNSEEN, UNSEEN, UNSEEN),
    "submitted": (["withdraw"], ["recommend", "return", "move"], [], ["return"], []),
    "recommended by the county": (["withdraw"], [], ["recommend", "return", "move"], ["return"], []),
    "silent county": (["withdraw"], [], ["recommend", "return", "hand_back", "move"], ["return"], []),
    "returned": (["edit", "attach", "detach", "submit", "withdraw"], [], [], [], []),
    "recommended": (["withdraw"], [], [], ["return", "request_supplement", "accept", "reject"], []),
    "supplement_requested": (["attach", "detach", "supplement", "withdraw"], [], [], [], []),
    "not supplemented": (["attach", "detach", "withdraw"], [], [], ["extend_supplement", "accept", "reject"], []),
    "accepted": (["withdraw"], [], [], [], []),
    "withdrawal_requested": ([], [], [], [], []),
    "rejected": ([], [], [], [], []),
    "withdrawn": ([], [], [], [], []),
    "lapsed": ([], [], [], [], []),
}
ALSO_OFFICERS = ("recommender+recognition_officer|SD-BODY|370000", "recommender+recognition_officer|SD-370102|370102")
LOOK_ON = {
    "the office": OFFICE,
    "an observer": OBSERVER,
    "the department": "department|SD-DEPT|370000",
    "a partner of the city": "partner|BANK|370100",
    "a recommender of the province": "recommender|SD-370000|370000",
}
SEE_NOTHING = {
    "another applicant": STRANGER,
    "another county": "recommender|SD-370103|370103",
    "another city": OTHER_CITY,
    "a recommender without an area": "recommender|SD-NONE",
    "a partner of another city": "partner|BANK|370200",
    "an expert": "expert|SD-POOL|370000",
    "an administrator": "administrator|OPS",
}
BODIES: dict[str, tuple[str, Any]] = {
    "submit": ("submissions", None),
    "recommend": ("recommendations", {"opinion": "同意推荐。"}),
    "return": ("returns", REASON),
    "hand_back": ("hand-backs", REASON),
    "move": ("moves", REASON | {"division": "370103"}),
    "request_supplement": ("supplement-requests", REASON),
    "extend_supplement": ("supplement-extensions", REASON),
    "supplement": ("supplements", {"answers": answers(HONOUR)}),
    "accept": ("acceptances", None),
    "reject": ("rejections", {"reasons": ["不在申报目录内。"]}),
    "withdraw": ("withdrawals", REASON),
}
ACTIONS = ("edit", "attach", "detach", *BODIES)


PASSED = {"silent county": "submitted", "not supplemented": "supplement_requested"}


async def _bring_to(service: Alone, state: str) -> str:
    if state in PASSED:
        return await pass_term(service, PASSED[state])
    application_id = await bring_to(service, "submitted" if state == "recommended by the county" else state)
    if state == "draft":
        await complete(service, application_id)
    if state == "recommended by the county":
        assert (await _try(service, application_id, "recommend", COUNTY)).status_code == 201
    return application_id


async def _try(service: Alone, application_id: str, action: str, who: str) -> httpx.Response:
    path = f"/v1/applications/{application_id}"
    if action == "attach":
        return await attach(service, application_id, "licence", who=who)
    if action in BODIES:
        verb, body = BODIES[action]
        return await service.send("POST", f"{path}/{verb}", body, who=who)
    etag = (await service.send("GET", path, who=APPLICANT)).headers["ETag"]
    if action == "detach":
        file = f"{path}/attachments/{digest_bytes(PDF)}?kind=licence"
        return await service.send("DELETE", file, who=who, If_Match=etag)
    return await service.send("PUT", path, {"answers": answers(HONOUR)}, who=who, If_Match=etag)


async def _row(service: Alone, application_id: str) -> dict[str, Any]:
    (row,) = [row for row in await service.rows("applications") if row["id"] == application_id]
    return row


@asynccontextmanager
async def _undone(service: Alone, before: dict[str, Any]) -> AsyncIterator[None]:
    """Give the application back the row that it had before the block."""
    yield
    table = service.service.metadata.tables["applications"]
    async with service.runtime.storage.database.write() as connection:
        await connection.execute(update(table).where(table.c.id == before["id"]).values(before))
        await connection.commit()


async def _offered(service: Alone, application_id: str, who: str) -> list[str] | None:
    answer = await service.send("GET", f"/v1/applications/{application_id}", who=who)
    if answer.status_code != 200:
        assert answer.json()["code"] in {"application-not-found", "role-missing"}
        return UNSEEN
    actions: list[str] = answer.json()["allowed_actions"]
    return actions


@pytest.mark.parametrize("state", TABLE)
async def test_what_is_offered_is_accepted_and_everything_else_is_refused(on_sqlite: Alone, state: str) -> None:
    application_id = await _bring_to(on_sqlite, state)
    *acting, looking = TABLE[state]
    expected = dict(zip((APPLICANT, COUNTY, CITY, OFFICER), acting, strict=True))
    expected |= dict.fromkeys(LOOK_ON.values(), looking) | dict.fromkeys(SEE_NOTHING.values(), UNSEEN)

    expected |= dict.fromkeys(ALSO_OFFICERS, expected[OFFICER])
    if state == "submitted":
        expected[ALSO_OFFICERS[1]] = expected[COUNTY]
    if state in {"submitted", "recommended by the county", "silent county"}:
        expected[OFFICE] = ["move"]

    assert {who: await _offered(on_sqlite, application_id, who) for who in expected} == expected

    for who, offered in expected.items():
        before = await _row(on_sqlite, application_id)
        refused = [action for action in ACTIONS if action not in (offered or [])]
        tried = {action: await _try(on_sqlite, application_id, action, who) for action in refused}
        assert {action: one.text for action, one in tried.items() if one.status_code not in {403, 404, 409}} == {}
        assert await _row(on_sqlite, application_id) == before
        for action in offered or []:
            async with _undone(on_sqlite, before):
                answer = await _try(on_sqlite, application_id, action, who)
            assert answer.status_code in {200, 201}, (who, action, answer.text)
