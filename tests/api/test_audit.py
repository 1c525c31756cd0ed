"""`GET /v1/audit` of the whole platform: who sees which act, and the chain of each service, verified by the auditor."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from embedded.demo.people import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from embedded.origin.parts import SERVICES
from support.rules.auditor import auditor
from support.service.platform import Platform
from support.service.waiting import eventually

SEALED_WITHIN = 20.0
UNKNOWN: list[dict[str, str]] = [
    {"subject": "nobody"},
    {"subject": "unknown_0193"},
    {"subject": "app_0193"},
    {"subject": "brd_0193", "service": "applications"},
]
"""Questions about subjects that nobody knows."""


async def asked(platform: Platform, who: str = "observer", **query: str) -> httpx.Response:
    return await platform.client.get("/v1/audit", params=query, headers=await platform.headers(who))


async def whole_chain(platform: Platform, service: str) -> list[dict[str, Any]]:
    """Return the chain as an export has it, in small pages."""
    rows: list[dict[str, Any]] = []
    query = {"service": service, "limit": "3"}
    while True:
        page = (await asked(platform, **query)).raise_for_status().json()
        rows += page["items"]
        if page["next_cursor"] is None:
            return rows
        query["cursor"] = page["next_cursor"]


def forge(database: Path, row: str) -> None:
    """Change a row as somebody could who may change the file: without the trigger."""
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("DROP TRIGGER keep_audit_from_update")
        raw.execute("UPDATE audit SET disclosure = 'forged', salt = 'forged', at = 'forged' WHERE id = ?", (row,))


async def test_what_was_done_to_an_application_is_listed_and_every_chain_is_intact(platform: Platform) -> None:
    player = Player(platform.client, load_demo(), story="test", report=lambda _: None)
    await stages.set_up_province(player)
    round_id = await stages.open_round(player, "FAMOUS_PRODUCT")
    await stages.register_applicant(player, "applicant-1")
    case = await stages.apply(player, "applicant-1", round_id, "FAMOUS_PRODUCT")

    rows = (await asked(platform, subject=case)).raise_for_status().json()["items"]
    acts = [(row["action"], row["from_state"], row["to_state"]) for row in rows]
    assert (acts[0], acts[-1]) == (("create", None, "draft"), ("submit", "draft", "submitted"))
    assert {row["subject_id"] for row in rows} == {case}

    for service in ("applications", "review"):

        async def is_sealed(name: str = service) -> bool:
            counts = await platform.row_counts()
            return counts[f"{name}.audit"] == counts[f"{name}.seals"] > 0

        await eventually(is_sealed, deadline=SEALED_WITHIN)
        chain = await whole_chain(platform, service)
        assert auditor().verified(chain) == (len(chain), chain[-1]["seal"]["hash"])
        if not platform.databases.startswith("sqlite"):
            continue  # its roles and triggers are in tests/embedded/test_kept_rows.py
        forge(platform.data / f"{service}.db", chain[1]["id"])
        broken = await whole_chain(platform, service)
        with pytest.raises(auditor().BrokenChainError, match=f"the row was changed: {broken[1]['id']}"):
            auditor().verified(broken)
        assert [row["seal"]["position"] for row in broken if not row["seal"]["intact"]] == [1]
    assert {row["subject_type"] for row in await whole_chain(platform, "review")} == {"experts", "rounds", "rules"}
    learned = await asked(platform, subject=round_id, service="review")
    assert [row["action"] for row in learned.json()["items"]] == ["learn"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_subject_that_nobody_knows_is_a_problem_that_says_what_to_give(shared_platform: Platform) -> None:
    for query in UNKNOWN:
        answer = await asked(shared_platform, **query)
        assert (query, answer.status_code, answer.json()["code"]) == (query, 404, "audit-subject-unknown")
        assert (query, "service" in answer.json()["detail"]) == (query, True)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_question_that_names_nothing_or_no_service_of_ours_says_which_parameter(
    shared_platform: Platform,
) -> None:
    nothing = await asked(shared_platform)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "audit-of-what")
    assert {"subject", "service"} <= set(nothing.json()["detail"].replace("`", " ").split())
    for query in ({"service": "zzz"}, {"subject": "app_0193", "service": "zzz"}):
        unknown = await asked(shared_platform, **query)
        assert (unknown.status_code, unknown.json()["code"]) == (400, "filter-value-unknown")
        assert "service" in unknown.json()["detail"]


@pytest.mark.asyncio(loop_scope="module")
async def test_an_id_without_a_prefix_is_found_in_the_service_that_is_named(shared_platform: Platform) -> None:
    player = Player(shared_platform.client, load_demo(), story="test", report=lambda _: None)
    await stages.set_up_province(player)
    found = await asked(shared_platform, who="office", subject="AG-370102", service="applications")
    assert [(row["subject_type"], row["action"]) for row in found.json()["items"]] == [("agencies", "enter")]


@pytest.mark.asyncio(loop_scope="module")
async def test_only_the_office_and_the_observers_read_it(shared_platform: Platform) -> None:
    for service in SERVICES:
        statuses = {
            who: (await asked(shared_platform, who, service=service.name)).status_code
            for who in ("observer", "office", "applicant", "expert", "partner", "department", "administrator")
        }
        assert {who for who, status in statuses.items() if status == 200} == {"observer", "office"}
        assert {status for who, status in statuses.items() if who not in {"observer", "office"}} == {403}
