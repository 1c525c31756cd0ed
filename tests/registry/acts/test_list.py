"""Who sees acts, whose desk they lie on, and what each may do with one: expected by hand, asked over HTTP."""

import pytest

from support.casts.registering import NUMBER, OBSERVER, OFFICE, OFFICER, OTHER_OFFICE, act, propose, register
from support.service.alone import Alone


async def _ids(service: Alone, query: str, who: str) -> list[str]:
    answer = await service.send("GET", f"/v1/acts?{query}", who=who)
    assert answer.status_code == 200
    return [one["id"] for one in answer.json()["items"]]


async def test_an_act_is_on_the_worklist_of_everybody_in_the_office_but_its_proposer(service: Alone) -> None:
    await register(service)
    proposed = (await propose(service))["id"]
    waiting = [await _ids(service, "waiting_for=me", who) for who in (OFFICE, OTHER_OFFICE, OFFICER, OBSERVER)]
    await service.send("POST", f"/v1/acts/{proposed}/refusals", {"reason": "证据不足。"}, who=OTHER_OFFICE)

    assert waiting == [[], [proposed], [], []]
    assert await _ids(service, "waiting_for=me", OTHER_OFFICE) == []


async def test_acts_are_found_by_number_and_state(service: Alone) -> None:
    await register(service)
    done = (await act(service, "warn"))["id"]
    service.legal.move(minutes=1)
    proposed = (await propose(service))["id"]

    assert await _ids(service, "", OBSERVER) == [proposed, done]
    assert await _ids(service, f"number={NUMBER.lower()}&state=approved", OBSERVER) == [done]
    assert await _ids(service, "number=SDMP-2015-00002-9", OBSERVER) == []


@pytest.mark.parametrize(
    ("state", "offered"),
    [("proposed", [[], ["approve", "refuse"], [], []]), ("approved", [[]] * 4), ("refused", [[]] * 4)],
)
async def test_each_reads_what_he_may_do_with_it(on_sqlite: Alone, state: str, offered: list[list[str]]) -> None:
    await register(on_sqlite)
    path = f"/v1/acts/{(await propose(on_sqlite))['id']}"
    if state == "approved":
        await on_sqlite.send("POST", f"{path}/approvals", who=OTHER_OFFICE)
    if state == "refused":
        await on_sqlite.send("POST", f"{path}/refusals", {"reason": "证据不足。"}, who=OTHER_OFFICE)

    seen = [(await on_sqlite.send("GET", path, who=who)).json() for who in (OFFICE, OTHER_OFFICE, OFFICER, OBSERVER)]

    assert [one["state"] for one in seen] == [state] * 4
    assert [one["allowed_actions"] for one in seen] == offered


async def test_others_see_no_acts(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    path = f"/v1/acts/{(await propose(on_sqlite))['id']}"

    refused = [
        await on_sqlite.send("GET", path, who=who) for who in ("partner|BANK|370000", "applicant|91370102FAKE00013R")
    ]
    unknown = await on_sqlite.send("GET", "/v1/acts/act_none", who=OFFICE)

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "role-missing")] * 2
    assert (await on_sqlite.send("GET", path)).status_code == 401
    assert (unknown.status_code, unknown.json()["code"]) == (404, "act-not-found")
