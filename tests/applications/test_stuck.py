"""No live row is written that neither a desk, a term nor another noun takes further."""

from datetime import date
from typing import Any

import pytest

from applications_service.intake.applications.model import Application
from applications_service.intake.applications.storage import applications
from applications_service.standing.holdings.model import Holding
from common.contracts.registry.brands import BrandState
from common.kernel.actor import SYSTEM
from common.kernel.model import Aggregate
from registry_service.register.brands.lifecycle import LIFECYCLE
from support.casts import applying
from support.service.alone import Alone


async def store(service: Alone, row: Aggregate) -> None:
    """Write a row as a command would, with a record of it."""
    row.note("plant")
    async with service.runtime.transaction(actor=SYSTEM, correlation=service.runtime.own_correlation()) as work:
        work.add(row)


def undesked(state: str) -> Application:
    return applying.new_application(state, waits_for=None)


def title_to_come() -> Holding:
    values: dict[str, Any] = dict.fromkeys(
        ("number", "honour", "applicant_id", "uscc", "holder_name", "category", "scope"), "some"
    )
    return Holding(
        id="brd_1", application_id="app_1", trademark=None, models=[], valid_until=date(2018, 1, 1),
        state=BrandState.PENDING_EFFECT, **values,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "recommended", "supplement_requested"])
async def test_a_live_application_on_nobodys_desk_is_not_written(on_sqlite: Alone, state: str) -> None:
    with pytest.raises(ValueError, match="app_1 is on nobody's desk: no live row may be stuck"):
        await store(on_sqlite, undesked(state))
    assert await on_sqlite.rows("applications") == []


async def test_a_change_that_no_move_records_is_seen_too(on_sqlite: Alone) -> None:
    await store(on_sqlite, applying.new_application("submitted"))

    with pytest.raises(ValueError, match="is on nobody's desk"):
        async with on_sqlite.runtime.transaction(actor=SYSTEM, correlation=on_sqlite.runtime.own_correlation()) as work:
            (await work.get(applications, "app_1")).wait(None)


async def test_what_has_ended_or_waits_through_another_noun_needs_no_desk(on_sqlite: Alone) -> None:
    await store(on_sqlite, undesked("accepted"))
    assert [row["state"] for row in await on_sqlite.rows("applications")] == ["accepted"]


async def test_a_copy_of_another_services_state_is_not_judged_by_its_table(on_sqlite: Alone) -> None:
    assert BrandState.PENDING_EFFECT in LIFECYCLE.waits
    await store(on_sqlite, title_to_come())
    assert [row["state"] for row in await on_sqlite.rows("holdings")] == ["pending_effect"]
