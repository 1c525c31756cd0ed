"""A proposal that its brand allows no more lapses in the transaction that made it impossible."""

import asyncio
from typing import Any

import pytest

from common.contracts.registry.brands import BrandRevoked, BrandWarned
from support.casts.registering import (
    NUMBER,
    OBSERVER,
    OFFICE,
    OTHER_OFFICE,
    act as decided,
    bring_to,
    propose,
    register,
    run_calendar,
)
from support.service.alone import Alone


async def approve(service: Alone, act: dict[str, Any], who: str = OTHER_OFFICE) -> int:
    return (await service.send("POST", f"/v1/acts/{act['id']}/approvals", who=who)).status_code


async def states(service: Alone) -> dict[str, tuple[str, str | None]]:
    return {row["id"]: (row["state"].value, row["lapsed_because"]) for row in await service.rows("acts")}


async def audited(service: Alone, act_id: str) -> tuple[Any, ...]:
    row = [row for row in await service.rows("audit") if row["subject_id"] == act_id][-1]
    return tuple(row[name] for name in ("actor_sub", "action", "from_state", "to_state", "reason"))


async def test_what_a_revocation_made_impossible_lapses_with_it_and_says_so(service: Alone) -> None:
    await register(service)
    revoked, warned = await propose(service, "revoke"), await propose(service, "warn")
    refused = await propose(service, "cancel")
    await service.send("POST", f"/v1/acts/{refused['id']}/refusals", {"reason": "证据不足。"}, who=OTHER_OFFICE)

    await approve(service, revoked)
    late = await service.send("POST", f"/v1/acts/{warned['id']}/approvals", who=OTHER_OFFICE)
    seen = (await service.send("GET", f"/v1/acts/{warned['id']}", who=OTHER_OFFICE)).json()

    assert await states(service) == {
        revoked["id"]: ("approved", None),
        warned["id"]: ("lapsed", "brand_revoked"),
        refused["id"]: ("refused", None),
    }
    assert await audited(service, warned["id"]) == ("office-2", "lapse", "proposed", "lapsed", "brand_revoked")
    lapsed = {"state": "lapsed", "version": 2, "lapsed_because": "brand_revoked"}
    assert seen == warned | lapsed | {"allowed_actions": [], "actions": []}
    assert (late.status_code, late.json()["code"]) == (409, "act-lapsed")
    assert (late.json()["current_state"], late.json()["allowed_actions"]) == ("lapsed", [])
    assert len(await service.published(BrandRevoked)) == 1
    assert await service.published(BrandWarned) == []


async def test_what_the_new_state_still_allows_stays_proposed(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    first, second = await propose(on_sqlite, "warn"), await propose(on_sqlite, "warn")
    suspended, other_title = await propose(on_sqlite, "suspend"), await propose(on_sqlite, "revoke")

    await approve(on_sqlite, first)

    assert await states(on_sqlite) == {
        first["id"]: ("approved", None),
        second["id"]: ("lapsed", "brand_warned"),
        suspended["id"]: ("proposed", None),
        other_title["id"]: ("proposed", None),
    }


async def test_proposals_about_another_brand_stay(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    await register(on_sqlite, application_id="app_2")
    (other,) = [row["number"] for row in await on_sqlite.rows("brands") if row["number"] != NUMBER]
    mine = await propose(on_sqlite, "warn")
    body = {name: mine[name] for name in ("grounds", "reason", "document_number", "effective_on")}
    theirs = (await on_sqlite.send("POST", f"/v1/brands/{other}/warnings", body, who=OFFICE)).json()

    await decided(on_sqlite, "revoke")

    assert (await states(on_sqlite))[mine["id"]] == ("lapsed", "brand_revoked")
    assert (await states(on_sqlite))[theirs["id"]] == ("proposed", None)


async def test_an_expiry_ends_what_was_proposed_and_a_day_of_effect_does_not(service: Alone) -> None:
    await bring_to(service, "pending_effect")
    proposed = await propose(service, "revoke")
    service.legal.move(days=100)
    taken_effect = (await run_calendar(service), (await states(service))[proposed["id"]])
    service.legal.move(days=3 * 366)

    assert taken_effect == (1, ("proposed", None))
    assert await run_calendar(service) == 1
    assert await states(service) == {proposed["id"]: ("lapsed", "brand_expired")}
    assert await audited(service, proposed["id"]) == ("system", "lapse", "proposed", "lapsed", "brand_expired")


async def test_a_lapsed_proposal_leaves_the_worklist_and_is_found_by_its_state(service: Alone) -> None:
    await register(service)
    warned = await propose(service, "warn")

    await decided(service, "revoke")
    desk = (await service.send("GET", "/v1/acts?waiting_for=me", who=OTHER_OFFICE)).json()["items"]
    lapsed = (await service.send("GET", "/v1/acts?state=lapsed", who=OBSERVER)).json()["items"]

    assert desk == []
    assert [(one["id"], one["lapsed_because"]) for one in lapsed] == [(warned["id"], "brand_revoked")]


@pytest.mark.parametrize("action", ["warn", "revoke"])
async def test_of_two_proposals_approved_at_once_one_is_done_and_one_lapses(service: Alone, action: str) -> None:
    await register(service)
    proposed = [await propose(service, action) for _ in range(4)]

    answers = await asyncio.gather(*(approve(service, act) for act in proposed))

    assert sorted(answers) == [201, 409, 409, 409]
    assert sorted(state for state, _ in (await states(service)).values()) == ["approved", "lapsed", "lapsed", "lapsed"]
