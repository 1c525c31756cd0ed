"""The programme's limit of recommendations holds when a whole county is recommended at the same instant.

`RECOMMENDATIONS=400` makes so many at once; without it 40. The limit is three quarters of them.
"""

import asyncio
import os
from collections import Counter
from typing import Any, Final

import pytest
from sqlalchemy import insert

from common.contracts.applications.applications import ApplicationRecommended
from support.casts import programmes
from support.casts.applying import (
    APPLICANT,
    COUNTY,
    HONOUR,
    OFFICE,
    PERIOD,
    begin,
    complete,
    do,
    enter_agencies,
    made,
    publish_definition,
    read,
    register,
)
from support.casts.reviewing import uscc
from support.service.alone import Alone

AT_ONCE: Final = int(os.environ.get("RECOMMENDATIONS", "40"))
LIMIT: Final = AT_ONCE * 3 // 4
OPINION: Final = {"opinion": "同意推荐。"}
REACHED: Final = "recommendation-limit-reached"


async def submitted(service: Alone) -> list[str]:
    """Store so many submitted applications of one county, as copies of one that was submitted; returns their ids."""
    await enter_agencies(service)
    definition = programmes.definition(HONOUR)
    definition["recommendation"][0]["limit"] = LIMIT
    programme = await publish_definition(service, definition)
    body = {"programme_id": programme["id"], "year": 2015, **PERIOD}
    round_ = await made(service, "/v1/rounds", body, OFFICE)
    await register(service)
    first = (await begin(service, round_["id"]))["id"]
    await complete(service, first)
    await do(service, first, "submissions", APPLICANT)
    firms = [uscc(1_000 + number) for number in range(1, AT_ONCE)]
    ids = [f"app_01506b3a-7c00-7000-8000-{number:012d}" for number in range(1, AT_ONCE)]
    named = [{"id": f"apl_{firm}", "org": firm, "org_key": firm, "uscc": firm} for firm in firms]
    await copy(service, "applicants", named)
    cases = [
        {"id": one, "applicant_id": f"apl_{firm}", "applicant": firm, "uscc": firm, "receipt_number": one}
        for one, firm in zip(ids, firms, strict=True)
    ]
    await copy(service, "applications", cases)
    return [first, *ids]


async def copy(service: Alone, table: str, changes: list[dict[str, Any]]) -> None:
    """Store copies of a table's only row, each with its changes."""
    (row,) = await service.rows(table)
    async with service.runtime.storage.database.write() as connection:
        await connection.execute(insert(service.service.metadata.tables[table]), [row | each for each in changes])
        await connection.commit()


@pytest.mark.timeout(600)
async def test_of_a_county_s_recommendations_at_once_exactly_the_limit_is_stored(service: Alone) -> None:
    ids = await submitted(service)
    sends = [
        service.send("POST", f"/v1/applications/{one}/recommendations", OPINION, who=f"{COUNTY}|person-{number}")
        for number, one in enumerate(ids)
    ]

    answers = await asyncio.gather(*sends)

    found = Counter((one.status_code, one.json().get("code")) for one in answers)
    assert found == {(201, None): LIMIT, (409, REACHED): AT_ONCE - LIMIT}
    stored = {row["application_id"] for row in await service.rows("recommendations")}
    on_next_desk = {row["id"] for row in await service.rows("applications") if row["waits_for"] == "recommender:370100"}
    published = {one["key"] for one in await service.published(ApplicationRecommended)}
    assert stored == on_next_desk == published
    assert len(stored) == LIMIT
    refused = next(one for one, answer in zip(ids, answers, strict=True) if answer.status_code == 409)
    assert (await read(service, refused, COUNTY))["state"] == "submitted"

    back = next(iter(stored))
    await do(service, back, "returns", "recommender|SD-370100|370100", {"reason": "材料有误。"})
    after = await service.send("POST", f"/v1/applications/{refused}/recommendations", OPINION, who=COUNTY)
    assert after.status_code == 201, "a place is free again while an application is back with its applicant"
