"""A command that loses a race is tried again by us; when it keeps losing it is refused, and the caller may retry."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from applications_service.rules.agencies.model import Agency, AgencyKind
from applications_service.service import SERVICE
from common.kernel.values.numbers import Count
from common.service import Service
from common.storage.refusals import ChangedMeanwhile, TakenMeanwhile
from common.web.requests import MOST_TRIES
from common.web.resources import Resource
from common.web.router import Router, Work
from support.service.alone import Alone, alone

WHO = "administrator|OPS"
router = Router("agencies")
tries: list[int] = []


class Named(Resource):
    """An agency."""

    id: str


@router.command("/counted", allow={"administrator"}, shows=Named)
async def enter_counted_agency(work: Work) -> Agency:
    """Enter an agency under a number that is counted, as no command may do it."""
    tries.append(1)
    number = len(await work.rows(Agency.__table__.select()))
    return _entered(work, f"AG-{number}")


@router.command("/lost/{times}", allow={"administrator"}, shows=Named)
async def enter_agency_at_last(times: Count, work: Work) -> Agency:
    """Lose so many races before the agency is entered."""
    tries.append(1)
    agency = _entered(work, "AG-LOST")
    await work.flush()
    if len(tries) <= times:
        raise ChangedMeanwhile
    return agency


def _entered(work: Work, code: str) -> Agency:
    agency = Agency(
        id=code, kind=AgencyKind.COUNTY, name="区局", division="370102", parent=None, created_at=work.system_now
    )
    agency.enter()
    return work.add(agency)


LOSING = Service(
    name=SERVICE.name, package=SERVICE.package, metadata=SERVICE.metadata, records=SERVICE.records, routers=(router,)
)


@pytest.fixture
async def service(database_url: str, tmp_path: Path) -> AsyncIterator[Alone]:
    """A service whose commands lose races."""
    tries.clear()
    async with alone(LOSING, database_url, tmp_path) as running:
        yield running


async def test_four_that_count_the_same_number_all_get_one_in_the_end(service: Alone) -> None:
    answers = await asyncio.gather(*(service.send("POST", "/v1/agencies/counted", who=WHO) for _ in range(4)))

    assert sorted(answer.json()["id"] for answer in answers) == ["AG-0", "AG-1", "AG-2", "AG-3"]


async def test_nothing_of_a_lost_try_remains(service: Alone) -> None:
    answer = await service.send("POST", "/v1/agencies/lost/3", who=WHO)  # the most that one of four writers can lose

    assert (answer.status_code, answer.json()["id"], len(tries)) == (201, "AG-LOST", 4)
    assert len(await service.rows("agencies")) == 1
    assert [row["action"] for row in await service.rows("audit")] == ["enter"]


async def test_what_keeps_losing_is_refused_as_retryable(service: Alone) -> None:
    answer = await service.send("POST", f"/v1/agencies/lost/{MOST_TRIES}", who=WHO)

    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (409, "changed-meanwhile", True)
    assert len(tries) == MOST_TRIES
    assert await service.rows("agencies") == []
    assert await service.rows("idempotency") == []


def test_every_refusal_of_a_lost_race_is_retryable() -> None:
    assert [kind.retryable for kind in (ChangedMeanwhile, TakenMeanwhile)] == [True, True]
